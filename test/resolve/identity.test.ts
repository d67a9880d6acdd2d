import { describe, expect, it } from "vitest";
import { readFacts } from "../../src/resolve/facts.ts";
import type { Said } from "../../src/resolve/identity.ts";
import type { ResolveRequest } from "../../src/terms/facts.ts";
import { programOf } from "../support/random-program.ts";

const policy = {
  version: 1,
  timezone: "Europe/Berlin",
  providers: { near: { kind: "sandbox" }, far: { kind: "sandbox" } },
  attributes: {
    team: { values: ["free", "paid"], default: "free", setBy: "key" },
    level: { type: "number", setBy: "key" },
    data: { values: ["public", "private"] },
  },
  keys: [
    {
      name: "ci",
      sha256: "AB".repeat(32),
      project: "research",
      set: { team: "paid", data: "private" },
      expires: "2027-03-28",
    },
    { name: "cd", sha256: { env: "CD_SHA256", default: "CD".repeat(32) } },
    { name: "env", sha256: { env: "ENV_SHA256" } },
  ],
  routes: [{ name: "all", use: "main" }],
  chains: { main: ["near:a", "far:a"] },
};

const program = programOf(policy);
const beforeMs = Date.parse("2027-03-27T22:59:59.999Z");

interface Case {
  readonly name: string;
  readonly request: ResolveRequest;
  readonly said?: Said;
  /** What the facts say, or the words of a refusal. */
  readonly is: object | string;
}

const caller = { by: "caller", nowMs: beforeMs } as const;

const cases: readonly Case[] = [
  {
    name: "a key says its project and attributes",
    request: { key: "ci" },
    said: caller,
    is: { key: "ci", project: "research", attributes: { team: "paid", data: "private" } },
  },
  {
    name: "a key that says nothing leaves the defaults",
    request: { key: "cd", project: "x" },
    said: caller,
    is: { key: "cd", project: "x", attributes: { team: "free" } },
  },
  {
    name: "a caller may say what is said already",
    request: { key: "ci", project: "research", attributes: { team: "paid" } },
    said: caller,
    is: { project: "research", attributes: { team: "paid", data: "private" } },
  },
  {
    name: "a caller may say the default that its key leaves",
    request: { key: "cd", attributes: { team: "free" } },
    said: caller,
    is: { attributes: { team: "free" } },
  },
  {
    name: "a caller has the last word on what is not the key's alone",
    request: { key: "ci", attributes: { data: "public" } },
    said: caller,
    is: { attributes: { team: "paid", data: "public" } },
  },
  {
    name: "without a key, nothing is set",
    request: { attributes: { data: "public" } },
    said: caller,
    is: { attributes: { team: "free", data: "public" } },
  },
  {
    name: "a caller may not say another project",
    request: { key: "ci", project: "x" },
    said: caller,
    is: "the key `ci` is of another project than `x`",
  },
  {
    name: "a caller may not say another value than its key",
    request: { key: "ci", attributes: { team: "free" } },
    said: caller,
    is: "attribute `team` is set by the key `ci`, and not to `free`",
  },
  {
    name: "a caller may not say what its key does not",
    request: { key: "cd", attributes: { team: "paid" } },
    said: caller,
    is: "attribute `team` is set by the key `cd`, and not to `paid`",
  },
  {
    name: "a caller may not say what neither its key nor a default does",
    request: { key: "ci", attributes: { level: 1 } },
    said: caller,
    is: "attribute `level` is set by the key `ci`, and not to `1`",
  },
  {
    name: "a caller without a key may not say it at all, not even the default",
    request: { attributes: { team: "free" } },
    said: caller,
    is: "attribute `team` is set by a key, not by the caller",
  },
  {
    name: "a caller may not make up a key",
    request: { key: "constructor" },
    said: caller,
    is: "the key `constructor` is not declared in this policy",
  },
  {
    name: "a program may say everything",
    request: { key: "ci", project: "x", attributes: { team: "free", level: 1 } },
    is: { project: "x", attributes: { team: "free", level: 1, data: "private" } },
  },
  {
    name: "a program may say it without a key, or with one that is not declared",
    request: { key: "__proto__", attributes: { team: "paid" } },
    is: { key: "__proto__", attributes: { team: "paid" } },
  },
  {
    name: "a key expires with the beginning of the day, on the policy's clock",
    request: { key: "ci" },
    said: { nowMs: beforeMs + 1 },
    is: "the key `ci` has expired",
  },
  {
    name: "a key counts to its last millisecond",
    request: { key: "ci" },
    said: { nowMs: beforeMs },
    is: { project: "research" },
  },
  { name: "no moment, no expiry", request: { key: "ci" }, is: { project: "research" } },
];

describe("who says what", () => {
  it.for(cases)("$name", ({ request, said, is }) => {
    const outcome = readFacts(program, request, said);
    if (typeof is === "string") {
      expect(outcome).toEqual({ kind: "problem", problems: [is], code: "forbidden" });
    } else {
      expect(outcome).toMatchObject({ kind: "facts", facts: is });
    }
  });

  it("leaves alone what no key says", () => {
    const outcome = readFacts(program, { key: "cd" }, caller);
    expect(outcome).toMatchObject({ kind: "facts" });
    expect(outcome.kind === "facts" && outcome.facts).not.toHaveProperty("project");
    expect(outcome.kind === "facts" && outcome.facts.attributes).not.toHaveProperty("data");
  });

  it("takes any key from a caller where the policy declares none", () => {
    const { keys: _, ...keyless } = policy;
    expect(readFacts(programOf(keyless), { key: "any" }, caller)).toMatchObject({
      facts: { key: "any" },
    });
  });

  it.for([
    [{ key: "ci", attributes: { colour: "red" } }, "attribute `colour` is not declared"],
    [{ key: 7 }, "`key` is a text"],
    [{ key: "ci", attributes: ["x"] }, "`attributes` is an object"],
  ] as const)("still refuses what is no request: %j", ([request, problem]) => {
    expect(
      readFacts(program, request as unknown as ResolveRequest, { by: "program" }),
    ).toMatchObject({
      kind: "problem",
      code: "bad_request",
      problems: expect.arrayContaining([expect.stringContaining(problem)]),
    });
  });

  it("has digests in lower case and days in milliseconds, and reads no variable", () => {
    expect(program.keys.ci).toEqual({
      name: "ci",
      sha256: { digest: "ab".repeat(32) },
      project: "research",
      set: { team: "paid", data: "private" },
      expiresMs: beforeMs + 1,
    });
    expect(program.keys.cd?.sha256).toEqual({ env: "CD_SHA256", default: "cd".repeat(32) });
    expect(program.keys.env).toEqual({ name: "env", sha256: { env: "ENV_SHA256" }, set: {} });
    expect(program.attributes.team).toHaveProperty("setBy", "key");
    expect(program.attributes.data).not.toHaveProperty("setBy");
  });
});
