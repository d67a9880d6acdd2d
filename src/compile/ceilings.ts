import type { Ceiling, Policy } from "../policy/policy.generated.ts";
import { listOf } from "../policy/shapes.ts";
import type { CeilingSpec } from "../terms/program.ts";
import { compileMatch, fieldName } from "./conditions.ts";
import { quantity } from "./quantities.ts";

/** Compiles the ceilings, in file order. */
export function compileCeilings(policy: Policy): readonly CeilingSpec[] {
  return (policy.ceilings ?? []).map(compileCeiling);
}

function compileCeiling({ name, limit, per, each, match, target, exceeded }: Ceiling): CeilingSpec {
  return {
    name,
    limit: quantity.usd(limit),
    per,
    each: (each ?? []).map(fieldName),
    when: compileMatch(match),
    ...(target !== undefined && { targets: listOf(target) }),
    exceeded: compileExceeded(exceeded),
  };
}

function compileExceeded(exceeded: Ceiling["exceeded"]): CeilingSpec["exceeded"] {
  if (typeof exceeded === "object") return { kind: "use", chain: exceeded.use };
  return { kind: exceeded ?? "deny" };
}
