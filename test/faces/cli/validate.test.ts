import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { diagnostic } from "../../../src/diagnostics/diagnostic.ts";
import type { CliIo } from "../../../src/faces/cli/io.ts";
import { wantsColour } from "../../../src/faces/cli/node-io.ts";
import { runCli } from "../../../src/faces/cli/run-cli.ts";
import {
  describeValidate,
  registerValidate,
  validateCommand,
} from "../../../src/faces/cli/validate.ts";
import { projectRoot, type RecordedIo, recordedIo } from "../../support/cli-io.ts";

const good = `version: 1
providers: { a: { kind: sandbox } }
routes: [{ name: all, use: main }]
chains: { main: [a:x] }
`;
const warned = good.replace("[a:x]", "[a:x], spare: [a:y]");
const broken = good.replace("use: main", "use: mian");
const files = { "good.yaml": good, "warned.yaml": warned, "broken.yaml": broken, "-": broken };

async function run(
  args: readonly string[],
  overrides: Partial<CliIo> = {},
): Promise<RecordedIo["written"]> {
  const io = recordedIo(files, overrides);
  await runCli(describeValidate(new Command("validate-policy"), io), args, io);
  return io.written;
}

describe("validate-policy", () => {
  it.for([
    { name: "a clean policy", args: ["good.yaml"], code: 0, last: "1 policy, no findings" },
    {
      name: "several clean policies",
      args: ["good.yaml", "good.yaml"],
      code: 0,
      last: "2 policies, no findings",
    },
    { name: "warnings alone", args: ["warned.yaml"], code: 0, last: "1 policy, 1 warning" },
    {
      name: "warnings that count",
      args: ["warned.yaml", "--fail-level", "warning"],
      code: 1,
      last: "1 policy, 1 warning",
    },
    { name: "errors", args: ["broken.yaml"], code: 1, last: "1 policy, 1 error" },
    {
      name: "errors and warnings",
      args: ["broken.yaml", "warned.yaml", "broken.yaml"],
      code: 1,
      last: "3 policies, 2 errors, 1 warning",
    },
    { name: "standard input", args: ["-"], code: 1, last: "1 policy, 1 error" },
  ])("$name: exits $code and says `$last`", async ({ args, code, last }) => {
    const written = await run(args);
    expect(written.code).toBe(code);
    expect(written.out.trimEnd().split("\n").at(-1)).toBe(last);
    expect(written.err).toBe("");
  });

  it("names file, line and column, and what was meant", async () => {
    const { out } = await run(["broken.yaml"]);
    expect(out).toContain("broken.yaml:3:28 error SB202: the chain `mian` is not declared\n");
    expect(out).toContain("  help: did you mean `main`?\n  see docs/rules/SB202.md\n");
  });

  it("prints one JSON document and nothing else with --format json", async () => {
    const { out, code } = await run(["--format", "json", "broken.yaml", "warned.yaml"]);
    expect(JSON.parse(out)).toMatchObject({
      format_version: 1,
      findings: [
        { code: "SB202", file: "broken.yaml", range: { start: { line: 3, column: 28 } } },
        { code: "SB801", file: "warned.yaml", docs: "docs/rules/SB801.md" },
      ],
      errors: 1,
      warnings: 1,
    });
    expect(code).toBe(1);
  });

  it.for([
    { name: "no files", args: [], err: "missing required argument 'files'" },
    {
      name: "an unknown format",
      args: ["--format", "xml", "good.yaml"],
      err: "--format is pretty, json, sarif or github, not `xml`",
    },
    {
      name: "an unknown level",
      args: ["--fail-level", "info", "good.yaml"],
      err: "--fail-level is error or warning, not `info`",
    },
    { name: "an unknown option", args: ["--fix", "good.yaml"], err: "unknown option '--fix'" },
    { name: "standard input twice", args: ["-", "-"], err: "standard input can be read once" },
  ])("exits 2 on $name", async ({ args, err }) => {
    const written = await run(args);
    expect(written).toMatchObject({ code: 2, out: "" });
    expect(written.err).toContain(err);
  });

  it("reads the other files where one cannot be read, and exits 2", async () => {
    const written = await run(["nowhere.yaml", "broken.yaml", "src"]);
    expect(written.code).toBe(2);
    expect(written.err).toBe(
      "error: cannot read nowhere.yaml: there is no such file\nerror: cannot read src: it is a folder\n",
    );
    expect(written.out).toContain("1 policy, 1 error");
  });

  it("shows examples and exit codes with --help, and exits 0", async () => {
    const written = await run(["--help"]);
    expect(written).toMatchObject({ code: 0, err: "" });
    expect(written.out).toMatch(
      /Usage: validate-policy .*\n[\s\S]*validate-policy policies\/\*\.yaml[\s\S]*Exit codes: 0/,
    );
  });

  it("exits 3 on a fault of its own, and says whose it is", async () => {
    const written = await run(["good.yaml"], {
      stdout: () => {
        throw new TypeError("boom");
      },
    });
    expect(written.code).toBe(3);
    expect(written.err).toMatch(/^internal error: TypeError: boom\n[\s\S]*not of your policy/);
  });

  it("takes up non-secret values from the environment", async () => {
    const text = good.replace("{ kind: sandbox }", "{ kind: litellm, baseUrl: { env: PROXY } }");
    const validate = (env: CliIo["env"]) =>
      validateCommand(
        { files: ["-"], format: "pretty", failLevel: "error" },
        recordedIo({ "-": text }, { env }),
      );
    expect(await validate({})).toBe(1);
    expect(await validate({ PROXY: "http://localhost:4000" })).toBe(0);
  });

  it("runs further checks on policies without errors, and only on them", async () => {
    const seen: string[] = [];
    const args = {
      files: ["good.yaml", "broken.yaml"],
      format: "json",
      failLevel: "error",
    } as const;
    const io = recordedIo(files);
    await validateCommand(args, io, (policy) => {
      seen.push(policy.file);
      return [diagnostic("SB501", "no price", { file: policy.file, span: { start: 0, end: 7 } })];
    });
    expect(seen).toEqual(["good.yaml"]);
    expect(JSON.parse(io.written.out)).toMatchObject({ errors: 1, warnings: 1 });
  });
});

