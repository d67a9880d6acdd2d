import { type Attempt, costOf, type Size } from "./refused.ts";

/**
 * Tells whether one attempt surely costs no more than another, whatever the request: a token in and a token out cost no
 * more, and neither do as many as either takes. Where rates step up with the input it is not sure.
 */
export function neverDearer(one: Attempt, other: Attempt): boolean {
  if (hasSteps(one) || hasSteps(other) || hasFee(one) !== hasFee(other)) return false;
  return corners.every((size) => {
    const mine = costOf(one, size);
    const theirs = costOf(other, size);
    return mine !== undefined && theirs !== undefined && mine <= theirs;
  });
}

const most = 1e12;

const corners: readonly Size[] = [
  { api: "chat", inputTokens: 1, inputTokensAtMost: 1, outputTokens: 0, answers: 1 },
  { api: "chat", inputTokens: most, inputTokensAtMost: most, outputTokens: 0, answers: 1 },
  { api: "chat", inputTokens: 0, inputTokensAtMost: 0, outputTokens: 1, answers: 1 },
  { api: "chat", inputTokens: 0, inputTokensAtMost: 0, outputTokens: most, answers: 1 },
  { api: "chat", inputTokens: 0, inputTokensAtMost: 0, outputTokens: undefined, answers: 1 },
];

function hasSteps({ target: { spec } }: Attempt): boolean {
  return Object.values(spec.price ?? {}).some((rate) => typeof rate === "object" && rate.tiers);
}

function hasFee({ target: { spec } }: Attempt): number {
  return spec.price?.perRequest ?? 0;
}
