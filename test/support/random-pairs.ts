import fc from "fast-check";
import type { Program } from "../../src/terms/program.ts";
import { anyMatch, programOf } from "./random-program.ts";

/** A small policy as it is written. */
interface Sketch {
  readonly routes: readonly object[];
  readonly ceilings: readonly object[];
  readonly price: string;
  readonly fee: string | undefined;
  readonly window: number;
  readonly can: readonly string[];
  readonly main: readonly unknown[];
  readonly group: unknown;
  readonly maxOutputTokens: number | undefined;
  readonly admits: readonly string[];
  readonly team: object;
  readonly extra: object | undefined;
}

const action = fc.constantFrom(
  { use: "main" },
  { use: "group" },
  { use: "asked" },
  { deny: "not here" },
  { deny: "not now" },
);
const route = fc
  .tuple(fc.constantFrom("r0", "r1", "r2", "r3", "r4", "r5"), anyMatch, action)
  .map(([name, match, act]) => ({ name, match, ...act }));
const routes = fc.uniqueArray(route, {
  selector: ({ name }) => name,
  minLength: 1,
  maxLength: 4,
});
const ceiling = fc.record(
  {
    name: fc.constantFrom("c0", "c1"),
    limit: fc.constantFrom("$0.01", "$5"),
    per: fc.constantFrom("request", "day"),
    match: anyMatch,
    target: fc.constantFrom("far:*", "*"),
    exceeded: fc.constantFrom("deny", "warn", { use: "main" }, { use: "group" }),
  },
  { requiredKeys: ["name", "limit", "per"] },
);
const ceilings = fc.uniqueArray(ceiling, { selector: ({ name }) => name, maxLength: 2 });
const mains = fc.uniqueArray(fc.constantFrom("box:llama", "far:gpt-4o", "far:b", "far:free"), {
  minLength: 1,
  maxLength: 3,
});
const member = fc.constantFrom(
  "far:gpt-4o",
  { target: "far:gpt-4o", weight: 2 },
  { target: "far:gpt-4o", weight: 4 },
);
const group = fc
  .tuple(
    fc.constantFrom(
      { pick: "weighted" },
      { pick: "weighted", by: "user" },
      { pick: "cheapest" },
      { pick: "fastest" },
    ),
    member,
    fc.constantFrom("far:b", { target: "far:b", weight: 2 }),
  )
  .map(([pick, one, other]) => ({ ...pick, from: [one, other] }));
const team = fc.constantFrom(
  { values: ["free", "paid"], default: "free" },
  { values: ["free", "paid"], default: "paid" },
  { values: ["free", "paid"] },
  { values: ["free", "paid", "gold"], default: "free" },
  { type: "string" },
  { type: "string", default: "free" },
);

const sketch: fc.Arbitrary<Sketch> = fc.record({
  routes,
  ceilings,
  price: fc.constantFrom("$1", "$2"),
  fee: fc.constantFrom(undefined, undefined, "5.5%"),
  window: fc.constantFrom(3, 5),
  can: fc.constantFrom(["tools"], ["tools", "vision"]),
  main: mains,
  group,
  maxOutputTokens: fc.constantFrom(undefined, 50, 60),
  admits: fc.constantFrom(["far:*"], ["far:gpt*", "box:a*"], ["box:*"]),
  team,
  extra: fc.constantFrom(undefined, undefined, { values: ["x", "y"], default: "x" }),
});

function policyOf(each: Sketch): object {
  const { price, fee, window, can } = each;
  return {
    version: 1,
    providers: {
      box: { kind: "sandbox" },
      far: { kind: "sandbox", api: ["chat"], ...(fee && { fee }) },
    },
    models: {
      "box:*": { price: { input: "$0", output: "$0" } },
      "far:gpt-4o": { price: { input: price, output: "$10" }, window, can },
      "far:b": { price: { input: "$1", output: "$1" }, maxOutput: 100 },
    },
    attributes: {
      team: each.team,
      score: { type: "number" },
      ...(each.extra && { extra: each.extra }),
    },
    routes: each.routes,
    chains: {
      main: each.main,
      group: {
        ...(each.maxOutputTokens !== undefined && { maxOutputTokens: each.maxOutputTokens }),
        steps: [each.group, "box:llama"],
      },
      asked: [{ requested: each.admits }, "far:b"],
    },
    ceilings: each.ceilings,
  };
}

/** One edit of a policy, as people make them. */
const edit: fc.Arbitrary<(before: Sketch, other: Sketch) => Sketch> = fc.oneof(
  fc
    .constantFrom<keyof Sketch>("ceilings", "price", "fee", "window", "can", "main", "group")
    .map((key) => (before: Sketch, other: Sketch) => ({ ...before, [key]: other[key] })),
  fc
    .constantFrom<keyof Sketch>("maxOutputTokens", "admits", "team", "extra")
    .map((key) => (before: Sketch, other: Sketch) => ({ ...before, [key]: other[key] })),
  fc.constant((before: Sketch) => ({ ...before, routes: before.routes.toReversed() })),
  fc.constant((before: Sketch) => ({
    ...before,
    routes: before.routes.length > 1 ? before.routes.slice(1) : before.routes,
  })),
  fc.constant((before: Sketch, other: Sketch) => {
    const names = new Set(before.routes.map((each) => (each as { name: string }).name));
    const more = other.routes.filter((each) => !names.has((each as { name: string }).name));
    return { ...before, routes: [...more, ...before.routes] };
  }),
  fc.constant((before: Sketch, other: Sketch) => {
    const [first = {}, ...rest] = before.routes;
    const { name } = first as { name: string };
    return { ...before, routes: [{ ...other.routes[0], name }, ...rest] };
  }),
  fc.constant((before: Sketch) => before),
  fc.constant((_: Sketch, other: Sketch) => other),
);

/** Two small policies, the second an edit of the first. */
export const anyPair: fc.Arbitrary<readonly [Program, Program]> = fc
  .tuple(sketch, sketch, fc.array(edit, { minLength: 1, maxLength: 2 }))
  .map(([before, other, edits]) => {
    return [before, edits.reduce((each, change) => change(each, other), before)] as const;
  })
  .map(([before, after]) => [programOf(policyOf(before)), programOf(policyOf(after))] as const);
