/** One provider entry of a policy and one model of it, `provider:model`; the model part is opaque. */
export type TargetId = `${string}:${string}`;

/** Joins a provider entry's name and a model's name. */
export function targetId(provider: string, model: string): TargetId {
  return `${provider}:${model}`;
}

/**
 * Splits at the first colon: `groq:llama-3.3` is provider `groq`, model `llama-3.3`; colons and slashes after it stay.
 *
 * @returns `undefined` where there is no colon or a side is empty.
 */
export function splitTarget(
  text: string,
): { readonly provider: string; readonly model: string } | undefined {
  const colon = text.indexOf(":");
  if (colon < 1 || colon === text.length - 1) return undefined;
  return { provider: text.slice(0, colon), model: text.slice(colon + 1) };
}
