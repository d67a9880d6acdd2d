import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, describe, expect, it } from "vitest";
import { runCli } from "../../../src/faces/cli/run-cli.ts";
import { registerTypes } from "../../../src/faces/cli/types.ts";
import { recordedIo } from "../../support/cli-io.ts";

const policy = `version: 1
providers: { a: { kind: sandbox }, groq: { kind: groq } }
attributes:
  tier-2: { values: [gold, "x\\u202ey"], default: gold }
  beta: { values: [true, false], default: false }
  level: { values: [1, 2], default: 1 }
  share: { values: [0.5, 1], default: 1 }
  note: { type: string }
  class: { type: number }
routes:
  - { name: one, match: { model: [fast, "gpt-4o*", "Fast!", "4o", "ⅷ", "say \\"hi\\"", mro] }, use: main }
  - { name: not, match: { model: { not: hidden } }, use: main }
  - { name: other, match: { anyOf: [{ model: nested }, { model: fast }] }, use: asked }
chains: { main: [a:x], asked: [{ requested: ["groq:llama-3.3-70b-v*"] }] }
`;
const bare = `version: 1
providers: { a: { kind: sandbox } }
routes: [{ name: all, use: main }]
chains: { main: [a:x] }
`;

const folder = mkdtempSync(join(tmpdir(), "signalbox-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: readonly string[]) {
  const io = recordedIo({
    "p.yaml": policy,
    "bare.yaml": bare,
    "bad.yaml": "version: 2\n",
    "it's.yaml": bare,
  });
  const program = new Command("signalbox");
  registerTypes(program, io);
  await runCli(program, ["types", ...args], io);
  return io.written;
}

describe("signalbox types", () => {
  it("writes a TypeScript union of literals and admitted models, and the attributes", async () => {
    expect(
      (await run("p.yaml")).out,
    ).toBe(`// The names that a policy offers. Do not edit; write anew with: signalbox types p.yaml --language ts

/** Models that the policy names; what only its patterns admit is not among them. */
export type ModelName =
  | "fast"
  | "Fast!"
  | "4o"
  | "ⅷ"
  | "say \\"hi\\""
  | "mro"
  | "nested"
  | "groq:llama-3.3-70b-versatile";

/** The same, to loop over. */
export const modelNames: readonly ModelName[] = [
  "fast",
  "Fast!",
  "4o",
  "ⅷ",
  "say \\"hi\\"",
  "mro",
  "nested",
  "groq:llama-3.3-70b-versatile",
];

/** What can be said about a request. */
export interface Attributes {
  readonly beta?: true | false;
  readonly class?: number;
  readonly level?: 1 | 2;
  readonly note?: string;
  readonly share?: 0.5 | 1;
  readonly "tier-2"?: "gold" | "x\\u202ey";
}
`);
  });

  it("writes a Python StrEnum whose members have names of their own", async () => {
    expect(
      (await run("p.yaml", "--language", "python")).out,
    ).toBe(`# The names that a policy offers. Do not edit; write anew with: signalbox types p.yaml --language python
from enum import StrEnum
from typing import Literal, TypedDict


class ModelName(StrEnum):
    """Models that the policy names; what only its patterns admit is not among them."""

    FAST = "fast"
    FAST_2 = "Fast!"
    M_4O = "4o"
    M = "ⅷ"
    SAY_HI = "say \\"hi\\""
    MRO = "mro"
    NESTED = "nested"
    GROQ_LLAMA_3_3_70B_VERSATILE = "groq:llama-3.3-70b-versatile"


Attributes = TypedDict(
    "Attributes",
    {
        "beta": Literal[True, False],
        "class": float,
        "level": Literal[1, 2],
        "note": str,
        "share": float,
        "tier-2": Literal["gold", "x\\u202ey"],
    },
    total=False,
)
"""What can be said about a request."""
`);
  });

  it("writes types that hold nothing where a policy offers nothing", async () => {
    const { out } = await run("bare.yaml");
    expect(out).toContain("export type ModelName = string;");
    expect(out).toContain("export const modelNames: readonly ModelName[] = [];");
    expect(out).toContain("export type Attributes = Readonly<Record<string, never>>;");
    const python = (await run("bare.yaml", "--language", "python")).out;
    expect(python).toContain(
      'among them."""\n\n    pass\n\n\nAttributes = TypedDict(\n    "Attributes",\n    {},\n',
    );
    expect(python).toContain("from typing import TypedDict\n");
  });

  it("writes a file, and says in it how to write it again", async () => {
    const output = join(folder, "names.ts");
    const { out } = await run("it's.yaml", "-o", output);
    expect(out).toBe(`wrote ${output}\n`);
    expect(readFileSync(output, "utf8").split("\n")[0]).toBe(
      `// The names that a policy offers. Do not edit; write anew with: signalbox types 'it'\\''s.yaml' --language ts -o ${output}`,
    );
  });

  it("exits 2 on another language and 1 on a policy with errors", async () => {
    const wrong = await run("p.yaml", "--language", "rust");
    expect(wrong).toMatchObject({
      code: 2,
      out: "",
      err: "error: --language is ts or python, not `rust`\n",
    });
    expect(await run("bad.yaml")).toMatchObject({ code: 1, out: "" });
  });
});