describe("signalbox validate", () => {
  it("is the same command under another name", async () => {
    const io = recordedIo(files);
    const program = new Command("signalbox");
    registerValidate(program, io);
    await runCli(program, ["validate", "broken.yaml"], io);
    expect(io.written.out).toBe((await run(["broken.yaml"])).out);
    expect(io.written.code).toBe(1);
  });
});

describe("colours", () => {
  it.for([
    { name: "on a terminal", env: {}, terminal: true, colour: true },
    { name: "not in a pipe", env: {}, terminal: false, colour: false },
    {
      name: "not with NO_COLOR",
      env: { NO_COLOR: "1", FORCE_COLOR: "1" },
      terminal: true,
      colour: false,
    },
    { name: "with an empty NO_COLOR", env: { NO_COLOR: "" }, terminal: true, colour: true },
    {
      name: "in a pipe with FORCE_COLOR",
      env: { FORCE_COLOR: "1" },
      terminal: false,
      colour: true,
    },
    { name: "not with FORCE_COLOR=0", env: { FORCE_COLOR: "0" }, terminal: true, colour: false },
    { name: "not on a dumb terminal", env: { TERM: "dumb" }, terminal: true, colour: false },
  ])("are written $name: $colour", ({ env, terminal, colour }) => {
    expect(wantsColour(env, terminal)).toBe(colour);
  });
});

describe("the executable", () => {
  const script = join(projectRoot, "src/faces/cli/validate-policy.ts");
  const execute = promisify(execFile);

  it("validates files and exits as documented", { timeout: 20_000 }, async () => {
    const clean = await execute(process.execPath, [script, "policies/minimal.yaml"], {
      cwd: projectRoot,
    });
    expect(clean).toEqual({ stdout: "1 policy, no findings\n", stderr: "" });
    const bad = execute(process.execPath, [script, "test/golden/err/SB202-unknown-chain.yaml"], {
      cwd: projectRoot,
    });
    await expect(bad).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining(":3:") });
  });
});
