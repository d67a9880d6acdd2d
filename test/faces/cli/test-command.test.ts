import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { runCli } from "../../../src/faces/cli/run-cli.ts";
import { registerTest } from "../../../src/faces/cli/test.ts";
import { describeValidate } from "../../../src/faces/cli/validate.ts";
import { projectRoot, recordedIo } from "../../support/cli-io.ts";
import { smallPolicy, testFile } from "../../testing/support.ts";

const passing =
  "  - { name: plain, expect: { route: rest } }\n  - { name: 'a, b: 100%', expect: { target: 'big:a' } }\n";
const failing = "  - name: wrong\n    expect: { route: private, target: 'small:c' }\n";

const files = {
  "dir/p.yaml": smallPolicy,
  "dir/broken.yaml": smallPolicy.replace("use: main }", "use: mian }"),
  "dir/good.test.yaml": testFile(passing),
  "dir/bad.test.yaml": testFile(passing + failing),
  "dir/odd.test.yaml": testFile("  - { name: odd, expect: { route: rset } }\n"),
  "dir/none.test.yaml": "policy: p.yaml\ntests: []\n",
  "dir/lost.test.yaml": testFile(passing).replace("p.yaml", "nowhere.yaml"),
  "dir/of-broken.test.yaml": testFile(passing).replace("p.yaml", "broken.yaml"),
  "dir/shared.yaml": `version: 1
providers: { a: { kind: sandbox } }
chains: { main: ["a:x"] }
ceilings: [{ name: day, limit: $1, per: day, exceeded: warn }]
`,
  "dir/split.yaml": "version: 1\ninclude: [shared.yaml]\nroutes: [{ name: all, use: main }]\n",
  "dir/split.test.yaml": testFile("  - { name: one, expect: { route: all } }\n").replace(
    "p.yaml",
    "split.yaml",
  ),
  "p.yaml": smallPolicy,
  "-": testFile(passing),
};

async function run(...args: readonly string[]) {
  const io = recordedIo(files);
  const program = new Command("signalbox");
  registerTest(program, io);
  await runCli(program, ["test", ...args], io);
  return io.written;
}

