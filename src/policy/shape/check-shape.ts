import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { isJsonObject, type JsonObject } from "../../terms/json.ts";
import type { Path } from "../loaded-policy.ts";
import type { Located } from "../yaml/located.ts";
import { chooseBranch } from "./choose-branch.ts";
import {
  branchesOf,
  childSchema,
  definitionOf,
  policySchema,
  propertyNames,
} from "./definitions.ts";
import { type FormOf, formOf } from "./forms.ts";
import { reportErrors } from "./report-errors.ts";
import { Reporter } from "./reporter.ts";
import { shallowErrors } from "./shallow-validator.ts";

/** A schema that documents are checked against, with what its patterns stand for in words. */
export interface Language {
  readonly schema: JsonObject;
  readonly formOf: FormOf;
  /** Attributes that are declared, where not by the document itself alone. */
  readonly declared?: JsonObject;
}

/** The language of policies. */
export const policyLanguage: Language = { schema: policySchema, formOf };

/**
 * Checks a document against a schema, definition by definition from the root down: unions are decided first, then the
 * chosen definition alone is validated, so that one mistake gives one finding. Fields of `match` that are neither built
 * in nor declared pass whatever they hold: their name is the mistake, and the check of references tells it.
 *
 * @param data the plain data of `root`
 * @param language the policy's, unless the document is of another kind
 */
export function checkShape(
  root: Located,
  data: unknown,
  file: string,
  language: Language = policyLanguage,
): readonly Diagnostic[] {
  const own = isJsonObject(data) && isJsonObject(data.attributes) ? data.attributes : {};
  const declared = language.declared ?? own;
  const walk = { report: new Reporter(root, file, language.formOf), declared };
  checkNode(language.schema, data, [], walk);
  return walk.report.found;
}

interface Walk {
  readonly report: Reporter;
  /** The attributes of the policy, by name. */
  readonly declared: JsonObject;
}

function checkNode(schema: JsonObject, value: unknown, path: Path, walk: Walk): void {
  const { report } = walk;
  if (report.full) return;
  const union = definitionOf(schema);
  const branches = branchesOf(union);
  const node = branches ? chooseBranch({ union, branches, value, path }, report) : union;
  if (!node) return;
  const errors = shallowErrors(node, value);
  if (errors.length > 0) reportErrors({ node, value, path }, errors, report);
  checkChildren(node, value, path, walk);
}

/** Goes on to whatever the definition refers to; its inline parts were validated with it. */
function checkChildren(node: JsonObject, value: unknown, path: Path, walk: Walk): void {
  for (const [key, each] of childrenOf(value)) {
    const schema = childSchema(node, key);
    if (!schema || (node === match && !isField(String(key), walk))) continue;
    if ("$ref" in schema) checkNode(schema, each, [...path, key], walk);
    else checkChildren(schema, each, [...path, key], walk);
  }
}

const match = definitionOf({ $ref: "#/$defs/Match" });
const builtIn = new Set(propertyNames(match));

function isField(name: string, { declared }: Walk): boolean {
  return builtIn.has(name) || Object.hasOwn(declared, name);
}

function childrenOf(value: unknown): Iterable<readonly [string | number, unknown]> {
  if (Array.isArray(value)) return value.entries();
  return isJsonObject(value) ? Object.entries(value) : [];
}
