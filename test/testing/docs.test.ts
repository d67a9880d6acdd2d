import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { runCli } from "../../src/faces/cli/run-cli.ts";
import { registerTest } from "../../src/faces/cli/test.ts";
import { projectRoot, recordedIo } from "../support/cli-io.ts";

const page = readFileSync(join(projectRoot, "docs/testing.md"), "utf8");

/** The blocks of the page, and what each prints where it is a call. */
const [file = "", ...calls] = [...page.matchAll(/^```(?:yaml)?\n([\s\S]*?)^```$/gm)].map(
  ([, block]) => block ?? "",
);

describe("docs/testing.md", () => {
  const shownCalls = calls.map((call) => {
    const [command = "", ...shown] = call.trimEnd().split("\n");
    return { command, shown };
  });

  it("shows calls", () => expect(calls.length).toBe(2));

  it.for(shownCalls)("shows what `$command` prints", async ({ command, shown }) => {
    const policy = readFileSync(join(projectRoot, "policies/minimal.yaml"), "utf8");
    const io = recordedIo({ "minimal.yaml": policy, "minimal.test.yaml": file });
    const program = new Command("signalbox");
    registerTest(program, io);
    await runCli(program, command.replace("$ signalbox ", "").split(" "), io);
    const printed = io.written.out.trimEnd();
    const [head, tail] = shown.join("\n").split("\n…\n");
    expect(printed.startsWith(head ?? "")).toBe(true);
    if (tail === undefined) expect(printed).toBe(head);
    else expect(printed.endsWith(tail)).toBe(true);
  });
});
