import { describe, expect, it } from "vitest";
import { readFacts } from "../../src/resolve/facts.ts";
import type { ResolveRequest } from "../../src/terms/facts.ts";
import { programOf } from "../support/random-program.ts";

const program = programOf({
  version: 1,
  providers: { box: { kind: "sandbox" } },
  attributes: {
    team: { values: ["free", "paid"], default: "free" },
    score: { type: "number" },
  },
  routes: [
    { name: "paid", match: { team: "paid", score: { gte: 1 } }, use: "main" },
    { name: "all", use: "main" },
  ],
  chains: { main: ["box:a"] },
});

describe("readFacts", () => {
  it("fills in defaults and counts four bytes a token", () => {
    expect(readFacts(program, { inputTokens: 10 })).toEqual({
      kind: "facts",
      facts: {
        api: "chat",
        stream: false,
        needs: [],
        inputTokens: 10,
        inputTokensAtMost: 40,
        answers: 1,
        attributes: Object.assign(Object.create(null), { team: "free" }),
      },
      notes: [],
    });
  });

  it("says when the input is not known", () => {
    expect(readFacts(program, {})).toMatchObject({
      notes: ["`inputTokens` is not given and counts as 0"],
    });
  });

  it.for<{ name: string; request: object; problem: string }>([
    {
      name: "an unknown api",
      request: { api: "fax" },
      problem: "`api` is chat, messages, embeddings, not `fax`",
    },
    { name: "an unknown need", request: { needs: ["legs"] }, problem: "not `legs`" },
    {
      name: "a fraction of a token",
      request: { inputTokens: 1.5 },
      problem: "`inputTokens` is a whole number",
    },
    {
      name: "fewer than no tokens",
      request: { outputTokens: -1 },
      problem: "`outputTokens` is a whole number",
    },
    { name: "an empty model", request: { model: "" }, problem: "`model` is a text, not empty" },
    {
      name: "a model that is no text",
      request: { model: 5 },
      problem: "`model` is a text, not `5`",
    },
    {
      name: "a stream that is no boolean",
      request: { stream: "yes" },
      problem: "`stream` is true or false",
    },
    {
      name: "a misspelt field",
      request: { atributes: { team: "paid" } },
      problem: "a request has no field `atributes`: did you mean `attributes`?",
    },
    {
      name: "an attribute outside",
      request: { team: "paid" },
      problem: "attributes go under `attributes`",
    },
    {
      name: "an endless name",
      request: { user: "u".repeat(300) },
      problem: "has at most 256 characters, not 300",
    },
    {
      name: "an undeclared attribute",
      request: { attributes: { tier: "x" } },
      problem: "`tier` is not declared",
    },
    {
      name: "an inherited name as attribute",
      request: { attributes: { constructor: "x" } },
      problem: "is not declared",
    },
    {
      name: "an undeclared value",
      request: { attributes: { team: "vip" } },
      problem: "is one of free, paid, not `vip`",
    },
    {
      name: "a value of the wrong type",
      request: { attributes: { score: "5" } },
      problem: "is a number, not `5`",
    },
  ])("refuses $name", ({ request, problem }) => {
    const outcome = readFacts(program, request as ResolveRequest);
    expect(outcome).toMatchObject({
      kind: "problem",
      problems: [expect.stringContaining(problem)],
    });
  });
});
