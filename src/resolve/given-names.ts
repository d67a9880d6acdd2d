import { didYouMean } from "../diagnostics/nearest.ts";
import { quote } from "../diagnostics/quote.ts";
import { globTest } from "../terms/glob.ts";
import type { Program } from "../terms/program.ts";
import { splitTarget } from "../terms/target.ts";
import { fieldLabel } from "./failing.ts";
import type { Given } from "./fixed-view.ts";

/** A name in a given state of the world that a policy does not have. */
export interface StrangeName {
  /** The member of {@link Given} that holds the name, and the name. */
  readonly member: keyof Given;
  readonly name: string;
  readonly message: string;
  readonly help: string | undefined;
}

/**
 * Finds what a given state of the world says about things that the policy does not have: a mistyped name would change
 * nothing, and the answer would be true of another world than the one asked about.
 */
export function strangeNames(program: Program, given: Given): readonly StrangeName[] {
  const targets = ["breakers", "holds", "firstOutputMs"] as const;
  return [
    ...targets.flatMap((member) =>
      Object.keys(given[member] ?? {}).flatMap((name) =>
        strange(member, name, strangeTarget(program, name)),
      ),
    ),
    ...Object.keys(given.spend ?? {}).flatMap((name) =>
      strange("spend", name, strangeBucket(program, name)),
    ),
    ...(given.withoutCredential ?? []).flatMap((name) =>
      strange("withoutCredential", name, strangeProvider(program, name)),
    ),
  ];
}

type Found = Pick<StrangeName, "message" | "help"> | undefined;

function strange(member: keyof Given, name: string, found: Found): readonly StrangeName[] {
  return found ? [{ member, name, ...found }] : [];
}

/** What is wrong with a target's name: the policy neither writes it out nor lets a caller name it. */
export function strangeTarget(program: Program, name: string): Found {
  if (Object.hasOwn(program.targets, name) || isAdmitted(program, name)) return undefined;
  const help = didYouMean(name, Object.keys(program.targets));
  return { message: `the policy has no target ${quote(name)}`, help };
}

/** Whether a `requested` step of any chain lets a caller name the target. */
function isAdmitted(program: Program, name: string): boolean {
  const parts = splitTarget(name);
  if (!parts) return false;
  return Object.values(program.chains).some(({ steps }) =>
    steps.some(
      (step) =>
        step.kind === "requested" &&
        step.admits.some(
          ({ provider, model }) => provider === parts.provider && globTest(model)(parts.model),
        ),
    ),
  );
}

function strangeProvider(program: Program, name: string): Found {
  const known = Object.keys(program.providers);
  if (known.includes(name)) return undefined;
  return {
    message: `the policy has no provider ${quote(name)}`,
    help: didYouMean(name, known),
  };
}

/** A bucket is written with a value for each field of its ceiling's `each`, in that order. */
function strangeBucket({ ceilings }: Program, bucket: string): Found {
  const [name = ""] = bucket.split("{", 1);
  const ceiling = ceilings.find((each) => each.name === name);
  if (!ceiling) {
    const help = didYouMean(
      name,
      ceilings.map((each) => each.name),
    );
    return { message: `the policy has no ceiling ${quote(name)}`, help };
  }
  const fields = ceiling.each.map(fieldLabel);
  if (fieldsOf(bucket.slice(name.length), fields)) return undefined;
  const written = fields.map((field) => `${field}=…`).join(",");
  const form = fields.length === 0 ? name : `${name}{${written}}`;
  return {
    message: `the ceiling ${quote(name)} has no bucket ${quote(bucket)}`,
    help: `it is written ${quote(form)}`,
  };
}

/** Whether `{a=x,b=y}` has these fields in this order. A value that is not plain is a JSON string. */
function fieldsOf(text: string, fields: readonly string[]): boolean {
  if (fields.length === 0) return text === "";
  let rest = text;
  for (const [index, field] of fields.entries()) {
    const head = `${index === 0 ? "{" : ","}${field}=`;
    if (!rest.startsWith(head)) return false;
    const value = /^(?:"(?:[^"\\]|\\.)*"|\(none\)|[\w.@:/+-]+)/.exec(rest.slice(head.length));
    if (!value) return false;
    rest = rest.slice(head.length + value[0].length);
  }
  return rest === "}";
}
