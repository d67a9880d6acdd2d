import { apis } from "../../terms/api.ts";
import type { Attribute, Policy } from "../policy.generated.ts";
import type { Scalar } from "../shapes.ts";
import { named, namesOf } from "./subject.ts";

/** What a field of `match` holds, and so how it can be tested. */
export type FieldKind =
  | { readonly kind: "text" }
  | { readonly kind: "listed"; readonly values: readonly Scalar[] }
  | { readonly kind: "boolean" }
  | { readonly kind: "number" }
  /** A number of tokens: whole, not negative. */
  | { readonly kind: "count" }
  | { readonly kind: "needs" }
  | { readonly kind: "time" };

const builtIn: Readonly<Record<string, FieldKind>> = {
  model: { kind: "text" },
  api: { kind: "listed", values: apis },
  stream: { kind: "boolean" },
  needs: { kind: "needs" },
  inputTokens: { kind: "count" },
  outputTokens: { kind: "count" },
  project: { kind: "text" },
  user: { kind: "text" },
  key: { kind: "text" },
  time: { kind: "time" },
};

/** Names that attributes may not take: built-in fields, and words that the language keeps for itself. */
export const takenNames: readonly string[] = [
  ...Object.keys(builtIn),
  ...[
    "anyOf",
    "allOf",
    "not",
    "when",
    "region",
    "tier",
    "tags",
    "session",
    "cache",
    "header",
    "method",
  ],
];

/** Built-in fields whose values can have a bucket, or a draw, of their own. */
export const identityFields = ["project", "user", "key"] as const;

/** What a field holds; `undefined` where it is neither built in nor declared. */
export function fieldKind(policy: Policy, field: string): FieldKind | undefined {
  if (Object.hasOwn(builtIn, field)) return builtIn[field];
  const attribute = named(policy.attributes, field);
  return attribute && attributeKind(attribute);
}

/** Names that `match` can test. */
export function matchFields(policy: Policy): readonly string[] {
  return [...Object.keys(builtIn), ...namesOf(policy.attributes)];
}

/** Names that `each` and `by` can take. */
export function bucketFields(policy: Policy): readonly string[] {
  return [...identityFields, ...namesOf(policy.attributes)];
}

function attributeKind(attribute: Attribute): FieldKind {
  if ("values" in attribute) return { kind: "listed", values: attribute.values };
  return attribute.type === "string" ? { kind: "text" } : { kind: attribute.type };
}
