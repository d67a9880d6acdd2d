import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, describe, expect, it } from "vitest";
import { type InitWorld, registerInit } from "../../../src/faces/cli/init.ts";
import type { CliIo } from "../../../src/faces/cli/io.ts";
import { runCli } from "../../../src/faces/cli/run-cli.ts";
import { type StarterProvider, starter, starterProviders } from "../../../src/faces/cli/starter.ts";
import { registerTest } from "../../../src/faces/cli/test.ts";
import { validateCommand } from "../../../src/faces/cli/validate.ts";
import { writeWhole } from "../../../src/faces/cli/write-whole.ts";
import { recordedIo } from "../../support/cli-io.ts";

const all = Object.keys(starterProviders) as StarterProvider[];

/** Every choice of providers but none. */
const choices = Array.from({ length: 2 ** all.length - 1 }, (_, index) =>
  all.filter((_provider, bit) => ((index + 1) >> bit) & 1),
);

describe("a starter policy", () => {
  it("is clean, warnings included, and its tests pass and cover it, whatever the providers", async () => {
    for (const providers of choices) {
      const { policy, tests } = starter(providers, "policy.yaml");
      const io = recordedIo({ "policy.yaml": policy, "policy.test.yaml": tests });
      const files = ["policy.yaml", "policy.test.yaml"];
      await validateCommand({ files, format: "pretty", failLevel: "warning" }, io);
      expect(io.written, providers.join()).toMatchObject({
        out: "1 policy, 1 test file, no findings\n",
        err: "",
      });
      const program = new Command("signalbox");
      registerTest(program, io);
      await runCli(program, ["test", "policy.test.yaml", "--coverage", "--fail-under", "100"], io);
      expect(io.written.err, providers.join()).toBe("");
      expect(io.written.code ?? 0, io.written.out).toBe(0);
    }
  }, 60_000);

  it("keeps what is private at home where there is a home, and promises so", () => {
    const { policy } = starter(["openai", "ollama"], "p.yaml");
    expect(policy).toContain("only: { labels: { hosting: self } }");
    expect(starter(["openai", "groq"], "p.yaml").policy).not.toContain("private");
  });

  it("holds no key", () => {
    for (const providers of choices) expect(starter(providers, "p").policy).not.toContain("apiKey");
  });
});

const folder = mkdtempSync(join(tmpdir(), "signalbox-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(
  args: readonly string[],
  { ask, ...overrides }: Partial<CliIo> & Pick<InitWorld, "ask"> = {},
) {
  const io = recordedIo({}, overrides);
  const exists = async (path: string) => existsSync(path);
  const program = new Command("signalbox");
  registerInit(program, io, { write: writeWhole, exists, ask });
  await runCli(program, ["init", ...args], io);
  return io.written;
}

describe("signalbox init", () => {
  const path = join(folder, "policy.yaml");
  const testPath = join(folder, "policy.test.yaml");

  it("writes a policy and its tests, and says what comes next", async () => {
    const { out, err } = await run([path], { env: { GROQ_API_KEY: "x" } });
    expect(err).toBe("");
    expect(out).toBe(`wrote ${path} and ${testPath}

next
  npx signalbox validate ${path}
  npx signalbox test ${testPath} --coverage
  npx signalbox explain ${path} --model anything
  set OPENAI_API_KEY before you call anybody
`);
    expect(readFileSync(path, "utf8")).toBe(starter(["openai", "ollama"], "policy.yaml").policy);
    expect(readFileSync(testPath, "utf8")).toContain("\npolicy: policy.yaml\n");
  });

  it.for(["policy.yaml", "policy.test.yaml"])(
    "never overwrites %s without --force",
    async (name) => {
      const other = mkdtempSync(join(folder, "other-"));
      writeFileSync(join(other, name), "mine");
      const written = await run([join(other, "policy.yaml")]);
      expect(written).toMatchObject({ code: 2, out: "" });
      expect(written.err).toBe(
        `error: ${join(other, name)} is there already\n  help: name another file, or add --force\n`,
      );
      expect(readdirSync(other)).toEqual([name]);
      expect(readFileSync(join(other, name), "utf8")).toBe("mine");
      expect((await run([join(other, "policy.yaml"), "--force"])).err).toBe("");
      expect(readFileSync(join(other, name), "utf8")).not.toBe("mine");
    },
  );

  it("asks a person at a terminal, and nobody where providers are named", async () => {
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      return " groq , lmstudio ";
    };
    await run([path, "--force"], { ask });
    expect(readFileSync(path, "utf8")).toBe(starter(["groq", "lmstudio"], "policy.yaml").policy);
    await run([path, "--force"], { ask: async () => "" });
    expect(readFileSync(path, "utf8")).toBe(starter(["openai", "ollama"], "policy.yaml").policy);
    await run([path, "--force", "--provider", "openai"], { ask });
    expect(questions).toHaveLength(1);
  });

  it.for([
    {
      what: "an unknown provider",
      args: ["--provider", "openai,olama"],
      err: "init knows no provider `olama`\n  help: did you mean `ollama`?",
    },
    { what: "no provider", args: ["--provider", ""], err: "init knows no provider ``" },
    {
      what: "a file of another kind",
      args: ["policy.json"],
      err: "a policy's file ends in .yaml, unlike `policy.json`",
    },
    { what: "a file of tests", args: ["policy.test.yaml"], err: "a policy's file ends in .yaml" },
    {
      what: "a folder that is not there",
      args: [join(folder, "no/policy.yaml")],
      err: "there is no such folder",
    },
  ])("exits 2 on $what", async ({ args, err }) => {
    const written = await run(args);
    expect(written).toMatchObject({ code: 2, out: "" });
    expect(written.err).toContain(err);
  });
});
