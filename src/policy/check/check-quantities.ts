import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { describeValue } from "../../diagnostics/quote.ts";
import { isJsonObject } from "../../terms/json.ts";
import { formatUsd, maxNanoUsd, parseUsd } from "../../terms/money.ts";
import { parseDurationMs, parsePercentPpm, parseSize } from "../../terms/quantity.ts";
import { policyDefaults } from "../defaults.ts";
import type { Path } from "../loaded-policy.ts";
import { atValue, type Subject } from "./subject.ts";

/** Finds quantities that are written well and make no sense: a timeout of 0, an error rate of 200%, a range that is empty. */
export function* checkQuantities(subject: Subject): Generator<Diagnostic> {
  for (const { key, value, path } of quantities(subject.policy, [])) {
    const bound = broken(key, value);
    if (bound === undefined) continue;
    yield atValue(subject, path, ["SB107", `expected ${bound}, found ${describeValue(value)}`]);
  }
  yield* checkDelays(subject);
  yield* checkFaults(subject);
  yield* checkTimezone(subject);
}

interface Quantity {
  readonly key: string;
  readonly value: string;
  readonly path: Path;
}

/** Members that hold names, tests or anything at all, and no quantities. */
const withoutQuantities = new Set([
  "params",
  "labels",
  "match",
  "attributes",
  "routes",
  "steps",
  "from",
  "given",
  "only",
  "never",
  "keys",
]);

function* quantities(value: unknown, path: Path): Generator<Quantity> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* quantities(item, [...path, index]);
  } else if (isJsonObject(value)) {
    for (const [key, inner] of Object.entries(value)) yield* member(key, inner, path);
  }
}

function* member(key: string, value: unknown, path: Path): Generator<Quantity> {
  const isText = typeof value === "string";
  if (isText) yield { key, value, path: [...path, key] };
  if (isText || (withoutQuantities.has(key) && !isChosen(path))) return;
  yield* quantities(value, [...path, key]);
}

/** Whether the keys of a map are names that policies choose: those of `chains`, `providers` and their like. */
function isChosen(path: Path): boolean {
  return path.length === 1 && path[0] !== "defaults";
}

/** Members that hold money; elsewhere a dollar is a letter like any other. */
const amounts = new Set([
  "limit",
  "maxCost",
  "input",
  "output",
  "cacheRead",
  "cacheWrite",
  "inputAudio",
  "outputAudio",
  "perRequest",
]);

const longestMs = 24 * 3_600_000;

const positiveDurations = new Set([
  "connect",
  "headers",
  "firstOutput",
  "answer",
  "idle",
  "total",
  "coolDown",
  "maxDelay",
]);
const durations = new Set([...positiveDurations, "minDelay", "latency", "window"]);
const sizes = new Set(["window", "maxOutput", "maxOutputTokens"]);

/** What the value should have been; `undefined` where nothing is wrong with it. */
function broken(key: string, value: string): string | undefined {
  if (amounts.has(key) && value.startsWith("$")) {
    return parseUsd(value) === undefined ? `at most $${formatUsd(maxNanoUsd)}` : undefined;
  }
  if (key === "errorRate")
    return within(parsePercentPpm(value), 1, 1_000_000, "more than 0% and at most 100%");
  const ms = durations.has(key) ? parseDurationMs(value) : undefined;
  if (ms !== undefined) {
    const least = positiveDurations.has(key) || key === "window" ? 1 : 0;
    return within(
      ms,
      least,
      longestMs,
      least === 1 ? "more than 0 and at most 24h" : "at most 24h",
    );
  }
  return sizes.has(key)
    ? within(parseSize(value), 1, Number.MAX_SAFE_INTEGER, "at least 1")
    : undefined;
}

function within(
  value: number | undefined,
  least: number,
  most: number,
  words: string,
): string | undefined {
  return value === undefined || (value >= least && value <= most) ? undefined : words;
}

function* checkDelays(subject: Subject): Generator<Diagnostic> {
  for (const [name, retry] of Object.entries(subject.policy.retries ?? {})) {
    const least = retry.minDelay ?? policyDefaults.retry.minDelay;
    const most = retry.maxDelay ?? policyDefaults.retry.maxDelay;
    if ((parseDurationMs(least) ?? 0) <= (parseDurationMs(most) ?? 0)) continue;
    const path = ["retries", name, retry.minDelay === undefined ? "maxDelay" : "minDelay"];
    yield atValue(subject, path, [
      "SB107",
      `expected \`minDelay\` of at most \`maxDelay\`, found ${least} and ${most}`,
    ]);
  }
}

function* checkFaults(subject: Subject): Generator<Diagnostic> {
  for (const [name, provider] of Object.entries(subject.policy.providers)) {
    if (provider.kind !== "sandbox" || provider.fail === undefined) continue;
    const faults = Array.isArray(provider.fail) ? provider.fail : [provider.fail];
    for (const [index, { from = 1, to }] of faults.entries()) {
      if (to === undefined || to >= from) continue;
      const path = [
        "providers",
        name,
        "fail",
        ...(Array.isArray(provider.fail) ? [index] : []),
        "to",
      ];
      yield atValue(subject, path, [
        "SB107",
        `expected at least ${from} (\`from\`), found ${describeValue(to)}`,
      ]);
    }
  }
}

function* checkTimezone(subject: Subject): Generator<Diagnostic> {
  const { timezone } = subject.policy;
  if (timezone === undefined) return;
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
  } catch {
    const message = `expected a time zone such as \`Europe/Berlin\`, found ${describeValue(timezone)}`;
    yield atValue(subject, ["timezone"], ["SB104", message]);
  }
}
