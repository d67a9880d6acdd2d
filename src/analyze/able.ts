import { abilities, type Need } from "../terms/api.ts";
import type {
  ChainSpec,
  Condition,
  FieldTest,
  ProviderSpec,
  TargetSpec,
} from "../terms/program.ts";

/** A test that one of some texts is there. */
export function listed(
  field: FieldTest["field"],
  values: readonly string[],
  globs: readonly string[] = [],
): FieldTest {
  return {
    field,
    test: { kind: "in", values, globs, present: false, absent: false, not: false },
  };
}

/** A test that a value is none of some texts; an absent one holds. */
export function unlisted(
  field: FieldTest["field"],
  values: readonly string[],
  globs: readonly string[] = [],
): FieldTest {
  return { field, test: { kind: "in", values, globs, present: false, absent: false, not: true } };
}

/**
 * The requests that a target is not known to be unable to serve: their format is spoken, nothing that they need is
 * known to be missing, and they fit into its window. A window bounds no embeddings, and no request that lifts it.
 *
 * @param keepsState whether state that requests rest on may lie at its provider
 */
export function ableCondition(
  provider: ProviderSpec,
  target: Pick<TargetSpec, "can" | "window">,
  keepsState: boolean,
): Condition {
  const { fields } = willingCondition(provider, target, keepsState);
  if (target.window === undefined) return { fields };
  const short: FieldTest = { field: "inputTokens", test: { kind: "range", lte: target.window } };
  if (!provider.apis.includes("embeddings")) return { fields: [...fields, short] };
  return { fields, anyOf: [{ fields: [short] }, { fields: [listed("api", ["embeddings"])] }] };
}

/** The same, however long they are. */
export function willingCondition(
  provider: ProviderSpec,
  target: Pick<TargetSpec, "can">,
  keepsState: boolean,
): Condition {
  const none: Need[] = abilities.filter((ability) => target.can[ability] === false);
  if (!keepsState) none.push("state");
  const spoken = listed("api", provider.apis);
  if (none.length === 0) return { fields: [spoken] };
  return { fields: [spoken, { field: "needs", test: { kind: "needs", all: [], any: [], none } }] };
}

/** The requests that meet both conditions. */
export function bothConditions(one: Condition, other: Condition): Condition {
  const fields = [...one.fields, ...other.fields];
  if (!one.anyOf) return { ...other, fields };
  if (!other.anyOf) return { ...one, fields };
  const { anyOf } = other;
  return { fields, anyOf: one.anyOf.map((each) => bothConditions(each, { fields: [], anyOf })) };
}

/**
 * The providers that may keep the state of a request, which are those that may come first in its plan; `undefined` where
 * the caller decides it.
 */
export function stateKeepers({ steps }: ChainSpec): ReadonlySet<string> | undefined {
  const [first] = steps;
  switch (first?.kind) {
    case "target":
      return new Set([providerIn(first.entry.target)]);
    case "pick":
      return new Set(first.from.map(({ entry }) => providerIn(entry.target)));
    default:
      return undefined;
  }
}

function providerIn(target: string): string {
  return target.slice(0, target.indexOf(":"));
}
