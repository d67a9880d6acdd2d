import type { AttributeValue } from "../../terms/facts.ts";
import type { FieldName, Test } from "../../terms/program.ts";
import { readerOf } from "../condition.ts";
import { addClasses, noClasses } from "./class-set.ts";
import type { FieldClass, FieldClasses } from "./field-classes.ts";
import { globClasses, globKey } from "./glob-classes.ts";
import { globSearch } from "./glob-search.ts";
import { listedSet } from "./listed-set.ts";

/** What a field of open text can hold. */
export interface TextDomain {
  readonly field: FieldName;
  readonly mayBeAbsent: boolean;
  /** An empty text is refused where facts are read, but for attributes. */
  readonly mayBeEmpty: boolean;
  /** Texts to keep apart beside those that tests list. */
  readonly known?: readonly string[];
}

/**
 * The classes of a field of open text: each listed value, each set of globs that can hold together for another text
 * (the text that meets none among them), then `absent` where the field may be.
 *
 * Where globs make too many sets, texts that are not listed share one class, and a test with globs has no set.
 */
export function textClasses(domain: TextDomain, tests: readonly Test[]): FieldClasses {
  const { field, mayBeAbsent } = domain;
  const lists = tests.filter((test) => test.kind === "in");
  const values = distinctTexts(
    lists.flatMap((test) => test.values),
    domain,
  );
  const globs = [...new Set(lists.flatMap((test) => test.globs))];
  const found = globClasses(globs, new Set(values));
  const open = found ?? globClasses([], new Set(values)) ?? [];
  const search = found ? globSearch(globs) : () => [];
  const classes: FieldClass[] = [
    ...values.map((value) => ({ label: value, value })),
    ...open.map(({ members, sample }) => ({ label: openLabel(globs, members), value: sample })),
    ...(mayBeAbsent ? [{ label: "absent", value: undefined }] : []),
  ];
  const listed = new Map(values.map((value, at) => [value, at]));
  const others = new Map(open.map(({ members }, at) => [globKey(members), values.length + at]));
  const absent = mayBeAbsent ? classes.length - 1 : undefined;
  const read = readerOf(field);
  return {
    field,
    classes,
    classOf: (facts) => {
      const value = read(facts) as string | undefined;
      const index =
        value === undefined ? absent : (listed.get(value) ?? others.get(globKey(search(value))));
      if (index === undefined) throw new TypeError(`facts whose ${field} lies in no class`);
      return index;
    },
    admitted: admittedTexts({
      count: classes.length,
      absent,
      listed,
      byGlob: found && classesByGlob(globs, classes, search),
    }),
  };
}

interface TextIndexes {
  readonly count: number;
  readonly absent: number | undefined;
  readonly listed: ReadonlyMap<AttributeValue, number>;
  /** The classes whose texts a glob admits; `undefined` where there are too many to tell. */
  readonly byGlob: ReadonlyMap<string, readonly number[]> | undefined;
}

function admittedTexts({ count, absent, listed, byGlob }: TextIndexes): FieldClasses["admitted"] {
  return (test) => {
    if (test.kind !== "in") return noClasses(count);
    if (!byGlob && test.globs.length > 0) return undefined;
    return listedSet(count, absent, test, (set) => {
      for (const value of test.values) addClasses(set, indexesOf(listed.get(value)));
      for (const glob of test.globs) addClasses(set, byGlob?.get(glob) ?? []);
    });
  };
}

function indexesOf(index: number | undefined): readonly number[] {
  return index === undefined ? [] : [index];
}

function distinctTexts(
  listed: readonly AttributeValue[],
  { mayBeEmpty, known = [] }: TextDomain,
): readonly string[] {
  const texts = [...listed, ...known].filter((value) => typeof value === "string");
  return [...new Set(texts)].filter((text) => mayBeEmpty || text !== "");
}

/** For each glob the classes whose texts it admits. */
function classesByGlob(
  globs: readonly string[],
  classes: readonly FieldClass[],
  search: (text: string) => readonly number[],
): ReadonlyMap<string, readonly number[]> {
  const admitted: number[][] = globs.map(() => []);
  classes.forEach(({ value }, index) => {
    if (typeof value !== "string") return;
    for (const glob of search(value)) admitted[glob]?.push(index);
  });
  return new Map(globs.map((glob, at) => [glob, admitted[at] ?? []]));
}

function openLabel(globs: readonly string[], members: readonly number[]): string {
  if (members.length === 0) return "any other";
  return `like ${members.map((member) => globs[member]).join(" and ")}`;
}
