import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, describe, expect, it } from "vitest";
import { registerCompile } from "../../../src/faces/cli/compile.ts";
import { registerRoutes } from "../../../src/faces/cli/routes.ts";
import { runCli } from "../../../src/faces/cli/run-cli.ts";
import { readProgramJson } from "../../../src/index.ts";
import { recordedIo } from "../../support/cli-io.ts";

const good = `version: 1
providers: { a: { kind: sandbox } }
routes: [{ name: all, use: main }]
chains: { main: [a:x] }
`;
const files = { "good.yaml": good, "broken.yaml": good.replace("use: main", "use: mian") };
const folder = mkdtempSync(join(tmpdir(), "signalbox-"));
const output = join(folder, "policy.json");
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: readonly string[]) {
  const io = recordedIo(files);
  const program = new Command("signalbox");
  registerCompile(program, io);
  await runCli(program, ["compile", ...args], io);
  return io.written;
}

describe("signalbox compile", () => {
  it("writes a file that is read back, and says what it wrote", async () => {
    const written = await run("good.yaml", "-o", output);
    const program = readProgramJson(readFileSync(output, "utf8"));
    expect(written).toEqual({
      out: `wrote ${output}\n  revision  ${program.revision}\n  catalog   ${program.catalog}\n  routes    1\n`,
      err: "",
      code: undefined,
    });
    expect(readdirSync(folder)).toEqual(["policy.json"]);
  });

  it("writes what other commands take in the place of the policy", async () => {
    const { out: json } = await run("good.yaml", "-o", "-");
    const show = async (text: string) => {
      const io = recordedIo({ "good.yaml": text });
      const program = new Command("signalbox");
      registerRoutes(program, io);
      await runCli(program, ["routes", "good.yaml"], io);
      return io.written;
    };
    expect(await show(json)).toEqual(await show(good));
    const edited = await show(json.replace('"name":"all"', '"name":"none"'));
    expect(edited).toMatchObject({ code: 1, out: "" });
    expect(edited.err).toContain("`good.yaml` was changed after it was compiled");
  });

  it("writes the same to standard output, and nothing else", async () => {
    const { out, err } = await run("good.yaml", "-o", "-");
    expect(out).toBe(readFileSync(output, "utf8"));
    expect(err).toBe("");
  });

  it("leaves an earlier file as it is where the policy has errors", async () => {
    writeFileSync(output, "the last good one");
    const written = await run("broken.yaml", "--output", output);
    expect(written).toMatchObject({ code: 1, out: "" });
    expect(written.err).toContain("broken.yaml:3:28 error SB202: ");
    expect(written.err).toMatch(/nothing was written: mend the policy first\n$/);
    expect(readFileSync(output, "utf8")).toBe("the last good one");
  });

  it.for([
    { what: "no output", args: ["good.yaml"], err: "required option '-o, --output <file>'" },
    { what: "no policy", args: ["-o", "x"], err: "missing required argument 'policy'" },
    {
      what: "a policy that is not there",
      args: ["no.yaml", "-o", "x"],
      err: "cannot read no.yaml: there is no such file",
    },
    {
      what: "a folder that is not there",
      args: ["good.yaml", "-o", join(folder, "no/policy.json")],
      err: "policy.json: there is no such folder",
    },
    { what: "a folder for a file", args: ["good.yaml", "-o", folder], err: "it is a folder" },
  ])("exits 2 on $what, and leaves nothing behind", async ({ args, err }) => {
    const before = readdirSync(folder);
    const written = await run(...args);
    expect(written).toMatchObject({ code: 2, out: "" });
    expect(written.err).toContain(err);
    expect(readdirSync(folder)).toEqual(before);
  });

  it("shows examples and exit codes with --help", async () => {
    const { out, code } = await run("--help");
    expect(code).toBe(0);
    expect(out).toMatch(/Examples:\n {2}signalbox compile[\s\S]*Exit codes: 0/);
  });
});
