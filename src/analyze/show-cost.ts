import { bucketName } from "../resolve/buckets.ts";
import type { Box } from "../resolve/classes/class-space.ts";
import type { Given } from "../resolve/fixed-view.ts";
import type { ResolveRequest } from "../terms/facts.ts";
import type { NanoUsd } from "../terms/money.ts";
import type { ChainSpec } from "../terms/program.ts";
import { topsOf, valuesIn } from "./box-values.ts";
import { type Outlay, reservedSum } from "./dearest-sum.ts";
import { type Evidence, type Replay, replay } from "./evidence.ts";
import type { Ground } from "./ground.ts";
import { isHard } from "./plan.ts";
import type { Region } from "./regions.ts";
import { boxHas, sampleIn } from "./sample-box.ts";

/** A request that is shown to be able to reserve so much; infinite where nobody knows how much. */
export interface ShownCost {
  readonly evidence: Evidence;
  readonly cost: number;
}

/** Looks in a box for a request whose dearest attempts together reserve more than a limit. */
export function showCost(
  ground: Ground,
  region: Region,
  box: Box,
  chain: ChainSpec,
  limit: NanoUsd,
  extent: "ordinary" | "any",
): ShownCost | undefined {
  const { request, at } = sampleIn(ground, box);
  const given: Given = at ? { nowMs: at.nowMs } : {};
  for (const size of sizes(ground, box, chain, extent)) {
    const evidence = { request: { ...request, ...size }, given };
    const shown = showIn(ground, region, box, chain, evidence, limit);
    if (shown) return shown;
  }
  return undefined;
}

function showIn(
  ground: Ground,
  region: Region,
  box: Box,
  chain: ChainSpec,
  evidence: Evidence,
  limit: NanoUsd,
): ShownCost | undefined {
  const seen = replay(ground, evidence);
  if (seen?.decision.route !== region.route.name) return undefined;
  const minute = ground.linked.minuteOfWeek(evidence.given.nowMs ?? 0);
  if (!boxHas(box, ground.space.classify(seen.facts, minute))) return undefined;
  const states = [evidence.given, ...exhausted(ground, seen, evidence.given)];
  for (const given of states) {
    const again = replay(ground, { ...evidence, given });
    const cost = again ? reserved(ground, again, chain, given.nowMs) : 0;
    if (cost > limit) return { evidence: { ...evidence, given }, cost };
  }
  return undefined;
}

/** What the targets that are tried can reserve together. */
function reserved(ground: Ground, { tried, facts }: Replay, chain: ChainSpec, nowMs = 0): number {
  const minute = ground.linked.minuteOfWeek(nowMs);
  const hard = ground.linked.ceilings.filter(
    ({ spec, matches }) => isHard(spec) && spec.per === "request" && matches(facts, minute),
  );
  const outlays = tried.map(({ target, worstCost, settings }): Outlay => {
    const counted = hard.filter(({ admits }) => admits(target)).map(({ spec }) => spec);
    return {
      cost: worstCost ?? Number.POSITIVE_INFINITY,
      times: 1 + settings.retry.maxRetries,
      counted: new Set(counted),
    };
  });
  return reservedSum(outlays, chain.maxAttempts);
}

/** States in which a ceiling that adds a chain has nothing left. */
function exhausted(ground: Ground, { facts }: Replay, given: Given): readonly Given[] {
  return ground.program.ceilings
    .filter(({ exceeded }) => exceeded.kind === "use")
    .map((ceiling) => ({ ...given, spend: { [bucketName(ceiling, facts)]: ceiling.limit } }));
}

type SizeOfRequest = Pick<
  ResolveRequest,
  "inputTokens" | "inputTokensAtMost" | "outputTokens" | "answers"
>;

/**
 * Sizes worth a try, ordinary ones first: as long as windows take, as much output as there can be; then smaller ones,
 * for which hard ceilings have room.
 */
function* sizes(
  ground: Ground,
  box: Box,
  chain: ChainSpec,
  extent: "ordinary" | "any",
): Generator<SizeOfRequest> {
  const inputs = inputsIn(ground, box, chain);
  const outputs = outputsIn(ground, box);
  if (extent === "any") {
    for (const inputTokensAtMost of [longest(ground, chain), 1e6, 1e9]) {
      for (const output of outputs) yield* manyAnswers({ inputTokensAtMost, ...output });
    }
    for (const output of [...outputs, ...powers]) yield* manyAnswers(output);
    return;
  }
  for (const output of outputs) {
    for (const inputTokens of inputs) yield { inputTokens, ...output };
  }
  const [least = 0] = inputs;
  const small = { inputTokens: least, inputTokensAtMost: Math.max(1, least) };
  yield small;
  for (const output of powers) yield { ...small, ...output };
  for (const inputTokens of lengths) {
    yield { inputTokens, inputTokensAtMost: inputTokens, outputTokens: 1 };
  }
}

function* manyAnswers(size: SizeOfRequest): Generator<SizeOfRequest> {
  for (let answers = 1; answers < 2 ** 24; answers *= 2) {
    yield { ...size, ...(answers > 1 && { answers }) };
  }
}

/** Numbers of output tokens from 1 to a million. */
const powers: readonly SizeOfRequest[] = Array.from({ length: 11 }, (_, power) => ({
  outputTokens: 4 ** power,
}));

/** Lengths close enough to each other that twice the cost of one is more than that of the next. */
const lengths = Array.from({ length: 21 }, (_, power) => [2 ** power, 3 * 2 ** power]).flat();

function outputsIn(ground: Ground, box: Box): readonly SizeOfRequest[] {
  const tops = topsOf(ground, box, "outputTokens");
  const some = tops.flatMap((top) => (top === undefined ? [] : Math.min(top, 1_000_000)));
  const listed = [...new Set(some)].map((outputTokens) => ({ outputTokens }));
  return tops.includes(undefined) ? [{}, ...listed] : listed;
}

/** Lengths of input: the shortest, as long as four bytes a token may be for each window, and the longest. */
function inputsIn(ground: Ground, box: Box, chain: ChainSpec): readonly number[] {
  const [top = Number.MAX_SAFE_INTEGER] = topsOf(ground, box, "inputTokens");
  const [least = 0] = valuesIn(ground, box, "inputTokens").filter(
    (value) => typeof value === "number",
  );
  const windows = windowsOf(ground, chain);
  const lengths = [...windows.map((window) => Math.ceil(window / 4)), ...windows, 1_000_000_000];
  const inside = lengths.map((length) => Math.max(least, Math.min(top, length)));
  return [...new Set([least, ...inside])].sort((left, right) => left - right);
}

function longest(ground: Ground, chain: ChainSpec): number {
  return Math.max(0, ...windowsOf(ground, chain)) || 1_000_000_000;
}

function windowsOf({ program }: Ground, { steps }: ChainSpec): readonly number[] {
  const ids = steps.flatMap((step) => {
    if (step.kind === "target") return [step.entry.target];
    return step.kind === "pick" ? step.from.map(({ entry }) => entry.target) : [];
  });
  return ids.flatMap((id) => program.targets[id]?.window ?? []);
}
