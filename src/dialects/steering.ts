import type { JsonObject } from "../terms/json.ts";
import type { SteeringHabits } from "./target-habits.ts";

/**
 * What of a caller's request would choose who answers or what that costs: members of the body, then suffixes of the
 * model's name. Null is as good as absent.
 *
 * @param model the model's name as the caller wrote it; suffixes are told whatever their case, also one before another
 */
export function steeringMembers(
  kind: SteeringHabits,
  body: JsonObject,
  model: string | undefined,
): readonly string[] {
  const members = kind.steering.filter(({ member, harmless }) => {
    const value = Object.hasOwn(body, member) ? (body[member] ?? null) : null;
    if (value === null) return false;
    return !(typeof value === "string" && (harmless ?? []).includes(value));
  });
  const name = `${model?.toLowerCase() ?? ""}:`;
  const suffixes = kind.steeringSuffixes.filter((suffix) =>
    name.includes(`${suffix.toLowerCase()}:`),
  );
  return [...members.map(({ member }) => member), ...suffixes];
}
