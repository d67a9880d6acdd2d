import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { languageTypes } from "../../scripts/generate.ts";

describe("generated types", () => {
  it.for([
    { language: "policy", file: "src/policy/policy.generated.ts" },
    { language: "tests", file: "src/testing/policy-test.generated.ts" },
  ] as const)(
    "$file is what `npm run generate` writes from its schema",
    async ({ language, file }) => {
      const committed = new URL(`../../${file}`, import.meta.url);
      expect(await readFile(committed, "utf8")).toBe(await languageTypes(language));
    },
  );
});
