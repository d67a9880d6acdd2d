import { Temporal } from "temporal-polyfill";
import type { DigestSource, Key, Policy } from "../policy/policy.generated.ts";
import type { DigestRef, KeySpec } from "../terms/program.ts";

/** Compiles the keys that callers present, by name. */
export function compileKeys(policy: Policy, timezone: string): Record<string, KeySpec> {
  const compiled = (policy.keys ?? []).map((key) => [key.name, compileKey(key, timezone)] as const);
  return Object.fromEntries(compiled);
}

function compileKey({ name, sha256, project, set, expires }: Key, timezone: string): KeySpec {
  return {
    name,
    sha256: digestRef(sha256),
    ...(project !== undefined && { project }),
    set: { ...set },
    ...(expires !== undefined && { expiresMs: beginningOf(expires, timezone) }),
  };
}

function digestRef(source: DigestSource): DigestRef {
  if (typeof source === "string") return { digest: source.toLowerCase() };
  const { env, default: fallback } = source;
  return { env, ...(fallback !== undefined && { default: fallback.toLowerCase() }) };
}

/** The first moment of a day, in epoch milliseconds; where the clock leaves midnight out, the first one after it. */
function beginningOf(date: string, timezone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(timezone).epochMilliseconds;
}
