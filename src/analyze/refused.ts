import { candidateOf } from "../resolve/candidate.ts";
import { addClass, type ClassSet, noClasses } from "../resolve/classes/class-set.ts";
import type { Box } from "../resolve/classes/class-space.ts";
import type { LinkedTarget } from "../resolve/link.ts";
import type { Facts } from "../terms/facts.ts";
import type { NanoUsd } from "../terms/money.ts";
import type { CeilingSpec, ChainSpec, EntrySpec, FieldName } from "../terms/program.ts";
import { intersections } from "./box.ts";
import type { Ground } from "./ground.ts";

/** One attempt that could be made: a target with the settings and the output limit it would have. */
export interface Attempt {
  readonly chain: ChainSpec;
  readonly entry: EntrySpec;
  readonly target: LinkedTarget;
}

/** The part of a request that its cost depends on. */
export interface Size {
  readonly api: Facts["api"];
  readonly inputTokens: number;
  readonly inputTokensAtMost: number;
  readonly outputTokens: number | undefined;
  readonly answers: number;
  /** Whether the request asks for a larger window than the model has by itself. */
  readonly liftsWindow?: boolean;
}

/** The most that one attempt for a request of this size can cost; `undefined` where nobody knows. */
export function costOf({ chain, entry, target }: Attempt, size: Size): NanoUsd | undefined {
  const { outputTokens, liftsWindow, ...rest } = size;
  const facts: Facts = {
    ...rest,
    stream: false,
    needs: [],
    attributes: {},
    ...(outputTokens !== undefined && { outputTokens }),
    ...(liftsWindow && { liftsWindow }),
  };
  return candidateOf(facts, chain, entry, target, undefined).worstCost;
}

/** What a ceiling is asked about. */
export interface Asked {
  /** Only what has no price counts as refused, not what costs more than the limit. */
  readonly unpricedOnly?: boolean;
  /** The least tokens that a request has: none, or one as every real request. */
  readonly least?: 0 | 1;
}

/**
 * The requests for which a hard ceiling refuses an attempt whatever has been spent: those whose cost nobody knows, or is
 * above the whole limit.
 */
export function refusedBoxes(
  ground: Ground,
  attempt: Attempt,
  ceiling: CeilingSpec,
  asked: Asked = {},
): readonly Box[] {
  const { unpricedOnly = false, least = 0 } = asked;
  const { chain, entry } = attempt;
  const key = JSON.stringify([ceiling.name, chain.name, entry.target, unpricedOnly, least]);
  const known = ground.refused.get(key) ?? refusedNow(ground, attempt, ceiling, asked);
  ground.refused.set(key, known);
  return known;
}

function refusedNow(
  ground: Ground,
  attempt: Attempt,
  ceiling: CeilingSpec,
  { unpricedOnly = false, least = 0 }: Asked,
): readonly Box[] {
  const meeting = ground.boxesOf(ceiling.when) ?? [];
  const isRefused = (size: Size) => {
    const cost = costOf(attempt, size);
    if (cost === undefined) return true;
    return !unpricedOnly && cost > ceiling.limit;
  };
  return intersections(meeting, cells(ground, isRefused, least));
}

/** The boxes of the sizes for which even the cheapest request is refused. Costs rise with either count of tokens. */
function cells(ground: Ground, isRefused: (size: Size) => boolean, least: 0 | 1): readonly Box[] {
  const inputs = counts(ground, "inputTokens", 0);
  // A limit of 0 on the output is no limit, so that 1 is the least.
  const outputs = counts(ground, "outputTokens", 1);
  const boxes: Box[] = [];
  for (const api of ["chat", "embeddings"] as const) {
    for (const output of outputs) {
      const refused = inputs.filter((input) => {
        const inputTokens = input.least ?? 0;
        const inputTokensAtMost = Math.max(least, inputTokens);
        const size = { api, inputTokens, inputTokensAtMost, outputTokens: output.least };
        return isRefused({ ...size, answers: 1 });
      });
      if (refused.length === 0) continue;
      let box = ground.everything;
      if (refused.length < inputs.length) {
        box = narrowed(ground, box, "inputTokens", refused);
      }
      if (outputs.length > 1) box = narrowed(ground, box, "outputTokens", [output]);
      boxes.push(withApis(ground, box, api));
    }
  }
  return boxes;
}

/** A class of a count of tokens: its least member, of at least the floor if it has one; `undefined` where it is absent. */
interface Count {
  readonly index: number;
  readonly least: number | undefined;
}

function counts(
  { space }: Ground,
  field: "inputTokens" | "outputTokens",
  floor: 0 | 1,
): readonly Count[] {
  const known = space.fields.find((each) => each.field === field);
  // What no condition mentions may be anything: the least that a real request has.
  if (!known) return [{ index: 0, least: floor }];
  return known.classes.map(({ value }, index) => {
    if (typeof value !== "number") return { index, least: undefined };
    const next = known.classes[index + 1]?.value;
    const isZeroAlone = value === 0 && next === 1;
    const least = isZeroAlone ? 0 : Math.max(floor, value);
    return { index, least };
  });
}

function narrowed(ground: Ground, box: Box, field: FieldName, classes: readonly Count[]): Box {
  return withClasses(ground, box, field, (index) => classes.some((each) => each.index === index));
}

/** Embeddings write no output, so they are apart; the other formats cost the same. */
function withApis(ground: Ground, box: Box, api: "chat" | "embeddings"): Box {
  const known = ground.space.fields.find(({ field }) => field === "api");
  const isWanted = (index: number) =>
    (known?.classes[index]?.value === "embeddings") === (api === "embeddings");
  return withClasses(ground, box, "api", isWanted);
}

/** A box narrowed to some classes of a field; the box itself where no condition mentions the field. */
export function withClasses(
  { space }: Ground,
  box: Box,
  field: FieldName,
  isWanted: (index: number) => boolean,
): Box {
  const at = space.fields.findIndex((each) => each.field === field);
  const known = space.fields[at];
  if (!known) return box;
  const set: ClassSet = noClasses(known.classes.length);
  for (const index of known.classes.keys()) if (isWanted(index)) addClass(set, index);
  return box.with(at, set);
}
