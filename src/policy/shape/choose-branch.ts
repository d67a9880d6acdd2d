import { nearest } from "../../diagnostics/nearest.ts";
import { describeValue, quote, quoteChoices } from "../../diagnostics/quote.ts";
import { isJsonObject, type JsonObject } from "../../terms/json.ts";
import type { Path } from "../loaded-policy.ts";
import { definitionOf, propertyNames, texts } from "./definitions.ts";
import { valueNotYet } from "./not-yet.ts";
import type { Reporter } from "./reporter.ts";
import { expectedTypes, fits } from "./types.ts";

/** A union of the schema, a value that should be one of its branches, and where the value stands. */
export interface Choice {
  readonly union: JsonObject;
  readonly branches: readonly JsonObject[];
  readonly value: unknown;
  readonly path: Path;
}

/**
 * Picks the one branch of a union that a value means to be: by its `kind` where the union has a discriminator, else by
 * the type of the node, else by the key that only this branch has (its first required one, or any of its properties).
 *
 * @returns `undefined` where it means none or several, which is then reported
 */
export function chooseBranch(choice: Choice, report: Reporter): JsonObject | undefined {
  const fitting = choice.branches.filter((branch) => fits(choice.value, branch));
  if (fitting.length === 0) return wrongType(choice, report);
  if (!isJsonObject(choice.value)) return fitting[0];
  if ("discriminator" in choice.union) return byKind(choice, choice.value, report);
  return fitting.length === 1 ? fitting[0] : byKey(choice, choice.value, fitting, report);
}

const secret = definitionOf({ $ref: "#/$defs/SecretSource" });

function wrongType({ union, branches, value, path }: Choice, report: Reporter): undefined {
  if (union === secret && typeof value === "string") {
    const help = "put it into the environment and name the variable: `{ env: OPENAI_API_KEY }`";
    report.value("SB702", "a key is written in the policy", path, help);
    return;
  }
  const quotable = typeof value === "number" || typeof value === "boolean";
  const help =
    quotable && branches.some((branch) => fits("", branch))
      ? `quote it: \`"${value}"\``
      : undefined;
  const message = `expected ${expectedTypes(branches)}, found ${describeValue(value)}`;
  report.either("SB103", message, path, value, help);
}

function byKind(
  { branches, path }: Choice,
  value: JsonObject,
  report: Reporter,
): JsonObject | undefined {
  const { kind } = value;
  const chosen = branches.find((branch) => kindsOf(branch).some((each) => each === kind));
  if (chosen) return chosen;
  if (!Object.hasOwn(value, "kind")) return missingKey(branches, value, ["kind"], path, report);
  if (typeof kind !== "string") {
    report.either(
      "SB103",
      `expected a text, found ${describeValue(kind)}`,
      [...path, "kind"],
      kind,
    );
    return undefined;
  }
  const kinds = branches.flatMap(kindsOf);
  const near = nearest(kind, kinds);
  const help = valueNotYet(kind) ?? (near && `did you mean ${quote(near)}?`);
  report.value(
    "SB104",
    `expected ${quoteChoices(kinds)}, found ${describeValue(kind)}`,
    [...path, "kind"],
    help,
  );
  return undefined;
}

function kindsOf(branch: JsonObject): readonly string[] {
  const properties = branch.properties;
  const kind = isJsonObject(properties) ? properties.kind : undefined;
  if (!isJsonObject(kind)) return [];
  return typeof kind.const === "string" ? [kind.const] : texts(kind.enum);
}

function byKey(
  { path }: Choice,
  value: JsonObject,
  branches: readonly JsonObject[],
  report: Reporter,
): JsonObject | undefined {
  const present = branches.filter((branch) =>
    tagsOf(branch).some((tag) => Object.hasOwn(value, tag)),
  );
  if (present.length === 1) return present[0];
  const tags = branches.flatMap(tagsOf);
  if (present.length === 0) return missingKey(branches, value, tags, path, report);
  const written = Object.keys(value).filter((key) => tags.includes(key));
  const message = `expected only one of ${quoteChoices(tags)}, found ${written.map(quote).join(" and ")}`;
  report.key("SB108", message, [...path, written.at(-1) ?? ""]);
  return undefined;
}

/** Keys that tell a branch from the others of its union. */
function tagsOf(branch: JsonObject): readonly string[] {
  const first = texts(branch.required)[0];
  return first === undefined ? propertyNames(branch) : [first];
}

/** Reports that no branch is named: as a misspelt key where one is near, else as the missing key. */
function missingKey(
  branches: readonly JsonObject[],
  value: JsonObject,
  tags: readonly string[],
  path: Path,
  report: Reporter,
): undefined {
  const known = new Set(branches.flatMap(propertyNames));
  for (const key of Object.keys(value)) {
    const near = known.has(key) ? undefined : nearest(key, tags);
    if (near === undefined) continue;
    report.key(
      "SB101",
      `${quote(key)} is not known here`,
      [...path, key],
      `did you mean ${quote(near)}?`,
    );
    return;
  }
  if (tags.length === 1) report.key("SB102", `${quoteChoices(tags)} is missing`, path);
  else report.key("SB108", `expected one of ${quoteChoices(tags)}, found none of them`, path);
}
