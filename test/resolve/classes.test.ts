import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWeekClock } from "../../src/resolve/calendar.ts";
import { listClasses } from "../../src/resolve/classes/class-set.ts";
import { type Box, type ClassSpace, encode } from "../../src/resolve/classes/class-space.ts";
import { globClasses } from "../../src/resolve/classes/glob-classes.ts";
import { momentOf } from "../../src/resolve/classes/week-moment.ts";
import { matcherOf } from "../../src/resolve/condition.ts";
import { readFacts } from "../../src/resolve/facts.ts";
import type { Facts, ResolveRequest } from "../../src/terms/facts.ts";
import { globTest } from "../../src/terms/glob.ts";
import type { Condition, FieldName, Program, Test } from "../../src/terms/program.ts";
import {
  anyCondition,
  anyGlob,
  anyMatchedRequest,
  anyMinute,
  anyText,
  programWith,
} from "../support/random-condition.ts";

const conditions = fc.array(anyCondition, { minLength: 1, maxLength: 5 });

function factsOf(program: Program, request: ResolveRequest): Facts {
  const outcome = readFacts(program, request);
  if (outcome.kind === "problem") throw new TypeError(outcome.problems.join("; "));
  return outcome.facts;
}

/** Tells whether a tuple of classes lies in one of the boxes. */
function inBoxes(boxes: readonly Box[] | undefined, tuple: readonly number[]): boolean {
  return (boxes ?? []).some((box) =>
    box.every((set, at) => !set || listClasses(set).includes(tuple[at] ?? -1)),
  );
}

/** A tuple for each seed: class `seed` of the first field, the next of the next, and so on. */
function tupleOf({ fields }: ClassSpace, seed: number): readonly number[] {
  return fields.map(({ classes }, at) => Math.floor(seed / 7 ** at + seed * at) % classes.length);
}

const plainTest = { values: [], globs: [], present: false, absent: false, not: false };

function inTest(parts: Partial<Extract<Test, { kind: "in" }>>): Test {
  return { kind: "in", ...plainTest, ...parts };
}

/** The labels of the classes of a field under some tests of it. */
function labelsOf(field: FieldName, ...tests: readonly Test[]): readonly string[] {
  const whens = tests.map((test): Condition => ({ fields: [{ field, test }] }));
  const [only] = encode(programWith(whens), whens).fields;
  return (only?.classes ?? []).map(({ label }) => label);
}

