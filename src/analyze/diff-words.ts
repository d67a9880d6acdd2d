import { listClasses } from "../resolve/classes/class-set.ts";
import type { Box, ClassSpace } from "../resolve/classes/class-space.ts";
import type { FieldClasses } from "../resolve/classes/field-classes.ts";
import { fieldLabel } from "../resolve/failing.ts";
import type { Need } from "../terms/api.ts";

/** The requests of a box in words: `model is a or b, inputTokens is at least 5`; `every request` where it is all. */
export function boxWords({ fields }: ClassSpace, box: Box): string {
  const words = fields.flatMap((field, at) => {
    const set = box[at];
    const among = set ? listClasses(set) : [];
    if (!set || among.length === field.classes.length) return [];
    const verb = field.field === "needs" ? "are" : "is";
    return [`${fieldLabel(field.field)} ${verb} ${classWords(field, among)}`];
  });
  return words.length === 0 ? "every request" : words.join(", ");
}

function classWords(field: FieldClasses, among: readonly number[]): string {
  if (field.field === "needs") return needsWords(field, among);
  const isNumber = field.classes.some(({ value }) => typeof value === "number");
  if (isNumber) return orList(runs(among).map((run) => runWords(field, run)));
  const labels = (indexes: readonly number[]) =>
    indexes.map((index) => field.classes[index]?.label || "empty");
  const others = field.classes.map((_, index) => index).filter((index) => !among.includes(index));
  const isMost = others.length * 2 < among.length;
  return isMost ? `not ${orList(labels(others))}` : orList(labels(among));
}

/** What all of the classes need and what none does, where that says it all; else each of them. */
function needsWords({ classes }: FieldClasses, among: readonly number[]): string {
  const all = classes.at(-1)?.value as readonly Need[];
  const needs = among.map((index) => classes[index]?.value as readonly Need[]);
  const fixed = all.flatMap((need) => {
    const count = needs.filter((each) => each.includes(need)).length;
    if (count === needs.length) return [need];
    return count === 0 ? [`no ${need}`] : [];
  });
  const saysAll = 2 ** (all.length - fixed.length) === among.length;
  if (saysAll) return fixed.join(" and ");
  return orList(needs.map((each) => (each.length === 0 ? "nothing" : each.join(" with "))));
}

/** Classes that follow one another, together. */
function runs(among: readonly number[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const index of among) {
    const last = found.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else found.push([index, index]);
  }
  return found;
}

/** The first and the last class of a run of numbers say where it begins and ends; `absent` is the last of all. */
function runWords(field: FieldClasses, [first, last]: readonly [number, number]): string {
  const label = (index: number) => field.classes[index]?.label ?? "";
  if (label(last) === "absent") {
    return first === last ? "absent" : `${runWords(field, [first, last - 1])} or absent`;
  }
  if (first === last && !/^(at|below)/.test(label(first))) return written(field, label(first));
  const from = /^at least ([^,]+)/.exec(label(first))?.[1] ?? plain(label(first));
  const below = /below (\S+)$/.exec(label(last))?.[1];
  const most = plain(label(last));
  const bound = (word: string, number: string | undefined) =>
    number === undefined ? [] : [`${word} ${written(field, number)}`];
  if (field.field === "time") return [...bound("from", from), ...bound("to", below)].join(" ");
  const words = [...bound("at least", from), ...bound("below", below), ...bound("at most", most)];
  return words.length === 0 ? "any number" : words.join(" and ");
}

/** The number of a class that is one number alone. */
function plain(label: string): string | undefined {
  return /^-?[\d.e+-]+$/.test(label) ? label : undefined;
}

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** A number as the policy writes it: minutes of the week as `fri 22:00`. */
function written({ field }: FieldClasses, number: string): string {
  if (field !== "time") return number;
  const minute = Number(number);
  const day = Math.floor(minute / 1440);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${days[day]} ${two(Math.floor((minute % 1440) / 60))}:${two(minute % 60)}`;
}

const mostListed = 6;

function orList(words: readonly string[]): string {
  if (words.length > mostListed) {
    return `${words.slice(0, mostListed - 1).join(", ")} or ${words.length - mostListed + 1} more`;
  }
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}
