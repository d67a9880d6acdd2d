import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { describeValue, quote, quoteChoices } from "../../diagnostics/quote.ts";
import type { Attribute } from "../policy.generated.ts";
import { takenNames } from "./fields.ts";
import { atKey, atValue, type Subject } from "./subject.ts";

/** Finds attributes whose name is taken, whose values are of several types, or whose default they cannot have. */
export function* checkAttributes(subject: Subject): Generator<Diagnostic> {
  for (const [name, attribute] of Object.entries(subject.policy.attributes ?? {})) {
    if (takenNames.includes(name)) {
      const message = `the name ${quote(name)} is taken by the language`;
      yield atKey(subject, ["attributes", name], ["SB210", message], {
        help: "give it another name",
      });
    }
    yield* checkValues(subject, name, attribute);
    yield* checkDefault(subject, name, attribute);
  }
}

const reserved = ["present", "absent"];

function* checkValues(subject: Subject, name: string, attribute: Attribute): Generator<Diagnostic> {
  if (!("values" in attribute)) return;
  const type = typeof attribute.values[0];
  for (const [index, value] of attribute.values.entries()) {
    const path = ["attributes", name, "values", index];
    if (typeof value !== type) {
      const message = `expected values of one type, found ${describeValue(value)} after a ${type}`;
      yield atValue(subject, path, ["SB205", message], { help: `quote it: \`"${value}"\`` });
    } else if (typeof value === "string" && (reserved.includes(value) || value.includes("*"))) {
      const message = `the value ${quote(value)} would mean something else in \`match\``;
      yield atValue(subject, path, ["SB205", message]);
    }
  }
}

function* checkDefault(
  subject: Subject,
  name: string,
  attribute: Attribute,
): Generator<Diagnostic> {
  const { default: value } = attribute;
  if (value === undefined) return;
  const path = ["attributes", name, "default"];
  if ("values" in attribute) {
    if (attribute.values.includes(value)) return;
    const choices = quoteChoices(attribute.values.map(String));
    yield atValue(subject, path, ["SB205", `expected ${choices}, found ${describeValue(value)}`]);
  } else if (typeof value !== attribute.type) {
    const message = `expected a value of type \`${attribute.type}\`, found ${describeValue(value)}`;
    yield atValue(subject, path, ["SB205", message]);
  }
}
