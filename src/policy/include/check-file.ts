import { type Diagnostic, diagnostic, type Place } from "../../diagnostics/diagnostic.ts";
import { quote } from "../../diagnostics/quote.ts";
import { isJsonObject, type JsonObject } from "../../terms/json.ts";
import { checkShape, policyLanguage } from "../shape/check-shape.ts";
import { member, policySchema } from "../shape/definitions.ts";
import { type Located, plainData } from "../yaml/located.ts";
import type { PolicyFile } from "./gather-files.ts";

/** Sections that say what a policy does as a whole. */
const onlyMain = ["routes", "defaults", "timezone"];

/** A main file may leave its providers to the files that it includes. */
const includingSchema: JsonObject = { ...policySchema, required: ["version", "routes"] };

const includedSchema: JsonObject = {
  ...policySchema,
  required: ["version"],
  properties: Object.fromEntries(
    Object.entries(member(policySchema, "properties") ?? {}).filter(
      ([name]) => !onlyMain.includes(name),
    ),
  ),
};

/** Checks the shape of each file of a policy that includes others, the main one being the last. */
export function checkFiles(files: readonly PolicyFile[]): readonly Diagnostic[] {
  const data = files.map(({ root }) => plainData(root));
  const declared: JsonObject = Object.assign(Object.create(null), ...data.map(attributesOf));
  return files.flatMap(({ file, root }, index) => {
    if (index < files.length - 1) return checkIncluded({ file, root }, declared);
    const language = { ...policyLanguage, schema: includingSchema, declared };
    return checkShape(root, data[index], file, language);
  });
}

function attributesOf(data: unknown): JsonObject {
  return isJsonObject(data) && isJsonObject(data.attributes) ? data.attributes : {};
}

function checkIncluded({ file, root }: PolicyFile, declared: JsonObject): readonly Diagnostic[] {
  if (root.kind !== "map") return checkShape(root, plainData(root), file);
  const found = [...root.entries].flatMap(([name, { key }]) =>
    onlyMain.includes(name) ? [belongsToMain(name, { file, span: key })] : [],
  );
  const rest: Located = {
    ...root,
    entries: new Map([...root.entries].filter(([name]) => !onlyMain.includes(name))),
  };
  const language = { ...policyLanguage, schema: includedSchema, declared };
  return [...found, ...checkShape(rest, plainData(rest), file, language)];
}

function belongsToMain(name: string, place: Place): Diagnostic {
  const help = "move it to the main file, or include its other parts alone";
  return diagnostic("SB213", `${quote(name)} stands in the main file alone`, place, { help });
}

/** Finds that no file of the policy has any providers. */
export function checkProviders(root: Located, file: string): readonly Diagnostic[] {
  if (root.kind !== "map" || root.entries.has("providers")) return [];
  const [first] = root.entries.values();
  return [diagnostic("SB102", "`providers` is missing", { file, span: first?.key ?? root.span })];
}
