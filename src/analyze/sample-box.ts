import { addClass, listClasses, noClasses } from "../resolve/classes/class-set.ts";
import type { Box } from "../resolve/classes/class-space.ts";
import type { FieldClasses } from "../resolve/classes/field-classes.ts";
import type { Sample } from "../resolve/classes/sample.ts";
import type { ResolveRequest } from "../terms/facts.ts";
import type { Ground } from "./ground.ts";

/** One class of each field, a plain one where there is a choice: what is absent, the first value listed, no needs. */
export function tupleIn({ space }: Ground, box: Box): readonly number[] {
  return space.fields.map((field, at) => {
    const set = box[at];
    const classes = set ? listClasses(set) : field.classes.map((_, index) => index);
    return plainest(field, classes);
  });
}

/** A request of a box, and the moment it comes at where the policy asks for the time; what goes without saying is left out. */
export function sampleIn(ground: Ground, box: Box): Sample {
  const sample = ground.space.sample(tupleIn(ground, box));
  return { ...sample, request: shortened(ground, sample.request) };
}

/** The same request in fewer words: without what stands for itself where nothing is said. */
export function shortened({ program }: Ground, request: ResolveRequest): ResolveRequest {
  const { api, stream, needs, inputTokens, attributes = {}, ...rest } = request;
  const said = Object.entries(attributes).filter(
    ([name, value]) => program.attributes[name]?.default !== value,
  );
  return {
    ...rest,
    ...(api !== undefined && api !== "chat" && { api }),
    ...(stream === true && { stream }),
    ...(needs !== undefined && needs.length > 0 && { needs }),
    ...(inputTokens !== undefined && inputTokens > 0 && { inputTokens }),
    ...(said.length > 0 && { attributes: Object.fromEntries(said) }),
  };
}

/** The box of the one tuple that {@link tupleIn} takes. */
export function cellOf(ground: Ground, box: Box): Box {
  const tuple = tupleIn(ground, box);
  return ground.space.fields.map(({ classes }, at) => {
    const set = noClasses(classes.length);
    addClass(set, tuple[at] ?? 0);
    return set;
  });
}

/** Tells whether a tuple of classes lies in a box. */
export function boxHas(box: Box, tuple: readonly number[]): boolean {
  for (let field = 0; field < box.length; field++) {
    const set = box[field];
    const index = tuple[field] ?? 0;
    if (set && (((set[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 0) return false;
  }
  return true;
}

function plainest({ field, classes }: FieldClasses, among: readonly number[]): number {
  const absent = among.find((index) => classes[index]?.value === undefined);
  return (field === "model" ? undefined : absent) ?? among[0] ?? 0;
}
