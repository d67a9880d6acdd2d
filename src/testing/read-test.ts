import { drawOf, type Given as GivenView } from "../resolve/fixed-view.ts";
import type { ResolveRequest } from "../terms/facts.ts";
import { parseUsd } from "../terms/money.ts";
import { parseDurationMs, parseSize } from "../terms/quantity.ts";
import type { Expect, Given, Request, Test } from "./policy-test.generated.ts";
import { type CostBound, defaultMomentMs, type PolicyTest, type TestWorld } from "./policy-test.ts";

/** Reads a test of the right shape: amounts, sizes and moments as numbers. */
export function readTest({ name, request, given, expect }: Test, index: number): PolicyTest {
  const { cost, ...rest } = expect;
  return {
    name,
    index,
    request: readRequest(request ?? {}),
    given: readWorld(given ?? {}),
    expect: { ...rest, ...(cost !== undefined && { cost: readCost(cost) }) },
  };
}

const sizes = ["inputTokens", "inputTokensAtMost", "outputTokens"] as const;

function readRequest(request: Request): ResolveRequest {
  const read: Record<string, unknown> = { ...request };
  for (const name of sizes) {
    const written = request[name];
    if (written !== undefined) read[name] = quantity(parseSize(written));
  }
  return read as ResolveRequest;
}

function readWorld({
  at,
  seed,
  spend,
  firstOutput,
  withoutKey,
  faults,
  ...rest
}: Given): TestWorld {
  const view: GivenView = {
    ...rest,
    ...(spend && { spend: readEach(spend, parseUsd) }),
    ...(firstOutput && { firstOutputMs: readEach(firstOutput, parseDurationMs) }),
    ...(withoutKey && { withoutCredential: withoutKey }),
  };
  return {
    ...view,
    nowMs: at === undefined ? defaultMomentMs : Date.parse(at),
    draw: drawOf(seed ?? 0),
    faults: new Map(Object.entries(faults ?? {})),
  };
}

function readEach(
  written: Readonly<Record<string, string>>,
  parse: (text: string) => number | undefined,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(written).map(([name, text]) => [name, quantity(parse(text))]),
  );
}

function readCost(written: NonNullable<Expect["cost"]>): CostBound {
  const amount = written.replace(/^<= ?/, "");
  const kind = amount === written ? "exactly" : "at most";
  return { kind, nano: quantity(parseUsd(amount)) };
}

function quantity(value: number | undefined): number {
  if (value === undefined) throw new TypeError("a quantity that was not checked");
  return value;
}
