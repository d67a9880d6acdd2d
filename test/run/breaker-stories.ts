import type { BreakerView } from "../../src/terms/view.ts";

/** A script: each word does one thing to the breaker, and each view or refusal it names is expected there. */
export type Step =
  | "ok"
  | "fail"
  | "release"
  | "take"
  | "refused"
  | "panic"
  | "panic refused"
  | `${string}: ${"ok" | "fail" | "release"}`
  | number
  | BreakerView["state"];

interface Story {
  readonly name: string;
  readonly steps: readonly Step[];
}

const opened: readonly Step[] = ["fail", "fail", "fail", "open"];

/**
 * What a breaker does, one sentence each, under the spec of `breaker-contract.ts`. A number passes so many milliseconds;
 * `take` and `panic` put a permit on the table, named `first`, `second` and so on, and `first: ok` ends it.
 */
export const stories: readonly Story[] = [
  { name: "it is closed at first", steps: ["closed"] },
  { name: "fewer failures than minFailures leave it closed", steps: ["fail", "fail", "closed"] },
  { name: "minFailures of them open it in the same tick", steps: ["fail", "fail", "fail", "open"] },
  {
    name: "a share of failures below errorRate leaves it closed however many there are",
    steps: [...Array(5).fill("ok"), ...Array(4).fill("fail"), "closed", "fail", "open"],
  },
  {
    name: "a share of exactly errorRate opens it",
    steps: ["ok", "ok", "ok", "fail", "fail", "fail", "open"],
  },
  { name: "a success never opens it", steps: ["fail", "fail", "ok", "ok", "closed"] },
  {
    name: "failures that have left the window do not count",
    steps: ["fail", "fail", 10_000, "fail", "closed"],
  },
  {
    name: "failures count until their tenth of the window has left it",
    steps: ["fail", "fail", 9_999, "fail", "open"],
  },
  {
    name: "an outcome counts when it arrives, not when its attempt began",
    steps: ["take", "take", "take", 60_000, "first: fail", "second: fail", "third: fail", "open"],
  },
  {
    name: "released permits are never counted",
    steps: [...Array(9).fill("release"), "fail", "fail", "closed", "fail", "open"],
  },
  {
    name: "an open breaker gives no permit",
    steps: [...opened, "refused", 4_999, "open", "refused"],
  },
  { name: "after the cool-down it is half-open", steps: [...opened, 5_000, "half-open"] },
  {
    name: "half-open admits one probe, and reads as open while it is out",
    steps: [...opened, 5_000, "take", "open", "refused", "refused"],
  },
  {
    name: "a probe's success closes it with an empty window",
    steps: [...opened, 5_000, "ok", "closed", "fail", "fail", "closed", "fail", "open"],
  },
  {
    name: "a probe's failure opens it for another cool-down",
    steps: [...opened, 5_000, "fail", "open", 4_999, "open", 1, "half-open", "ok", "closed"],
  },
  {
    name: "a released probe frees its place at once",
    steps: [
      ...opened,
      5_000,
      "take",
      "refused",
      "first: release",
      "half-open",
      "take",
      "second: ok",
      "closed",
    ],
  },
  {
    name: "a permit ends once: later words about it change nothing",
    steps: [
      "take",
      "first: ok",
      "first: fail",
      "first: fail",
      "first: fail",
      "first: fail",
      "closed",
    ],
  },
  {
    name: "a released permit cannot fail any more",
    steps: ["take", "first: release", "first: fail", "fail", "fail", "closed"],
  },
  {
    name: "outcomes of permits from before it opened are ignored while half-open",
    steps: [
      "take",
      "take",
      ...opened,
      5_000,
      "first: ok",
      "half-open",
      "second: fail",
      "half-open",
    ],
  },
  {
    name: "outcomes of permits from before it opened are ignored after it has closed again",
    steps: [
      "take",
      "take",
      "take",
      ...opened,
      5_000,
      "ok",
      "first: fail",
      "second: fail",
      "third: fail",
      "closed",
    ],
  },
  {
    name: "a stray success from before does not free a probe's place",
    steps: ["take", ...opened, 5_000, "take", "first: release", "refused", "second: ok", "closed"],
  },
  {
    name: "panic lets one probe a second through an open breaker",
    steps: [...opened, "panic", "panic refused", 999, "panic refused", 1, "panic", "open"],
  },
  {
    name: "a panic probe's success closes it with an empty window",
    steps: [...opened, "panic", "first: ok", "closed", "fail", "fail", "closed", 5_000, "closed"],
  },
  {
    name: "a panic probe's failure begins another cool-down",
    steps: [...opened, 3_000, "panic", "first: fail", 4_999, "open", 1, "half-open"],
  },
  {
    name: "a released panic probe leaves it open, and the next still waits its second",
    steps: [...opened, "panic", "first: release", "open", "panic refused", 1_000, "panic"],
  },
  {
    name: "a panic probe still out when the cool-down ends has the probe's place",
    steps: [...opened, 4_500, "panic", 500, "open", "refused", "first: ok", "closed"],
  },
  {
    name: "panic gets past a probe that hangs, after a second",
    steps: [
      ...opened,
      5_000,
      "take",
      "panic refused",
      1_000,
      "panic",
      "second: ok",
      "closed",
      "first: fail",
      "closed",
    ],
  },
  {
    name: "the first of two probes decides and the other is ignored",
    steps: [
      ...opened,
      "panic",
      1_000,
      "panic",
      "first: fail",
      "open",
      "second: ok",
      "open",
      5_000,
      "half-open",
    ],
  },
  {
    name: "panic on a closed breaker is an ordinary permit",
    steps: ["panic", "panic", "first: ok", "closed"],
  },
  {
    name: "panic on a half-open breaker is its probe",
    steps: [...opened, 5_000, "panic", "refused", "first: ok", "closed"],
  },
];
