import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { registerExplain } from "../src/faces/cli/explain.ts";
import type { CliIo } from "../src/faces/cli/io.ts";
import { runCli } from "../src/faces/cli/run-cli.ts";
import { describeValidate } from "../src/faces/cli/validate.ts";

const root = join(import.meta.dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const policy = /^`policy.yaml`[^`]*?\n\n```yaml\n(.*?)^```$/ms.exec(readme)?.[1] ?? "";

/** The README's console blocks: what is typed, and what is then read. */
const blocks = [
  ...readme.matchAll(/^```console\n\$ (?:npx|npm run --silent) ([^\n]+)\n(.*?)^```$/gms),
].map(([, typed, shown]) => ({
  typed: typed ?? "",
  shown: shown ?? "",
}));

/** Runs a command line of the README, with its own `policy.yaml` in the working directory. */
async function output(typed: string): Promise<string> {
  const [name = "", ...args] = typed.replace(" -- ", " ").split(" ");
  let text = "";
  const io: CliIo = {
    readFile: async (path) =>
      path === "policy.yaml" ? new TextEncoder().encode(written) : readFile(join(root, path)),
    stdin: async () => new Uint8Array(),
    stdout: (more) => {
      text += more;
    },
    stderr: (more) => {
      text += more;
    },
    env: {},
    colour: false,
    cwd: root,
    now: () => Date.UTC(2026, 10, 22),
    exit: () => {},
  };
  const command = new Command(name);
  if (name === "validate-policy") describeValidate(command, io);
  else registerExplain(command, io);
  await runCli(command, args, io);
  return text;
}

let written = policy;

describe("the README", () => {
  it("shows a policy and commands", () => {
    expect(policy).toContain("version: 1");
    expect(blocks.length).toBe(3);
  });

  it.for(blocks)("shows what `npx $typed` prints", async ({ typed, shown }) => {
    written = shown.includes("anwser") ? policy.replace("use: answer", "use: anwser") : policy;
    // The revision follows every change of the catalog; the rest of the output does not.
    const anyRevision = (text: string) => text.replace(/revision [0-9a-f]{32}/, "revision …");
    expect(anyRevision(await output(typed))).toBe(anyRevision(shown));
  });
});
