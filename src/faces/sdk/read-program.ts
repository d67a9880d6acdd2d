import { readFile } from "node:fs/promises";
import type { Catalog } from "../../catalog/catalog.ts";
import { revisionOf } from "../../compile/revision.ts";
import {
  type Diagnostic,
  diagnostic,
  hasErrors,
  type Place,
} from "../../diagnostics/diagnostic.ts";
import { decodeUtf8 } from "../../policy/decode-utf8.ts";
import type { ReadIncluded } from "../../policy/include/gather-files.ts";
import type { Program } from "../../terms/program.ts";
import { includedFrom, readNow } from "../reload/read-now.ts";
import { type CheckedProgram, checkProgram, checkShape, requireCatalog } from "./check-program.ts";
import { PolicyError, policyError } from "./policy-error.ts";
import type { PolicySource } from "./policy-source.ts";
import { programIn } from "./read-program-json.ts";

/** A Program with the way back to the text it is from. */
export interface ReadProgram {
  readonly program: Program;
  /** Warnings. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where a provider's key stands in the policy. */
  readonly keyPlace: (provider: string) => Place;
  /** The texts of its files, by what places call them; missing for a compiled Program. */
  readonly sources?: ReadonlyMap<string, string>;
}

export interface ProgramReader {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly catalog: Catalog;
}

/**
 * Reads, checks and compiles a policy. What that takes (YAML, schema) is loaded here and now: who passes a compiled
 * Program never loads it.
 *
 * @throws PolicyError and nothing else
 */
export async function readProgram(
  source: PolicySource,
  reader: ProgramReader,
): Promise<ReadProgram> {
  switch (source.kind) {
    case "program":
      return ready(inMemory(source.program), "program", reader.catalog);
    case "text":
      return compiled(source.text, "policy", reader);
    case "file":
      return compiled(await readBytes(source.path), source.path, reader, (included) =>
        readNow(includedFrom(source.path, included)),
      );
  }
}

/** The bytes of a policy's file. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new PolicyError(`cannot read the policy \`${path}\` (${code})`, [], { cause: error });
  }
}

/**
 * A Program that is handed over as a value. One that `compile` gave is the caller's to have changed, in a test or to
 * point a provider elsewhere; its revision then names what it has become. One that was parsed from a file, as its
 * origins tell, must be as it was written.
 */
function inMemory(value: Program): CheckedProgram {
  if ("origins" in value) return checkProgram(value, "program");
  const { program } = checkShape(value, "program");
  const { revision, ...content } = program;
  const now = revisionOf(content);
  return { program: now === revision ? program : { ...content, revision: now } };
}

function ready({ program, origins }: CheckedProgram, file: string, catalog: Catalog): ReadProgram {
  requireCatalog(program, catalog);
  const span = { start: 0, end: 0 };
  const keyPlace = (provider: string) => ({ file: origins?.providers[provider] ?? file, span });
  return { program, diagnostics: [], keyPlace };
}

/**
 * Checks and compiles a policy's text, or its bytes as they are in its file, with what it includes. A text that is a
 * compiled policy is checked to be one.
 */
export async function compiled(
  policy: string | Uint8Array,
  file: string,
  { env, catalog }: ProgramReader,
  read?: ReadIncluded,
): Promise<ReadProgram> {
  const written = programIn(typeof policy === "string" ? policy : shown(policy), file);
  if (written) return ready(written, file, catalog);
  const decoded =
    typeof policy === "string"
      ? ({ kind: "text", text: policy } as const)
      : decodeUtf8(policy, file);
  if (decoded.kind === "refused") throw policyError([decoded.diagnostic], undefined);
  const { text } = decoded;
  const [{ loadPolicy }, { compile }, { applyIgnores }] = await Promise.all([
    import("../../policy/load-policy.ts"),
    import("../../compile/compile.ts"),
    import("../../policy/check/apply-ignores.ts"),
  ]);
  const loaded = loadPolicy(text, { file, env, kinds: catalog.kinds, read });
  const { sources } = loaded;
  if (!loaded.policy || hasErrors(loaded.diagnostics))
    throw policyError(loaded.diagnostics, sources);
  const { program, diagnostics } = compile(loaded.policy, catalog);
  const { placeOf } = loaded.policy;
  const keyPlace = (provider: string) => placeOf(["providers", provider, "apiKey"]);
  // What was found of all requests is not looked for here, so that no ignore is judged to be of no use.
  const found = [...loaded.diagnostics, ...diagnostics];
  const { findings } = applyIgnores(found, sources, () => false);
  return { program, diagnostics: findings, keyPlace, sources };
}

/** A compiled policy may be longer than one that people write; what is no UTF-8 in it shows in its revision. */
function shown(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The findings of keys that cannot be used. */
export function keyFindings(
  read: ReadProgram,
  problems: readonly {
    readonly provider: string;
    readonly message: string;
    readonly help: string;
  }[],
): readonly Diagnostic[] {
  return problems.map(({ provider, message, help }) =>
    diagnostic("SB705", message, read.keyPlace(provider), { help }),
  );
}