describe("signalbox test", () => {
  it.for([
    { name: "tests that pass", args: ["dir/good.test.yaml"], code: 0, last: "2 tests, 2 passed" },
    {
      name: "one that fails",
      args: ["dir/bad.test.yaml"],
      code: 1,
      last: "3 tests, 2 passed, 1 failed",
    },
    {
      name: "several files",
      args: ["dir/good.test.yaml", "dir/bad.test.yaml"],
      code: 1,
      last: "5 tests, 4 passed, 1 failed",
    },
    {
      name: "some by name",
      args: ["dir/bad.test.yaml", "--run", "plain"],
      code: 0,
      last: "1 test, 1 passed",
    },
    { name: "those of standard input", args: ["-"], code: 0, last: "2 tests, 2 passed" },
    {
      name: "a file with findings",
      args: ["dir/odd.test.yaml"],
      code: 1,
      last: "0 tests, 0 passed, 1 error",
    },
    {
      name: "a file without tests",
      args: ["dir/none.test.yaml"],
      code: 1,
      last: "0 tests, 0 passed, 1 error",
    },
    {
      name: "a policy that is not there",
      args: ["dir/lost.test.yaml"],
      code: 1,
      last: "0 tests, 0 passed, 1 error",
    },
    {
      name: "a policy with errors",
      args: ["dir/of-broken.test.yaml"],
      code: 1,
      last: "0 tests, 0 passed, 2 errors",
    },
    {
      name: "findings beside tests that pass",
      args: ["dir/odd.test.yaml", "dir/good.test.yaml"],
      code: 1,
      last: "2 tests, 2 passed, 1 error",
    },
    {
      name: "too little coverage",
      args: ["dir/good.test.yaml", "--fail-under", "100"],
      code: 1,
      last: "2 tests, 2 passed",
    },
    {
      name: "coverage that is enough",
      args: ["dir/good.test.yaml", "--fail-under", "14.2"],
      code: 0,
      last: "2 tests, 2 passed",
    },
    {
      name: "coverage that is a hair too little",
      args: ["dir/good.test.yaml", "--fail-under", "14.2858"],
      code: 1,
      last: "2 tests, 2 passed",
    },
  ])("runs $name: exits $code and says `$last`", async ({ args, code, last }) => {
    const written = await run(...args);
    expect(written.out.trimEnd().split("\n").at(-1)).toBe(last);
    expect(written.code).toBe(code);
    expect(written.err).toBe("");
  });

  it.for([
    {
      name: "no test of that name",
      args: ["dir/good.test.yaml", "--run", "nowhere"],
      err: "no test's name holds `nowhere`",
    },
    { name: "no files", args: [], err: "missing required argument 'files'" },
    {
      name: "a file that is not there",
      args: ["dir/missing.test.yaml"],
      err: "cannot read dir/missing.test.yaml: there is no such file",
    },
    {
      name: "an unknown format",
      args: ["dir/good.test.yaml", "--format", "xml"],
      err: "--format is pretty, json or github, not `xml`",
    },
    {
      name: "an impossible bound",
      args: ["dir/good.test.yaml", "--fail-under", "101"],
      err: "--fail-under is a percentage from 0 to 100, not `101`",
    },
    { name: "standard input twice", args: ["-", "-"], err: "standard input can be read once" },
  ])("exits 2 on $name, and says nothing that looks like success", async ({ args, err }) => {
    const written = await run(...args);
    expect(written.code).toBe(2);
    expect(written.err).toContain(err);
    expect(written.out).toBe("");
  });

  it("runs the other files where one cannot be read, and exits 2", async () => {
    const { code, out, err } = await run("dir/missing.test.yaml", "dir/good.test.yaml");
    expect({ code, err }).toEqual({
      code: 2,
      err: "error: cannot read dir/missing.test.yaml: there is no such file\n",
    });
    expect(out).toContain("2 tests, 2 passed");
  });

  it("draws a line for each test; one that fails shows what differs, where, and why", async () => {
    const { out } = await run("dir/bad.test.yaml");
    expect(out).toContain(
      "dir/bad.test.yaml\n✓ plain\n✓ a, b: 100%\n✗ wrong  dir/bad.test.yaml:5\n",
    );
    expect(out).toContain(
      "            expected  found\n    route   private   rest\n    target  small:c   big:a\n",
    );
    expect(out).toContain("      ✗ private  data: expected private, found public\n");
    expect(out).toContain("    routed to big:a by route rest\n");
  });

  it("names the finding of a test file", async () => {
    const { out } = await run("dir/odd.test.yaml");
    expect(out).toContain("dir/odd.test.yaml:3:35 error SB221: the policy has no route `rset`\n");
    expect(out).toContain("  help: did you mean `rest`?\n");
  });

  it("draws coverage on the policy's own lines, with tests for what is missing", async () => {
    const { out } = await run("dir/good.test.yaml", "--coverage");
    expect(out).toContain(
      "coverage of dir/p.yaml: 2 of 14 (14.28%)\n  routes 1 of 4, steps 1 of 7, ceilings 0 of 3\n",
    );
    expect(out).toContain("✓       16 |   - { name: rest, use: main }\n");
    expect(out).toContain('✗ 0/2   20 |     - { pick: cheapest, from: ["big:b", "small:c"] }\n');
    expect(out).toContain("        17 | chains:\n");
    expect(out).toContain("  ✗ dir/p.yaml:13 route private\n");
    expect(out).toContain(
      '    request: { attributes: { data: private } }\n    expect: { route: private, target: "desk:a" }\n',
    );
  });

  it("draws included files too, and finds their places", async () => {
    const { out } = await run("dir/split.test.yaml", "--coverage");
    expect(out).toContain("✓       3 |");
    expect(out).toContain("\ndir/shared.yaml\n");
    expect(out).toMatch(/^✓ +\d \| chains: \{ main: \["a:x"\] \}$/m);
    expect(out).toContain("✗ dir/shared.yaml:4 ceiling day");
  });

  it("says which policy is covered too little", async () => {
    const { out } = await run("dir/good.test.yaml", "--fail-under", "99.5");
    expect(out).toContain("dir/p.yaml is covered to 14.28%, less than 99.5%\n");
  });

  it("counts the coverage of a policy over all its test files", async () => {
    const { out } = await run("dir/good.test.yaml", "dir/bad.test.yaml", "--coverage");
    expect(out.match(/^coverage of/gm)).toHaveLength(1);
  });

  it("prints one JSON document with --format json", async () => {
    const { out, code } = await run(
      "dir/bad.test.yaml",
      "--coverage",
      "--fail-under",
      "50",
      "--format",
      "json",
    );
    const report = JSON.parse(out);
    expect(code).toBe(1);
    expect(report).toMatchObject({
      format_version: 1,
      passed: 2,
      failed: 1,
      findings: [],
      errors: 0,
      short: ["dir/p.yaml"],
      tests: [
        {
          name: "plain",
          file: "dir/bad.test.yaml",
          line: 3,
          passed: true,
          diff: [],
          attempts: ["big:a ok"],
        },
        { name: "a, b: 100%" },
        {
          name: "wrong",
          passed: false,
          diff: [
            { field: "route", expected: "private", found: "rest" },
            { field: "target", expected: "small:c", found: "big:a" },
          ],
          decision: { kind: "route", route: "rest" },
        },
      ],
    });
    expect(report.coverage).toMatchObject([
      { policy: "dir/p.yaml", covered: 2, total: 14, percent: "14.28%" },
    ]);
    expect(report.coverage[0].items).toContainEqual({
      kind: "step",
      id: "step main[0]",
      label: "step 1 of chain main, big:a",
      file: "dir/p.yaml",
      line: 22,
      covered: true,
      by: ["plain", "a, b: 100%", "wrong"],
    });
  });

  it("annotates files with --format github, nine times at most", async () => {
    const { out } = await run(
      "dir/bad.test.yaml",
      "dir/odd.test.yaml",
      "--fail-under",
      "50",
      "--format",
      "github",
    );
    expect(out.split("\n")).toEqual([
      "::error file=dir/odd.test.yaml,line=3,endLine=3,col=35,endColumn=39,title=SB221::the policy has no route `rset`%0Ahelp: did you mean `rest`?%0Asee docs/rules/SB221.md",
      "::error file=dir/bad.test.yaml,line=5,title=wrong::route: expected private, found rest%0Atarget: expected small:c, found big:a",
      expect.stringMatching(
        /^::error file=dir\/p\.yaml,line=1,title=coverage::14\.28%25 of the policy is covered by tests; missing: route private; /,
      ),
      "3 tests, 2 passed, 1 failed, 1 error",
      "",
    ]);
    const many = testFile(
      Array.from({ length: 12 }, (_, at) => failing.replace("wrong", `wrong ${at}`)).join(""),
    );
    const io = recordedIo({ ...files, "many.test.yaml": many });
    const program = new Command("signalbox");
    registerTest(program, io);
    await runCli(program, ["test", "many.test.yaml", "--format", "github"], io);
    expect(io.written.out.match(/^::error/gm)).toHaveLength(9);
    expect(io.written.out).toContain(
      "::notice title=signalbox::12 tests, 12 failed; 3 not shown here\n",
    );
  });
});

