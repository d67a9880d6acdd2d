import { describe, expect, it } from "vitest";
import { programOf } from "../support/random-program.ts";

const base = {
  version: 1,
  providers: { near: { kind: "sandbox" }, far: { kind: "sandbox" } },
  attributes: { data: { values: ["public", "private"] } },
  routes: [{ name: "all", use: "main" }],
  chains: { main: ["near:a", "far:a"] },
};

const promised = (...promises: readonly object[]) =>
  programOf({ ...base, assert: promises }).promises;

describe("promises", () => {
  it("are none where the policy makes none", () => {
    expect(programOf(base).promises).toEqual([]);
  });

  it("keep their order, their words and what they are given", () => {
    const given = { data: "private", anyOf: [{ stream: true }] };
    expect(
      promised(
        { promise: "every request meets a route", total: true },
        { promise: "$5 is enough, says Ann", given, maxCost: "$5" },
      ),
    ).toEqual([
      {
        name: "every request meets a route",
        given: { fields: [] },
        claim: { kind: "total" },
      },
      {
        name: "$5 is enough, says Ann",
        given: {
          fields: [{ field: "attributes.data", test: expect.objectContaining({ kind: "in" }) }],
          anyOf: [{ fields: [{ field: "stream", test: expect.anything() }] }],
        },
        claim: { kind: "maxCost", limit: 5_000_000_000 },
      },
    ]);
  });

  it.for([
    [{ answerable: true }, { kind: "answerable" }],
    [{ only: { provider: "near" } }, { kind: "only", selector: { provider: ["near"] } }],
    [
      { never: { provider: ["far", "near"], target: "far:*", labels: { a: "x", b: ["y", "z"] } } },
      {
        kind: "never",
        selector: {
          provider: ["far", "near"],
          target: ["far:*"],
          labels: { a: ["x"], b: ["y", "z"] },
        },
      },
    ],
  ] as const)("%j", ([claim, compiled]) => {
    const [promise] = promised({ promise: "p", ...claim });
    expect(promise?.claim).toEqual(compiled);
  });
});

describe("providers that forward", () => {
  const ours = { kind: "openai-compatible", baseUrl: "http://localhost:1/v1" };
  const why = "we asked them";
  const providers = {
    near: { kind: "sandbox" },
    far: { kind: "openai" },
    a: { kind: "litellm", vouched: why, callerMay: ["num_retries", "tags"] },
    b: { kind: "openrouter" },
    c: ours,
    d: { ...ours, forwards: true, vouched: why },
    e: { ...ours, forwards: false, vouched: why },
  };
  const program = programOf({ ...base, providers });

  it.for([
    ["near", { forwards: false }],
    ["far", { forwards: false }],
    ["a", { forwards: true, vouched: why }],
    ["b", { forwards: true }],
    ["c", { forwards: true }],
    ["d", { forwards: true, vouched: why }],
    ["e", { forwards: false }],
  ] as const)("%s says what it is", ([name, said]) => {
    const { forwards, vouched } = program.providers[name] ?? {};
    expect({ forwards, ...(vouched !== undefined && { vouched }) }).toEqual(said);
  });

  it("let their callers set what the policy lists, and nothing by default", () => {
    expect(program.providers.a?.callerMay).toEqual(["num_retries", "tags"]);
    expect(program.providers.b?.callerMay).toEqual([]);
    expect(program.providers.near?.callerMay).toEqual([]);
  });
});
