import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Code, codes, pageOf } from "../../src/diagnostics/codes.ts";
import { validateCommand } from "../../src/faces/cli/validate.ts";
import { projectRoot, recordedIo } from "../support/cli-io.ts";

const all = Object.keys(codes) as readonly Code[];

/** Pages whose examples are no policies: bytes that are no text, what is found at start, what takes hundreds of lines. */
const withoutPolicies: readonly Code[] = ["SB001", "SB305", "SB405", "SB705"];

function read(code: Code): string {
  return readFileSync(join(projectRoot, pageOf(code)), "utf8");
}

/** The codes found in an example; blocks that begin with `# name.yaml` are files that it includes. */
async function codesIn(section: string | undefined): Promise<readonly string[]> {
  const blocks = Array.from(
    (section ?? "").matchAll(/```yaml\n([\s\S]*?)```/g),
    ([, text]) => text ?? "",
  );
  const nameOf = (text: string) =>
    /^# (\S+\.yaml)$/m.exec(text.split("\n", 1)[0] ?? "")?.[1] ?? "-";
  const io = recordedIo(Object.fromEntries(blocks.map((text) => [nameOf(text), text])));
  await validateCommand({ files: ["-"], format: "json", failLevel: "error" }, io);
  const report = JSON.parse(io.written.out) as { findings: { code: string }[] };
  return report.findings.map(({ code }) => code);
}

describe("rule pages", () => {
  it.for(all)("%s has a page that says what it is, shows it and tells what to do", (code) => {
    const page = read(code);
    const { severity, summary } = codes[code];
    expect(page.startsWith(`# ${code}: ${summary.replace(/\.$/, "")}\n`)).toBe(true);
    expect(page.toLowerCase()).toContain(`\n${severity}.`);
    expect(page.match(/^## .*$/gm)).toEqual(["## Bad", "## Good", "## Why", "## How to silence"]);
  });

  it.for(all.filter((code) => !withoutPolicies.includes(code)))(
    "%s: the bad example has this finding alone, the good one none",
    async (code) => {
      const [, bad, good] = read(code).split(/^## .*$/m);
      expect(await codesIn(bad)).toEqual([code]);
      expect(await codesIn(good)).toEqual([]);
    },
  );

  it("describes no code that does not exist", () => {
    const pages = globSync("docs/rules/SB*.md", { cwd: projectRoot });
    expect(pages.filter((page) => !all.some((code) => page === pageOf(code)))).toEqual([]);
    expect(all.every((code) => existsSync(join(projectRoot, pageOf(code))))).toBe(true);
  });
});
