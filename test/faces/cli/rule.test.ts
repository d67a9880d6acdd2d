import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { codes } from "../../../src/diagnostics/codes.ts";
import { registerRule } from "../../../src/faces/cli/rule.ts";
import { runCli } from "../../../src/faces/cli/run-cli.ts";
import { recordedIo } from "../../support/cli-io.ts";

async function run(args: readonly string[], colour = false) {
  const io = recordedIo({}, { colour });
  const program = new Command("signalbox");
  registerRule(program, io);
  await runCli(program, ["rule", ...args], io);
  return io.written;
}

describe("signalbox rule", () => {
  it.for(["SB602", "sb602", "602"])("shows the page of %s as plain text", async (code) => {
    const { out } = await run([code]);
    expect(out).toMatch(
      /^SB602: All targets of a chain are at one provider\n\nWarning\.\n\nBad\n\n {2}version: 1\n/,
    );
    expect(out).not.toMatch(/^#|```/m);
    expect(out).toContain("\nOn one line, with a reason: # signalbox-ignore SB602: reason\n");
  });

  it("does not tell how to ignore what cannot be ignored", async () => {
    for (const code of ["SB202", "SB805"]) {
      expect((await run([code])).out).not.toContain(`signalbox-ignore ${code}:`);
    }
  });

  it("lists every code with its severity and summary, by what it is about", async () => {
    const { out } = await run([]);
    for (const [code, { severity, summary }] of Object.entries(codes)) {
      expect(out).toMatch(new RegExp(`^ {2}${code} +${severity} +\\S`, "m"));
      expect(out).toContain(`  ${summary}\n`);
    }
    expect(out).toMatch(/^YAML\n/);
    expect(out).toContain("\n\nStyle\n  SB801");
  });

  it.for([
    { code: "SB2O2", help: "did you mean `SB202`?" },
    { code: "SB2l0", help: "did you mean `SB210`?" },
    { code: "SB2", help: "did you mean one on References? SB201, SB202, " },
    { code: "nonsense", help: "`signalbox rule` lists all codes" },
    { code: "../../package", help: "`signalbox rule` lists all codes" },
  ])("exits 2 on the unknown code $code, with a way on", async ({ code, help }) => {
    const written = await run([code]);
    expect(written).toMatchObject({ code: 2, out: "" });
    expect(written.err).toContain(`help: ${help}`);
  });

  it("paints headings where colours are wanted", async () => {
    expect((await run(["SB602"], true)).out).toContain("\u001B[1mWhy\u001B[22m");
  });
});
