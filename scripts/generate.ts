import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const schemaFile = fileURLToPath(new URL("../schema/policy.schema.json", import.meta.url));
const typesFile = fileURLToPath(new URL("../src/policy/policy.generated.ts", import.meta.url));

/**
 * Writes the policy language's TypeScript types, as text, from its JSON Schema; `npm run generate` commits them and a
 * test compares them, so that the two cannot drift apart.
 */
export async function policyTypes(): Promise<string> {
  const schema: unknown = JSON.parse(await readFile(schemaFile, "utf8"));
  return compile(schema as Parameters<typeof compile>[0], "Policy", {
    additionalProperties: false,
    bannerComment:
      "// Written by `npm run generate` from schema/policy.schema.json; change that instead.",
    ignoreMinAndMaxItems: true,
    style: { printWidth: 100 },
  });
}

if (import.meta.main) await writeFile(typesFile, await policyTypes());
