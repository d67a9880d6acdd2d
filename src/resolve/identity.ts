import type { AttributeValue, ResolveRequest } from "../terms/facts.ts";
import type { KeySpec, Program } from "../terms/program.ts";

/** Who says what a request is about, and when. */
export interface Said {
  /**
   * `program` is trusted with all, as an argument in-process is; a `caller` may say neither another project than its
   * key's nor what only a key may. Default: `program`.
   */
  readonly by?: "program" | "caller";
  /** Epoch milliseconds; without it no key has expired. */
  readonly nowMs?: number | undefined;
}

export type Identified =
  /** The request with what its key says. */
  | { readonly kind: "request"; readonly request: ResolveRequest }
  /** The caller says what it may not. */
  | { readonly kind: "forbidden"; readonly why: string };

/**
 * Applies the key that a request names: its project, and the attributes that it sets where the request does not say them.
 * A key that the policy does not declare says nothing.
 */
export function identify(program: Program, request: ResolveRequest, said: Said = {}): Identified {
  const key = declaredKey(program, request.key);
  const why = refusal(program, request, key, said);
  if (why !== undefined) return { kind: "forbidden", why };
  if (!key || Array.isArray(request.attributes)) return { kind: "request", request };
  const project = request.project ?? key.project;
  const attributes = { ...key.set, ...request.attributes };
  return {
    kind: "request",
    request: { ...request, ...(project !== undefined && { project }), attributes },
  };
}

function declaredKey({ keys }: Program, name: unknown): KeySpec | undefined {
  return typeof name === "string" && Object.hasOwn(keys, name) ? keys[name] : undefined;
}

function refusal(
  program: Program,
  request: ResolveRequest,
  key: KeySpec | undefined,
  { by = "program", nowMs }: Said,
): string | undefined {
  if (key?.expiresMs !== undefined && nowMs !== undefined && nowMs >= key.expiresMs) {
    return `the key \`${key.name}\` has expired`;
  }
  if (by === "program") return undefined;
  const { project } = request;
  if (!key && request.key !== undefined && Object.keys(program.keys).length > 0) {
    return `the key \`${request.key}\` is not declared in this policy`;
  }
  if (key?.project !== undefined && project !== undefined && project !== key.project) {
    return `the key \`${key.name}\` is of another project than \`${project}\``;
  }
  return saidOfKeys(program, request.attributes ?? {}, key);
}

/** What a caller says of an attribute that only a key may set, and that its key does not say. */
function saidOfKeys(
  { attributes }: Program,
  said: Readonly<Record<string, AttributeValue>>,
  key: KeySpec | undefined,
): string | undefined {
  for (const [name, value] of Object.entries(said)) {
    const spec = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (spec?.setBy !== "key") continue;
    if (!key) return `attribute \`${name}\` is set by a key, not by the caller`;
    const known = Object.hasOwn(key.set, name) ? key.set[name] : spec.default;
    if (value === known) continue;
    return `attribute \`${name}\` is set by the key \`${key.name}\`, and not to \`${String(value)}\``;
  }
  return undefined;
}
