import { listClasses } from "../../resolve/classes/class-set.ts";
import { type Box, type ClassSpace, encode } from "../../resolve/classes/class-space.ts";
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

/** How many requests are looked at for each condition, round after round: in a long policy each has its turn soon. */
const rounds = [
  { from: 0, to: 8 },
  { from: 8, to: 400 },
] as const;

/**
 * Requests that between them meet the conditions of a policy's routes and ceilings, as plain as they come: one for each
 * combination of what the conditions can tell apart, as far as the count reaches, and with each kind of target that
 * callers may name.
 */
export function* witnesses(linked: Linked): Generator<Witness> {
  const { program } = linked;
  const conditions = [...program.routes, ...program.ceilings].map(({ when }) => when);
  const space = encode(program, conditions);
  const models = namedTargets(linked);
  for (const { from, to } of rounds) {
    for (const condition of conditions) {
      for (const witness of take(meeting(space, condition, program), from, to)) {
        yield witness;
        for (const model of models) yield { ...witness, request: { ...witness.request, model } };
      }
    }
  }
}

function* take<T>(all: Iterable<T>, from: number, to: number): Generator<T> {
  let at = 0;
  for (const each of all) {
    if (at >= to) return;
    if (at >= from) yield each;
    at += 1;
  }
}

function* meeting(space: ClassSpace, condition: Condition, program: Program): Generator<Witness> {
  for (const box of space.boxesOf(condition) ?? []) {
    for (const tuple of tuples(space, box)) {
      const { request, at } = space.sample(tuple);
      const plain = withoutDefaults(program, request);
      yield at ? { request: plain, nowMs: at.nowMs } : { request: plain };
    }
  }
}

/** The same request with nothing said that holds anyway. */
function withoutDefaults(program: Program, request: ResolveRequest): ResolveRequest {
  const { attributes = {}, api, stream, needs, inputTokens, ...rest } = request;
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
