import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Code, codes } from "../../src/diagnostics/codes.ts";
import { validateCommand } from "../../src/faces/cli/validate.ts";
import { projectRoot, recordedIo } from "../support/cli-io.ts";

/** `err` holds what is an error, `warn` what is a warning and fails only a strict run. */
const bad = globSync("test/golden/{err,warn}/*.yaml", { cwd: projectRoot }).sort();
const good = globSync("{test/golden/ok,policies}/*.yaml", { cwd: projectRoot }).filter(
  (file) => !file.endsWith(".test.yaml"),
);

/** Found at start, when secrets are read; never by validation. */
const foundAtStart: readonly string[] = ["SB705"];

function codeOf(file: string): Code {
  return basename(file).slice(0, 5) as Code;
}

const update = process.env.UPDATE_GOLDEN === "1";

async function validate(file: string, failLevel: "error" | "warning") {
  const io = recordedIo();
  const code = await validateCommand({ files: [file], format: "pretty", failLevel }, io);
  return { code, out: io.written.out, err: io.written.err };
}

describe("golden pairs", () => {
  it.for(bad)("%s prints what its .out says", async (file) => {
    const expected = join(projectRoot, file.replace(/\.yaml$/, ".out"));
    const { out } = await validate(file, "warning");
    if (update) writeFileSync(expected, out);
    expect(out).toBe(readFileSync(expected, "utf8"));
  });

  it.for(bad)("%s has one finding of its code, names the line and exits 1", async (file) => {
    const code = codeOf(file);
    const strict = await validate(file, "warning");
    const { severity } = codes[code];
    expect(strict.code).toBe(1);
    expect(
      strict.out.match(/^test\/golden\/[^ ]+:\d+:\d+ (error|warning) SB\d+:.*$/gm),
    ).toEqual([expect.stringMatching(new RegExp(`^(${file}|test/golden/err/parts/[^:]+):\\d+:\\d+ ${severity} ${code}: `))]);
    expect((await validate(file, "error")).code).toBe(severity === "error" ? 1 : 0);
    expect(file.split("/")[2]).toBe(severity === "error" ? "err" : "warn");
  });

  it("covers every code that validation can find", () => {
    const covered = new Set<string>(bad.map(codeOf));
    const missing = Object.keys(codes).filter(
      (code) => !covered.has(code) && !foundAtStart.includes(code),
    );
    expect(missing).toEqual([]);
  });

  it("has no output without its policy", () => {
    const orphans = globSync("test/golden/{err,warn}/*.out", { cwd: projectRoot }).filter(
      (file) => !existsSync(join(projectRoot, file.replace(/\.out$/, ".yaml"))),
    );
    expect(orphans).toEqual([]);
  });

  it.for(good)("%s is clean, warnings included", async (file) => {
    expect(await validate(file, "warning")).toEqual({
      code: 0,
      out: "1 policy, no findings\n",
      err: "",
    });
  });
});
