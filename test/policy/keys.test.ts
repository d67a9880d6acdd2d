import { describe, expect, it } from "vitest";
import { load, policyText } from "./support.ts";

const digest = "0123456789abcdef".repeat(4);

function keyed(keys: string, sections: Parameters<typeof policyText>[0] = {}): string {
  return policyText({
    attributes: "{ team: { values: [free, paid], setBy: key }, level: { type: number } }",
    keys: `[${keys}]`,
    routes: "[{ name: paid, match: { team: paid, level: 1 }, deny: no }, { name: all, use: main }]",
    ...sections,
  });
}

describe("keys", () => {
  it.for([
    ["an unknown attribute", `{ name: k, sha256: ${digest}, set: { tea: paid } }`, "SB204 tea"],
    ["a built-in field", `{ name: k, sha256: ${digest}, set: { project: x } }`, "SB204 project"],
    [
      "a prototype's member",
      `{ name: k, sha256: ${digest}, set: { constructor: x } }`,
      "SB204 constructor",
    ],
    [
      "a value that is not listed",
      `{ name: k, sha256: ${digest}, set: { team: pro } }`,
      "SB205 pro",
    ],
    ["a value of another type", `{ name: k, sha256: ${digest}, set: { level: "1" } }`, 'SB205 "1"'],
    ["a list for a value", `{ name: k, sha256: ${digest}, set: { team: [paid] } }`, "SB103 team"],
    ["nothing to set", `{ name: k, sha256: ${digest}, set: {} }`, "SB109 set"],
    [
      "a project that no request could have",
      `{ name: k, sha256: ${digest}, project: ${"p".repeat(257)} }`,
      `SB107 ${"p".repeat(257)}`,
    ],
    ["no digest", "{ name: k }", "SB102 name"],
    ["a digest that is too short", "{ name: k, sha256: abc123 }", "SB702 abc123"],
    ["a default that is no digest", "{ name: k, sha256: { env: K, default: x } }", "SB702 x"],
    ["a file", "{ name: k, sha256: { file: x } }", "SB101 file"],
    [
      "a key of a provider",
      `{ name: k, sha256: sk-${"a1".repeat(16)} }`,
      `SB702 sk-${"a1".repeat(16)}`,
    ],
    [
      "a month with too few days",
      `{ name: k, sha256: ${digest}, expires: "2027-02-29" }`,
      'SB107 "2027-02-29"',
    ],
    [
      "a thirteenth month",
      `{ name: k, sha256: ${digest}, expires: 2027-13-01 }`,
      "SB107 2027-13-01",
    ],
    [
      "a day with an hour",
      `{ name: k, sha256: ${digest}, expires: "2027-06-30T00:00Z" }`,
      'SB104 "2027-06-30T00:00Z"',
    ],
    ["two of a name", `{ name: k, sha256: ${digest} }, { name: k, sha256: { env: K } }`, "SB209 k"],
    [
      "two of a variable",
      "{ name: k, sha256: { env: K } }, { name: j, sha256: { env: K } }",
      "SB209 { env: K }",
    ],
  ] as const)("%s", ([, keys, found]) => {
    expect(load(keyed(keys)).found).toEqual([found]);
  });

  it("never repeats what may be the key", () => {
    const { messages, help } = load(keyed("{ name: k, sha256: open-sesame }"));
    expect(JSON.stringify([messages, help])).not.toContain("sesame");
  });

  it("takes a digest in either case, a leap day, and a variable that is not set", () => {
    const one = `{ name: a, sha256: ${digest.toUpperCase()}, expires: 2028-02-29 }`;
    expect(load(keyed(`${one}, { name: b, sha256: { env: NOT_SET } }`)).found).toEqual([]);
  });

  it("makes a ceiling for each of its values one that cannot be evaded", () => {
    const ceilings = "[{ name: c, limit: $1, per: day, each: [team] }]";
    const key = `{ name: k, sha256: ${digest} }`;
    expect(load(keyed(key, { ceilings })).found).toEqual([]);
    const said = "{ team: { values: [free, paid], setBy: caller }, level: { type: number } }";
    expect(load(keyed(key, { ceilings, attributes: said })).found).toEqual(["SB504 each"]);
  });
});
