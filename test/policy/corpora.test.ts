import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { kinds } from "../../src/catalog/kinds.ts";
import { decodeUtf8 } from "../../src/policy/decode-utf8.ts";
import { loadPolicy } from "../../src/policy/load-policy.ts";
import { readYaml } from "../../src/policy/yaml/read-yaml.ts";
import { dataFolder, haveCorpora } from "../support/data.ts";

const folder = join(dataFolder, "corpora", "own-yaml");

/** What the YAML stage is bound to say, where it is the one to say it; the others are refused for their shape. */
const refusedAsYaml: Readonly<Record<string, string>> = {
  "bidi.yaml": "SB008",
  "big-int.yaml": "SB012",
  "billion-laughs.yaml": "SB004",
  "binary-tag.yaml": "SB005",
  "complex-key.yaml": "SB010",
  "deep-map.yaml": "SB002",
  "deep-nesting.yaml": "SB002",
  "directive.yaml": "SB006",
  "duplicate-keys.yaml": "SB009",
  "empty.yaml": "SB011",
  "float-specials.yaml": "SB012",
  "huge-scalar.yaml": "SB002",
  "invalid-utf8.yaml": "SB001",
  "js-function-tag.yaml": "SB005",
  "many-keys.yaml": "SB002",
  "merge-proto.yaml": "SB004",
  "multi-doc.yaml": "SB007",
  "nbsp.yaml": "SB008",
  "nul-byte.yaml": "SB008",
  "only-comment.yaml": "SB011",
  "python-tag.yaml": "SB005",
  "quadratic-alias.yaml": "SB004",
  "self-alias.yaml": "SB004",
  "tab-indent.yaml": "SB003",
  "unknown-tag.yaml": "SB005",
  "utf16.yaml": "SB001",
  "zero-width-key.yaml": "SB008",
};

const isHere = haveCorpora();

describe.runIf(isHere)("hostile YAML", () => {
  // The body of a skipped suite runs too.
  const files = isHere ? readdirSync(folder).filter((file) => file.endsWith(".yaml")) : [];

  it("is all there", () => {
    expect(files.length).toBeGreaterThan(50);
    expect(Object.keys(refusedAsYaml).filter((file) => !files.includes(file))).toEqual([]);
  });

  it.for(files)("%s is refused, at a place in it, in good time", { timeout: 12_000 }, (file) => {
    const decoded = decodeUtf8(readFileSync(join(folder, file)), file);
    const yaml =
      decoded.kind === "refused" ? [decoded.diagnostic] : readYaml(decoded.text, file).found;
    expect(yaml[0]?.code).toBe(refusedAsYaml[file]);
    if (decoded.kind === "refused") return;
    const { diagnostics, policy } = loadPolicy(decoded.text, { file, env: {}, kinds });
    expect(policy).toBeUndefined();
    expect(diagnostics.some(({ severity }) => severity === "error")).toBe(true);
    const length = decoded.text.length;
    expect(diagnostics.every(({ span }) => span.start <= span.end && span.end <= length)).toBe(
      true,
    );
  });
});

describe.runIf(isHere)("the YAML test suite", () => {
  const suite = join(dataFolder, "corpora", "yaml-test-suite");
  const files = isHere
    ? readdirSync(suite, { recursive: true, encoding: "utf8" }).filter((file) =>
        /\.yaml$/.test(file),
      )
    : [];

  it("never makes the loader throw, and never gives a place outside of the text", {
    timeout: 20_000,
  }, () => {
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const decoded = decodeUtf8(readFileSync(join(suite, file)), file);
      if (decoded.kind === "refused") continue;
      const { diagnostics } = loadPolicy(decoded.text, { file, env: {}, kinds });
      const outside = diagnostics.filter(
        ({ span }) => span.start > span.end || span.end > decoded.text.length,
      );
      expect(outside, file).toEqual([]);
      expect(diagnostics.length, file).toBeGreaterThan(0);
    }
  });
});