describe("validate-policy on test files", () => {
  async function validate(...args: readonly string[]) {
    const io = recordedIo(files);
    await runCli(describeValidate(new Command("validate-policy"), io), args, io);
    return io.written;
  }

  it.for([
    { args: ["dir/good.test.yaml"], code: 0, last: "1 test file, no findings" },
    {
      args: ["dir/odd.test.yaml", "policies/minimal.yaml", "dir/good.test.yaml"],
      code: 1,
      last: "1 policy, 2 test files, 1 error",
    },
    { args: ["-"], code: 0, last: "1 test file, no findings" },
    { args: ["dir/of-broken.test.yaml"], code: 1, last: "1 test file, 1 error" },
  ])("$args: exits $code and says `$last`", async ({ args, code, last }) => {
    const written = await validate(...args);
    expect(written.out.trimEnd().split("\n").at(-1)).toBe(last);
    expect(written.code).toBe(code);
  });
});

describe("the example policies", () => {
  it.for(["minimal", "deepresearcher2", "design", "demo"])(
    "%s is covered wholly by tests that pass",
    async (name) => {
      const { code, out, err } = await run(
        `policies/${name}.test.yaml`,
        "--coverage",
        "--fail-under",
        "100",
      );
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toMatch(/\(100%\)\n/);
      expect(out).not.toContain("✗");
    },
  );

  it.for([
    { policy: "minimal", from: "openai:gpt-5-mini", to: "openai:gpt-5" },
    {
      policy: "deepresearcher2",
      from: "match: { data: private }",
      to: "match: { data: private, stream: true }",
    },
    {
      policy: "design",
      from: "{ name: openai-day,    limit: $100,",
      to: "{ name: openai-day,    limit: $1000,",
    },
    {
      policy: "demo",
      from: 'deny: "no agent of this project asks for that model"',
      to: "use: quick",
    },
  ])("$policy: a change of `$from` is found by its tests", async ({ policy, from, to }) => {
    const file = `policies/${policy}.yaml`;
    const text = await readFile(join(projectRoot, file), "utf8");
    expect(text).toContain(from);
    const io = recordedIo({ [file]: text.replaceAll(from, to) });
    const program = new Command("signalbox");
    registerTest(program, io);
    await runCli(program, ["test", `policies/${policy}.test.yaml`], io);
    expect(io.written.code).toBe(1);
  });
});
