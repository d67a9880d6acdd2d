import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { policyTypes } from "../../scripts/generate.ts";

describe("policy.generated.ts", () => {
  it("is what `npm run generate` writes from the schema", async () => {
    const committed = new URL("../../src/policy/policy.generated.ts", import.meta.url);
    expect(await readFile(committed, "utf8")).toBe(await policyTypes());
  });
});
