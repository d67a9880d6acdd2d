import type { JsonObject } from "../terms/json.ts";
import type { SteeringHabits } from "./target-habits.ts";

/**
 * The member of a caller's body, or the suffix of the model's name, by which it would choose who answers or what that
 * costs; `undefined` where there is none. Null is as good as absent.
 *
 * @param model the model's name as the caller wrote it; suffixes are told whatever their case, also one before another
 */
export function steeringMember(
  kind: SteeringHabits,
  body: JsonObject,
  model: string | undefined,
): string | undefined {
  const steering = kind.steering.find(({ member, harmless }) => {
    const value = Object.hasOwn(body, member) ? (body[member] ?? null) : null;
    if (value === null) return false;
    return !(typeof value === "string" && (harmless ?? []).includes(value));
  });
  if (steering !== undefined) return steering.member;
  const name = `${model?.toLowerCase() ?? ""}:`;
  return kind.steeringSuffixes.find((suffix) => name.includes(`${suffix.toLowerCase()}:`));
}
