import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, describe, expect, it } from "vitest";
import type { CliIo } from "../../../src/faces/cli/io.ts";
import { runCli } from "../../../src/faces/cli/run-cli.ts";
import { describeValidate, validateCommand } from "../../../src/faces/cli/validate.ts";
import { watchPolicies } from "../../../src/faces/cli/watch-policies.ts";
import { projectRoot, recordedIo } from "../../support/cli-io.ts";

const broken = `version: 1
providers: { a: { kind: sandbox } }
routes: [{ name: all, use: mian }]
chains: { main: [a:x] }
`;
const good = broken.replace("mian", "main");
const ignoring = good.replace("[a:x]", "[a:x], spare: [a:y] # signalbox-ignore SB801: a spare\n  ");
const files = { "good.yaml": good, "broken.yaml": broken, "ignoring.yaml": ignoring };

const folder = mkdtempSync(join(tmpdir(), "signalbox-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(args: readonly string[], overrides: Partial<CliIo> = {}) {
  const io = recordedIo(files, overrides);
  await runCli(describeValidate(new Command("validate-policy"), io), args, io);
  return io.written;
}

describe("validate --format sarif", () => {
  it("prints one SARIF log with the pages of its codes, and exits as ever", async () => {
    const written = await run(["--format", "sarif", "good.yaml", "broken.yaml"]);
    expect(written).toMatchObject({ code: 1, err: "" });
    const [only] = JSON.parse(written.out).runs;
    expect(only.results).toMatchObject([{ ruleId: "SB202", level: "error" }]);
    expect(only.tool.driver.rules[0].help.markdown).toMatch(/^# SB202: /);
  });
});

describe("validate --format github", () => {
  it("prints workflow commands and adds to the job's summary", async () => {
    const summary = join(folder, "summary.md");
    writeFileSync(summary, "before\n");
    const env = { GITHUB_STEP_SUMMARY: summary };
    const written = await run(["--format", "github", "broken.yaml"], { env });
    expect(written).toMatchObject({ code: 1, err: "" });
    expect(written.out).toMatch(/^::error file=broken\.yaml,line=3,[^\n]*\n1 policy, 1 error\n$/);
    expect(readFileSync(summary, "utf8")).toMatch(/^before\n### signalbox: 1 policy, 1 error\n/);
  });

  it("exits 2 where the job's summary cannot be written", async () => {
    const env = { GITHUB_STEP_SUMMARY: join(folder, "no/summary.md") };
    const written = await run(["--format", "github", "good.yaml"], { env });
    expect(written.code).toBe(2);
    expect(written.err).toContain("it is the file that GITHUB_STEP_SUMMARY names");
  });
});

describe("an ignored warning", () => {
  it("is counted apart and does not fail a strict run", async () => {
    const written = await run(["--fail-level", "warning", "ignoring.yaml"]);
    expect(written).toEqual({ code: 0, out: "1 policy, no findings, 1 ignored\n", err: "" });
  });

  it("is listed in JSON with its reason, and in no count", async () => {
    const { out } = await run(["--format", "json", "ignoring.yaml"]);
    expect(JSON.parse(out)).toMatchObject({
      findings: [],
      warnings: 0,
      ignored: [
        { code: "SB801", file: "ignoring.yaml", reason: "a spare", range: { start: { line: 4 } } },
      ],
    });
  });

  it("may stand in an included file, and is judged there", async () => {
    const included = {
      "main.yaml": "version: 1\ninclude: [base.yaml]\nroutes: [{ name: all, use: main }]\n",
      "base.yaml": `version: 1
providers: { a: { kind: sandbox } }
chains:
  # signalbox-ignore SB801: a spare
  spare: [a:y]
  # signalbox-ignore SB602: nothing here
  main: [a:x]
`,
    };
    const io = recordedIo(included);
    await validateCommand({ files: ["main.yaml"], format: "json", failLevel: "error" }, io);
    expect(JSON.parse(io.written.out)).toMatchObject({
      findings: [{ code: "SB805", file: "base.yaml", range: { start: { line: 6 } } }],
      ignored: [{ code: "SB801", file: "base.yaml", range: { start: { line: 5 } } }],
    });
  });

  it("is suppressed in SARIF", async () => {
    const { out } = await run(["--format", "sarif", "ignoring.yaml"]);
    expect(JSON.parse(out).runs[0].results).toMatchObject([
      { ruleId: "SB801", suppressions: [{ kind: "inSource", justification: "a spare" }] },
    ]);
  });
});

describe("validate --watch", () => {
  it.for([
    { what: "standard input", args: ["--watch", "-"], err: "--watch watches files" },
    {
      what: "a format for machines",
      args: ["--watch", "--format", "json", "good.yaml"],
      err: "leave --format out",
    },
  ])("refuses $what", async ({ args, err }) => {
    const written = await run(args);
    expect(written.code).toBe(2);
    expect(written.err).toContain(err);
  });

  it("checks again when a file changes, and exits with 0 when it is interrupted", {
    timeout: 20_000,
  }, async () => {
    const path = join(folder, "watched.yaml");
    writeFileSync(path, good);
    const io = recordedIo({}, { readFile: async (file) => readFileSync(file) });
    const args = { files: [path], format: "pretty", failLevel: "error" } as const;
    let interrupt = () => {};
    let listening = false;
    const done = watchPolicies(
      args,
      io,
      () => validateCommand(args, io),
      (callback) => {
        interrupt = callback;
        listening = true;
        return () => {
          listening = false;
        };
      },
    );
    const written = (text: string) =>
      expect.poll(() => io.written.out, { timeout: 8000 }).toContain(text);
    await written("1 policy, no findings\n");
    writeFileSync(path, broken);
    await written(`\n──── 00:00:00 UTC ${path} ────\n`);
    await written("1 policy, 1 error\n");
    rmSync(path);
    await expect.poll(() => io.written.err, { timeout: 8000 }).toContain("there is no such file");
    writeFileSync(path, good);
    await expect
      .poll(() => io.written.out.match(/no findings/g)?.length, { timeout: 8000 })
      .toBe(2);
    expect(listening).toBe(true);
    interrupt();
    await done;
    expect(listening).toBe(false);
    expect(io.written.code).toBe(0);
  });

  it("ends with 0 at Ctrl-C", { timeout: 20_000 }, async () => {
    const path = join(folder, "real.yaml");
    writeFileSync(path, good);
    const script = join(projectRoot, "src/faces/cli/validate-policy.ts");
    const child = spawn(process.execPath, [script, "--watch", path], { stdio: "pipe" });
    const ended = once(child, "exit");
    let err = "";
    child.stderr.on("data", (chunk) => {
      err += String(chunk);
    });
    await expect.poll(() => err, { timeout: 15_000 }).toContain("watching; Ctrl-C ends");
    child.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
  });
});
