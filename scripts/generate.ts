import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

/** Each schema, its root type and the file of types that is written from it. */
const languages = {
  policy: {
    schema: "schema/policy.schema.json",
    type: "Policy",
    types: "src/policy/policy.generated.ts",
  },
  tests: {
    schema: "schema/policy-test.schema.json",
    type: "PolicyTests",
    types: "src/testing/policy-test.generated.ts",
  },
} as const;

/**
 * Writes a language's TypeScript types, as text, from its JSON Schema; `npm run generate` commits them and a test
 * compares them, so that the two cannot drift apart.
 */
export async function languageTypes(language: keyof typeof languages): Promise<string> {
  const { schema: file, type } = languages[language];
  const schema: unknown = JSON.parse(await readFile(fromRoot(file), "utf8"));
  return compile(schema as Parameters<typeof compile>[0], type, {
    additionalProperties: false,
    bannerComment: `// Written by \`npm run generate\` from ${file}; change that instead.`,
    ignoreMinAndMaxItems: true,
    style: { printWidth: 100 },
  });
}

function fromRoot(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

if (import.meta.main) {
  for (const language of ["policy", "tests"] as const) {
    await writeFile(fromRoot(languages[language].types), await languageTypes(language));
  }
}
