import type { AttributeValue } from "../../terms/facts.ts";
import type { AttributeSpec } from "../../terms/program.ts";
import { unreachable } from "../../terms/unreachable.ts";
import type { OfferedAttribute, OfferedNames } from "./offered-names.ts";

/** The languages that names are written in. */
export const typeLanguages = ["ts", "python"] as const;

export type TypeLanguage = (typeof typeLanguages)[number];

/**
 * Writes the names that a policy offers as types of a language.
 *
 * @param command how to write them anew, for the comment at the top
 */
export function typesText(language: TypeLanguage, names: OfferedNames, command: string): string {
  switch (language) {
    case "ts":
      return typeScript(names, command);
    case "python":
      return python(names, command);
    default:
      return unreachable(language);
  }
}

function typeScript({ models, attributes }: OfferedNames, command: string): string {
  const literals = models.map(typeScriptText);
  const union =
    literals.length === 0 ? " string" : literals.map((literal) => `\n  | ${literal}`).join("");
  const members = attributes.map(
    ({ name, spec }) => `  readonly ${memberName(name)}?: ${typeScriptType(spec)};\n`,
  );
  return `// The names that a policy offers. Do not edit; write anew with: ${command}

/** Models that the policy names; what only its patterns admit is not among them. */
export type ModelName =${union};

/** The same, to loop over. */
export const modelNames: readonly ModelName[] = [${literals.map((literal) => `\n  ${literal},`).join("")}${literals.length > 0 ? "\n" : ""}];

/** What can be said about a request. */
${members.length === 0 ? "export type Attributes = Readonly<Record<string, never>>;" : `export interface Attributes {\n${members.join("")}}`}
`;
}

function typeScriptType({ values, type }: AttributeSpec): string {
  return values ? values.map(typeScriptText).join(" | ") : type;
}

function memberName(name: string): string {
  return /^[a-z_]\w*$/.test(name) ? name : typeScriptText(name);
}

/** A literal in which no character hides. */
function typeScriptText(value: AttributeValue): string {
  return escaped(JSON.stringify(value), (code) => `\\u{${code.toString(16)}}`);
}

function python({ models, attributes }: OfferedNames, command: string): string {
  const idOf = identifiers();
  const members = models.map((model) => `    ${idOf(model)} = ${pythonText(model)}\n`);
  const typing = ["Literal", "TypedDict"].filter(
    (name) => name === "TypedDict" || attributes.some((each) => pythonType(each).startsWith(name)),
  );
  const fields = attributes.map(
    (each) => `        ${pythonText(each.name)}: ${pythonType(each)},\n`,
  );
  return `# The names that a policy offers. Do not edit; write anew with: ${command}
from enum import StrEnum
from typing import ${typing.join(", ")}


class ModelName(StrEnum):
    """Models that the policy names; what only its patterns admit is not among them."""

${members.length === 0 ? "    pass\n" : members.join("")}

Attributes = TypedDict(
    "Attributes",
    {${fields.length === 0 ? "" : `\n${fields.join("")}    `}},
    total=False,
)
"""What can be said about a request."""
`;
}

function pythonType({ spec: { values, type } }: OfferedAttribute): string {
  const isLiteral = values?.every((value) => typeof value !== "number" || Number.isInteger(value));
  if (values && isLiteral) return `Literal[${values.map(pythonText).join(", ")}]`;
  return { string: "str", number: "float", boolean: "bool" }[type];
}

function pythonText(value: AttributeValue): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return escaped(JSON.stringify(value), (code) => `\\U${code.toString(16).padStart(8, "0")}`);
}

/** Escapes what cannot be seen or would be read in another order; the short form where there is one. */
function escaped(literal: string, astral: (code: number) => string): string {
  return literal.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? astral(code) : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** Gives each name an identifier of its own, in upper case: `openai:gpt-5` is `OPENAI_GPT_5`. */
function identifiers(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const upper = name
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "");
    const plain = /^[A-Z]/.test(upper) ? upper : `M_${upper}`.replace(/_$/, "");
    let id = plain;
    for (let count = 2; taken.has(id); count += 1) id = `${plain}_${count}`;
    taken.add(id);
    return id;
  };
}
