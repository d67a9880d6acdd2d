/** Headers of a provider that a caller may see: how to read the body, ids to ask about, and what is left of limits. */
const allowed =
  /^(content-type|retry-after|retry-after-ms|(x-)?request-id|(x-)?ratelimit-.+|openai-(processing-ms|version|model)|anthropic-(ratelimit-.+|request-id|version))$/;

/**
 * The headers of a provider's response that a caller gets.
 *
 * A list of what is allowed, not of what is not: cookies, the provider's account, its servers, and the length and
 * encoding of bytes that have been decoded since stay behind.
 */
export function callerHeaders(headers: Headers): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const [name, value] of headers) if (allowed.test(name)) kept[name] = value;
  return kept;
}
