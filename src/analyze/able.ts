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
 * known to be missing, and they fit into its window.
 *
 * @param keepsState whether state that requests rest on may lie at its provider
 */
export function ableCondition(
  provider: ProviderSpec,
  target: Pick<TargetSpec, "can" | "window"> | undefined,
  keepsState: boolean,
): Condition {
  const lacking: Need[] = abilities.filter((ability) => target?.can[ability] === false);
  if (!keepsState) lacking.push("state");
  const fields: FieldTest[] = [listed("api", provider.apis)];
  if (lacking.length > 0) {
    fields.push({ field: "needs", test: { kind: "needs", all: [], any: [], none: lacking } });
  }
  if (target?.window !== undefined) {
    fields.push({ field: "inputTokens", test: { kind: "range", lte: target.window } });
  }
  return { fields };
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
