import { type Ground, groundOf } from "../../analyze/ground.ts";
import { reachOf } from "../../analyze/reach.ts";
import { sampleIn, shortened } from "../../analyze/sample-box.ts";
import { listClasses } from "../../resolve/classes/class-set.ts";
import type { Box, ClassSpace } from "../../resolve/classes/class-space.ts";
import type { Sample } from "../../resolve/classes/sample.ts";
import type { Linked } from "../../resolve/link.ts";
import type { ResolveRequest } from "../../terms/facts.ts";
import { isGlob } from "../../terms/glob.ts";
import type { AdmitSpec, Condition, Program } from "../../terms/program.ts";
import { targetId } from "../../terms/target.ts";

/** A request, and the moment it comes at where the policy asks for the time. */
export interface Witness {
  readonly request: ResolveRequest;
  readonly nowMs?: number;
}

/** The combinations that are looked at for each condition at first, and after all: each has its turn soon. */
const few = { from: 0, to: 8 };
const many = { from: 8, to: 400 };

/**
 * Requests that between them meet the conditions of a policy's routes and ceilings, as plain as they come: a few
 * combinations of what each condition can tell apart, then one that gets to each route, as the analysis finds it, then
 * more combinations. Each comes also with every kind of target that callers may name.
 */
export function* witnesses(linked: Linked): Generator<Witness> {
  const ground = groundOf(linked);
  const models = namedTargets(linked);
  const named = (witness: Witness) =>
    models.map((model) => ({ ...witness, request: { ...witness.request, model } }));
  for (const found of [meeting(ground, few), reaching(ground), meeting(ground, many)]) {
    for (const witness of found) {
      yield witness;
      yield* named(witness);
    }
  }
}

function* reaching(ground: Ground): Generator<Witness> {
  for (const index of ground.program.routes.keys()) {
    const reach = reachOf(ground, index);
    if (reach.kind === "reached") yield witnessOf(ground, sampleIn(ground, reach.box));
  }
}

function* meeting(ground: Ground, stretch: typeof few): Generator<Witness> {
  const { routes, ceilings } = ground.program;
  for (const { when } of [...routes, ...ceilings]) {
    for (const tuple of slice(tuplesOf(ground, when), stretch)) {
      yield witnessOf(ground, ground.space.sample(tuple));
    }
  }
}

function* slice<T>(all: Iterable<T>, { from, to }: typeof few): Generator<T> {
  let at = 0;
  for (const each of all) {
    if (at >= to) return;
    if (at >= from) yield each;
    at += 1;
  }
}

function witnessOf(ground: Ground, { request, at }: Sample): Witness {
  const plain = shortened(ground, request);
  return at ? { request: plain, nowMs: at.nowMs } : { request: plain };
}

function* tuplesOf({ space, boxesOf }: Ground, condition: Condition): Generator<readonly number[]> {
  for (const box of boxesOf(condition) ?? []) yield* tuples(space, box);
}

/** The combinations of classes in a box; the field that changes fastest is the first, and each begins with its plainest. */
function* tuples(space: ClassSpace, box: Box): Generator<readonly number[]> {
  const choices = space.fields.map(({ classes }, field) => {
    const set = box[field];
    const among = set ? listClasses(set) : classes.map((_, index) => index);
    const isPlain = (index: number) => classes[index]?.value === undefined;
    return [...among.filter(isPlain), ...among.filter((index) => !isPlain(index))];
  });
  const at = choices.map(() => 0);
  for (;;) {
    yield choices.map((classes, field) => classes[at[field] ?? 0] ?? 0);
    const field = at.findIndex((index, each) => index + 1 < (choices[each]?.length ?? 0));
    if (field === -1) return;
    at[field] = (at[field] ?? 0) + 1;
    at.fill(0, 0, field);
  }
}

/** A target for each pattern under a `requested` step. */
function namedTargets(linked: Linked): readonly string[] {
  const admits = Object.values(linked.program.chains).flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === "requested" ? step.admits : [])),
  );
  return [...new Set(admits.map((admit) => namedTarget(linked, admit)))];
}

function namedTarget({ program, catalog }: Linked, { provider, model }: AdmitSpec): string {
  if (!isGlob(model)) return targetId(provider, model);
  const [before = "", after = ""] = model.split("*");
  const admitted = (name: string) =>
    name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after);
  const known = catalog.models(kindOf(program, provider)).find(admitted);
  return targetId(provider, known ?? `${before}some-model${after}`);
}

function kindOf({ providers }: Program, provider: string): string {
  return providers[provider]?.kind ?? "";
}
