import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { registerCompile } from "../src/faces/cli/compile.ts";
import { registerExplain } from "../src/faces/cli/explain.ts";
import { registerInit } from "../src/faces/cli/init.ts";
import { registerRoutes } from "../src/faces/cli/routes.ts";
import { registerRule } from "../src/faces/cli/rule.ts";
import { runCli } from "../src/faces/cli/run-cli.ts";
import { registerTypes } from "../src/faces/cli/types.ts";
import { registerValidate } from "../src/faces/cli/validate.ts";
import { recordedIo } from "./support/cli-io.ts";

const path = join(import.meta.dirname, "../docs/cli.md");
const page = readFileSync(path, "utf8");
const block = /^```console\n\$ npx signalbox ([^\n]+)\n(.*?)^```$/gms;

/** Files of the page by name: those that it shows, and those that its commands write. */
const files: Record<string, string> = Object.fromEntries(
  [...page.matchAll(/^`([\w.]+)`:\n\n```yaml\n(.*?)^```$/gms)].map(([, name, text]) => [
    name,
    text,
  ]),
);

async function output(typed: string): Promise<string> {
  const io = recordedIo(files, { now: () => Date.UTC(2026, 10, 22) });
  const write = async (name: string, text: string) => {
    files[name] = text;
  };
  const program = new Command("signalbox");
  registerInit(program, io, { write, exists: async (name) => Object.hasOwn(files, name) });
  registerValidate(program, io);
  registerRule(program, io);
  registerExplain(program, io);
  registerRoutes(program, io);
  registerCompile(program, io, write);
  registerTypes(program, io, write);
  await runCli(program, typed.split(" "), io);
  return io.written.out + io.written.err;
}

/** The revision and the catalog follow every update of prices; the rest of the output does not. */
function steady(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{32}/g, "…")
    .replaceAll(/@pydantic\/genai-prices \S+; models [\d-]+/g, "…");
}

const blocks = [...page.matchAll(block)].map(([, typed = "", shown = ""]) => ({ typed, shown }));

describe("docs/cli.md", () => {
  it("shows commands and files", () => {
    expect(blocks.length).toBeGreaterThan(8);
    expect(Object.keys(files)).toEqual(["spare.yaml", "ignored.yaml"]);
  });

  it("shows what each command prints, one after the other", async () => {
    const printed = new Map<string, string>();
    for (const { typed } of blocks) printed.set(typed, await output(typed));
    if (process.env.UPDATE_DOCS === "1") {
      const shown = (typed: string) =>
        `\`\`\`console\n$ npx signalbox ${typed}\n${printed.get(typed)}\`\`\``;
      writeFileSync(
        path,
        page.replace(block, (_, typed: string) => shown(typed)),
      );
      return;
    }
    for (const { typed, shown } of blocks) {
      expect(steady(printed.get(typed) ?? ""), typed).toBe(steady(shown));
    }
  });
});
