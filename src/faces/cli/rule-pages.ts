import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Code, pageOf } from "../../diagnostics/codes.ts";

/** The root of the package: this file lies as deep in `dist` as it does in `src`. */
const packageRoot = join(import.meta.dirname, "../../..");

/** The page of a code in Markdown, as the package has it. */
export function readRulePage(code: Code): Promise<string> {
  return readFile(join(packageRoot, pageOf(code)), "utf8");
}

/** The pages of some codes; one that is not there is left out. */
export async function readRulePages(codes: Iterable<Code>): Promise<ReadonlyMap<Code, string>> {
  const pages = await Promise.all(
    [...new Set(codes)].map(
      async (code) => [code, await readRulePage(code).catch(() => "")] as const,
    ),
  );
  return new Map(pages.filter(([, page]) => page !== ""));
}
