import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import type { SteeringHabits } from "./target-habits.ts";

/**
 * What of a caller's request would choose who answers or what that costs: members of the body, then suffixes and other
 * parts of the model's name. Null is as good as absent.
 *
 * @param model the model's name as the caller wrote it; what steers in it is told whatever its case, also one suffix
 *   before another
 */
export function steeringMembers(
  kind: SteeringHabits,
  body: JsonObject,
  model: string | undefined,
): readonly string[] {
  const members = kind.steering.filter(({ member, harmless }) => {
    const value = memberAt(body, member) ?? null;
    if (value === null) return false;
    return !(typeof value === "string" && (harmless ?? []).includes(value));
  });
  const name = `${model?.toLowerCase() ?? ""}:`;
  const suffixes = kind.steeringSuffixes.filter((suffix) => {
    const part = suffix.toLowerCase();
    return name.includes(part.endsWith("/") ? part : `${part}:`);
  });
  return [...members.map(({ member }) => member), ...suffixes];
}

/** The value of a member, or of a member of a member by its path. */
function memberAt(body: JsonObject, path: string): JsonValue | undefined {
  if (Object.hasOwn(body, path)) return body[path];
  const [outer = "", inner] = path.split(".", 2);
  const object = Object.hasOwn(body, outer) ? body[outer] : undefined;
  if (inner === undefined || !isJsonObject(object)) return undefined;
  return Object.hasOwn(object, inner) ? object[inner] : undefined;
}