describe("the classes of a policy's conditions", () => {
  it("holds a request to the boxes of a condition exactly when the condition holds", () =>
    fc.assert(
      fc.property(
        conditions,
        fc.array(anyMatchedRequest, { minLength: 10, maxLength: 10 }),
        anyMinute,
        (whens, requests, minute) => {
          const program = programWith(whens);
          const space = encode(program, whens);
          const boxes = whens.map(space.boxesOf);
          const matchers = whens.map(matcherOf);
          for (const request of requests) {
            const facts = factsOf(program, request);
            const tuple = space.classify(facts, minute);
            expect(inBoxes(space.impossible, tuple)).toBe(false);
            whens.forEach((_, at) => {
              expect(inBoxes(boxes[at], tuple)).toBe(matchers[at]?.(facts, minute));
            });
          }
        },
      ),
      { numRuns: 300 },
    ));

  it("has a request for every possible tuple of classes, at a moment where time matters", () =>
    fc.assert(
      fc.property(
        conditions,
        fc.array(fc.nat(1_000_000), { minLength: 8, maxLength: 8 }),
        fc.constantFrom("UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York"),
        (whens, seeds, timezone) => {
          const program = programWith(whens, timezone);
          const space = encode(program, whens);
          for (const seed of seeds) {
            const tuple = tupleOf(space, seed);
            const { request, at } = space.sample(tuple);
            const minute = at ? createWeekClock(timezone)(at.nowMs) : 0;
            expect(at?.minute ?? 0).toBe(minute);
            const is = expect(space.classify(factsOf(program, request), minute));
            if (inBoxes(space.impossible, tuple)) is.not.toEqual(tuple);
            else is.toEqual(tuple);
          }
        },
      ),
      { numRuns: 300 },
    ));

  it("names only the fields that conditions mention", () => {
    const when: Condition = {
      fields: [{ field: "user", test: inTest({ values: ["ann"] }) }],
      anyOf: [{ fields: [{ field: "model", test: inTest({ globs: ["gpt-*"] }) }] }],
    };
    const { fields } = encode(programWith([when]), [when]);
    expect(fields.map(({ field }) => field)).toEqual(["model", "user"]);
  });

  it.for<{ name: string; field: FieldName; tests: readonly Test[]; are: readonly string[] }>([
    {
      name: "keeps a listed value apart from its globs, absent apart from any other",
      field: "model",
      tests: [inTest({ values: ["gpt-4o"] }), inTest({ globs: ["gpt-*", "*-mini"] })],
      are: ["gpt-4o", "any other", "like *-mini", "like gpt-*", "like gpt-* and *-mini", "absent"],
    },
    {
      name: "sees that one glob may not hold without another",
      field: "model",
      tests: [inTest({ globs: ["gpt-*", "gpt-4*"] })],
      are: ["any other", "like gpt-*", "like gpt-* and gpt-4*", "absent"],
    },
    {
      name: "sees texts too short for a glob of two sides",
      field: "model",
      tests: [inTest({ globs: ["ab*", "*ba", "ab*ba"] })],
      are: [
        "any other",
        "like *ba",
        "like ab*",
        "like ab* and *ba and ab*ba",
        "like ab* and *ba",
        "absent",
      ],
    },
    {
      name: "leaves out a set of globs whose only text is listed",
      field: "model",
      tests: [inTest({ globs: ["ab*", "*ba", "ab*ba"], values: ["aba"] })],
      are: ["aba", "any other", "like *ba", "like ab*", "like ab* and *ba and ab*ba", "absent"],
    },
    {
      name: "splits whole numbers at bounds, in one way for `gt 4` and `gte 5`",
      field: "inputTokens",
      tests: [
        { kind: "range", gte: 5 },
        { kind: "range", gt: 4, lt: 9 },
      ],
      are: ["below 5", "at least 5, below 9", "at least 9"],
    },
    {
      name: "makes a listed number a class, and keeps absent output limits apart",
      field: "outputTokens",
      tests: [inTest({ values: [0, 7] })],
      are: ["0", "at least 1, below 7", "7", "at least 8", "absent"],
    },
    {
      name: "closes the formats of a request",
      field: "api",
      tests: [inTest({ values: ["chat"] })],
      are: ["chat", "messages", "embeddings"],
    },
    {
      name: "lets no attribute with a default be absent",
      field: "attributes.data",
      tests: [inTest({ absent: true })],
      are: ["public", "private"],
    },
    {
      name: "takes each need that is mentioned as there or not",
      field: "needs",
      tests: [{ kind: "needs", all: ["tools"], any: [], none: ["vision"] }],
      are: ["no tools, no vision", "tools, no vision", "no tools, vision", "tools, vision"],
    },
  ])("$name", ({ field, tests, are }) => {
    expect(labelsOf(field, ...tests)).toEqual(are);
  });

  it("knows what a declared key fills in, and keeps declared keys apart", () => {
    const absent = inTest({ absent: true });
    const whens: readonly Condition[] = [
      { fields: [{ field: "key", test: inTest({ values: ["vip"] }) }] },
      { fields: [{ field: "project", test: absent }] },
      { fields: [{ field: "attributes.team", test: absent }] },
      { fields: [{ field: "attributes.tag", test: absent }] },
    ];
    const { fields, impossible } = encode(programWith(whens), whens);
    const labels = impossible.map((box) =>
      fields.flatMap(({ field, classes }, at) => {
        const set = box[at];
        const named = set ? listClasses(set).map((index) => classes[index]?.label) : [];
        return named.map((label) => `${field} ${label}`);
      }),
    );
    expect(labels).toEqual([
      ["project absent", "key a"],
      ["key ab", "attributes.team absent"],
    ]);
    expect(labelsOf("key", inTest({ values: ["vip"] }))).toEqual([
      "vip",
      "a",
      "ab",
      "x",
      "any other",
      "absent",
    ]);
  });

  it("says nothing of globs too many to keep apart, and all of what has none", () => {
    const globs = Array.from({ length: 400 }, (_, at) => [`p${at}-*`, `*-s${at}`]).flat();
    const globbed: Condition = { fields: [{ field: "model", test: inTest({ globs }) }] };
    const listed: Condition = { fields: [{ field: "model", test: inTest({ values: ["a"] }) }] };
    const space = encode(programWith([globbed, listed]), [globbed, listed]);
    expect(space.boxesOf(globbed)).toBeUndefined();
    expect(space.boxesOf(listed)).toHaveLength(1);
    expect(space.fields[0]?.classes.map(({ label }) => label)).toEqual([
      "a",
      "any other",
      "absent",
    ]);
  });
});

describe("the sets of globs that can hold together", () => {
  const members = (globs: readonly string[], text: string) =>
    globs.flatMap((glob, at) => (globTest(glob)(text) ? [at] : [])).join(" ");

  it("are met by their samples, each set once", () =>
    fc.assert(
      fc.property(fc.uniqueArray(anyGlob, { maxLength: 6 }), (globs) => {
        const found = globClasses(globs, new Set()) ?? [];
        for (const each of found) expect(members(globs, each.sample)).toBe(each.members.join(" "));
        expect(new Set(found.map((each) => each.members.join(" "))).size).toBe(found.length);
      }),
      { numRuns: 1000 },
    ));

  it("leave out nothing that a text meets, and list nothing that only listed texts meet", () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(anyGlob, { maxLength: 6 }),
        fc.uniqueArray(anyText, { maxLength: 4 }),
        fc.array(anyText, { minLength: 50, maxLength: 50 }),
        (globs, values, texts) => {
          const listed = new Set(values);
          const found = globClasses(globs, listed) ?? [];
          const keys = new Set(found.map((each) => each.members.join(" ")));
          for (const text of texts.filter((each) => !listed.has(each))) {
            expect(keys).toContain(members(globs, text));
          }
          for (const { sample } of found) expect(listed).not.toContain(sample);
        },
      ),
      { numRuns: 1000 },
    ));
});

describe("the moment of a minute of the week", () => {
  it.for(["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"])(
    "shows that minute on the clocks of %s",
    (timezone) => {
      const clock = createWeekClock(timezone);
      for (let minute = 0; minute < 10_080; minute += 97) {
        expect(clock(momentOf(timezone, minute))).toBe(minute);
      }
    },
  );

  it("passes over no minute in any zone", () => {
    for (const timezone of Intl.supportedValuesOf("timeZone")) {
      const week = momentOf(timezone, 10_080) - momentOf(timezone, 0);
      expect(week, timezone).toBe(7 * 86_400_000);
    }
  });
});
