import { describe, expect, it } from "vitest";
import { parsePercentBound, percentText, reaches } from "../../src/testing/coverage/percentage.ts";
import { coverageReport } from "../../src/testing/coverage/report.ts";
import { suggestTests } from "../../src/testing/suggest/suggest.ts";
import { testText } from "../../src/testing/suggest/write-test.ts";
import { ready, results, smallPolicy } from "./support.ts";

async function coveredBy(lines: string, policy = smallPolicy): Promise<readonly string[]> {
  const { policy: written, linked } = ready(policy);
  const ran = await results(`  - name: t\n${lines.replace(/^/gm, "    ")}\n`, ready(policy));
  const { items } = coverageReport(written, linked, ran);
  return items.filter(({ by }) => by.length > 0).map(({ id }) => id);
}

const anything = "expect: { attempts: 1 }";

describe("coverage", () => {
  it("lists routes, the steps of all chains and ceilings by name and place", () => {
    const { policy, linked } = ready();
    const { items, covered, total } = coverageReport(policy, linked, []);
    expect(items.map(({ id }) => id)).toEqual([
      "route private",
      "route pinned",
      "route nobody",
      "route rest",
      "step home[0]",
      "step group[0].from[0]",
      "step group[0].from[1]",
      "step main[0]",
      "step main[1]",
      "step asked[0]",
      "step asked[1]",
      "ceiling day",
      "ceiling mine",
      "ceiling soft",
    ]);
    expect({ covered, total }).toEqual({ covered: 0, total: 14 });
  });

  it.for([
    {
      name: "the route and the step that answers",
      lines: anything,
      ids: ["route rest", "step main[0]"],
    },
    {
      name: "a route that denies",
      lines: `request: { model: nobody }\n${anything}`,
      ids: ["route nobody"],
    },
    {
      name: "the steps behind a failure, and the way to them",
      lines: `given: { faults: { "big:a": [auth] } }\n${anything}`,
      ids: ["route rest", "step group[0].from[1]", "step main[0]", "step main[1]"],
    },
    {
      name: "one member of a group alone",
      lines: `given: { breakers: { "big:a": open, "small:c": open } }\n${anything}`,
      ids: ["route rest", "step group[0].from[0]", "step main[1]"],
    },
    {
      name: "a step that stands for what the caller names",
      lines: `request: { model: "big:b" }\n${anything}`,
      ids: ["route pinned", "step asked[0]"],
    },
    {
      name: "the written step, where the caller's target is down",
      lines: `request: { model: "big:b" }\ngiven: { breakers: { "big:b": open } }\n${anything}`,
      ids: ["route pinned", "step asked[1]"],
    },
    {
      name: "a ceiling that refuses, with the chain that it leads to",
      lines: `given: { spend: { "mine{user=(none)}": $0.5 } }\n${anything}`,
      ids: ["route rest", "step home[0]", "ceiling mine"],
    },
    {
      name: "no ceiling that is only met",
      lines: `given: { spend: { day: $0.5, soft: $0.01 } }\n${anything}`,
      ids: ["route rest", "step main[0]"],
    },
    {
      name: "a soft ceiling that is passed",
      lines: `given: { spend: { soft: $0.1 } }\n${anything}`,
      ids: ["route rest", "step main[0]", "ceiling soft"],
    },
    {
      name: "nothing but its route, where every target is skipped",
      lines: `given: { spend: { day: $1 }, breakers: { "desk:a": open } }\n${anything}`,
      ids: ["route rest", "ceiling day"],
    },
  ])("counts $name", async ({ lines, ids }) => expect(await coveredBy(lines)).toEqual(ids));

  it("tells steps apart that lead to the same target", async () => {
    const twice = smallPolicy
      .replace('home: ["desk:a"]', 'home: ["desk:a"]\n  other: ["desk:a"]')
      .replace("use: home }\n  - { name: pinned", "use: other }\n  - { name: pinned");
    expect(
      await coveredBy(`request: { attributes: { data: private } }\n${anything}`, twice),
    ).toEqual(["route private", "step other[0]"]);
  });
});

describe("a share of coverage", () => {
  it.for([
    { covered: 9999, total: 10_000, text: "99.99%" },
    { covered: 99_999, total: 100_000, text: "99.99%" },
    { covered: 3, total: 3, text: "100%" },
    { covered: 1, total: 3, text: "33.33%" },
    { covered: 0, total: 7, text: "0%" },
  ])("of $covered in $total is $text", ({ text, ...share }) =>
    expect(percentText(share)).toBe(text),
  );

  it.for([
    { covered: 99_999, total: 100_000, bound: "100", isReached: false },
    { covered: 100_000, total: 100_000, bound: "100", isReached: true },
    { covered: 1, total: 3, bound: "33.3333", isReached: true },
    { covered: 1, total: 3, bound: "33.3334", isReached: false },
    { covered: 0, total: 3, bound: "0", isReached: true },
  ])("of $covered in $total against $bound: $isReached", ({ bound, isReached, ...share }) => {
    const parsed = parsePercentBound(bound);
    expect(parsed && reaches(share, parsed)).toBe(isReached);
  });

  it.for(["101", "-1", "1e2", "100.1", "", "x", "1.23456"])("is not bound by `%s`", (text) => {
    expect(parsePercentBound(text)).toBeUndefined();
  });
});

describe("suggested tests", () => {
  const policies = [
    { name: "the small policy", text: smallPolicy },
    {
      name: "one whose ceiling refuses long answers",
      text: smallPolicy.replace("limit: $1,", "limit: $0.009,"),
    },
    {
      name: "one of several ways to a route",
      text: smallPolicy.replace(
        "{ data: private }",
        "{ anyOf: [{ data: private, stream: true }, { inputTokens: { gte: 9k }, needs: { all: [tools] } }] }",
      ),
    },
  ];

  it.for(policies)(
    "cover $name wholly, pass as they are written, and cover what they say",
    async ({ text }) => {
      const { policy, linked } = ready(text);
      const { items } = coverageReport(policy, linked, []);
      const suggestions = suggestTests(policy, linked, items);
      const ran = await results(suggestions.map(testText).join(""), ready(text));
      expect(ran.map(({ diff }) => diff)).toEqual(suggestions.map(() => []));
      const after = coverageReport(policy, linked, ran);
      expect(after.items.filter(({ by }) => by.length === 0).map(({ id }) => id)).toEqual([]);
      for (const [index, { items: promised }] of suggestions.entries()) {
        const result = ran[index];
        const own = result ? coverageReport(policy, linked, [result]).items : [];
        const covered = own.filter(({ by }) => by.length > 0).map(({ id }) => id);
        expect(covered).toEqual(expect.arrayContaining(promised.map(({ id }) => id)));
      }
    },
  );

  it("are none for what no request can put to use", () => {
    const dead = smallPolicy.replace(
      "  - { name: rest, use: main }",
      "  - { name: rest, use: main }\n  - { name: dead, use: home }",
    );
    const { policy, linked } = ready(dead);
    const items = coverageReport(policy, linked, []).items.filter(({ id }) => id === "route dead");
    expect(items).toHaveLength(1);
    expect(suggestTests(policy, linked, items)).toEqual([]);
  });
});
