/**
 * Writes the README's example into a folder, as it stands there: `policy.yaml` and `agent.ts`.
 *
 * Usage: node scripts/readme-example.ts FOLDER
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new TypeError("usage: node scripts/readme-example.ts FOLDER");

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
for (const name of ["policy.yaml", "agent.ts"]) {
  const block = new RegExp(`^\`${name}\`[^\`]*?\n\n\`\`\`\\w+\n(.*?)^\`\`\`$`, "ms").exec(readme);
  if (!block?.[1]) throw new TypeError(`the README shows no ${name}`);
  writeFileSync(join(folder, name), block[1]);
}
