import { createHash } from "node:crypto";
import type { Catalog } from "../../catalog/catalog.ts";
import type { WrittenOrigins } from "../../compile/program-json.ts";
import { revisionOf } from "../../compile/revision.ts";
import { isJsonObject, type JsonObject } from "../../terms/json.ts";
import type { Program } from "../../terms/program.ts";
import { PolicyError } from "./policy-error.ts";

/** What every Program of format 1 has, beside `format` and `revision`. */
const shape = {
  catalog: "text",
  timezone: "text",
  attributes: "map",
  keys: "map",
  providers: "map",
  models: "list",
  targets: "map",
  routes: "list",
  chains: "map",
  ceilings: "list",
  promises: "list",
} as const satisfies Readonly<
  Record<Exclude<keyof Program, "format" | "revision">, "text" | "map" | "list">
>;

/** A Program, with where its parts were written if it came from a file that says so. */
export interface CheckedProgram {
  readonly program: Program;
  readonly origins?: WrittenOrigins;
}

/**
 * Checks that a value is a Program as `compile` made it: format, shape, and that its revision is the hash of its content.
 * This tells an edited or damaged file; who means to deceive can compute the hash as well.
 *
 * @param file what the error calls it
 * @throws PolicyError
 */
export function checkProgram(value: unknown, file: string): CheckedProgram {
  const checked = checkShape(value, file);
  checkRevision(value as JsonObject, file);
  return checked;
}

/**
 * {@link checkProgram} for content whose revision is known to be true.
 *
 * @throws PolicyError
 */
export function checkShape(value: unknown, file: string): CheckedProgram {
  if (!isJsonObject(value)) throw refusal(file, "is no compiled policy: expected a JSON object");
  const { origins, ...program } = value;
  if (program.format !== 1) {
    const found = JSON.stringify(program.format) ?? "none";
    throw refusal(file, `has a format that this release does not read: expected 1, found ${found}`);
  }
  if (typeof program.revision !== "string") throw refusal(file, "has no revision");
  for (const [member, kind] of Object.entries(shape)) {
    if (kindOf(program[member]) !== kind) {
      throw refusal(file, `is no compiled policy: expected a ${kind} under \`${member}\``);
    }
  }
  // Deeper than this the revision answers for it.
  const checked = program as unknown as Program;
  return isJsonObject(origins)
    ? { program: checked, origins: origins as unknown as WrittenOrigins }
    : { program: checked };
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") return "text";
  return isJsonObject(value) ? "map" : "other";
}

function checkRevision({ revision, origins: _, ...content }: JsonObject, file: string): void {
  if (hashOf(JSON.stringify(content)) === revision) return;
  if (revisionOf(content) === revision) return;
  throw refusal(file, "was changed after it was compiled: its revision is of other content");
}

/**
 * What `revisionOf` says of a value whose canonical JSON this is, as it is of one that was parsed from our own file: its
 * members are in order already. The machine's own hash is ten times as fast on a text of megabytes.
 */
export function hashOf(canonical: string): string {
  return createHash("sha256").update(canonical).digest("hex").slice(0, 32);
}

/**
 * Refuses a Program that was compiled with other prices or facts than those at hand: its worst cases would not hold.
 *
 * @throws PolicyError
 */
export function requireCatalog(program: Program, catalog: Catalog): void {
  if (program.catalog === catalog.version) return;
  const other = `the Program was compiled with the catalog \`${program.catalog}\``;
  throw new PolicyError(`${other}, this release has \`${catalog.version}\`: compile it again`, []);
}

/** The error of a compiled policy that cannot rule. */
export function refusal(file: string, problem: string, options?: ErrorOptions): PolicyError {
  const help = "write it anew with `signalbox compile`";
  return new PolicyError(`\`${file}\` ${problem} (${help})`, [], options);
}
