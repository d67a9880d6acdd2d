import type { Place } from "../diagnostics/diagnostic.ts";
import { type Locate, locator } from "../diagnostics/span.ts";
import type { Program } from "../terms/program.ts";
import type { Origins } from "./origins.ts";
import { canonicalJson } from "./revision.ts";

/** {@link Origins} as a compiled policy's file holds them: `policy.yaml:12` for each. */
export interface WrittenOrigins {
  readonly providers: Readonly<Record<string, string>>;
  readonly routes: readonly string[];
  readonly chains: Readonly<
    Record<string, { readonly at: string; readonly steps: readonly string[] }>
  >;
  readonly ceilings: readonly string[];
}

/**
 * Writes a Program as the JSON that `readProgramJson` and `createRouter` take, with where its parts came from beside it.
 *
 * Members stand in the order of their names, and every route, chain and provider on a line of its own, so that equal
 * Programs have equal files and versions can be compared. Without its line ends the text up to `revision` is the
 * canonical JSON that the revision is the hash of: a reader can check it as it is. `origins` are no part of that.
 *
 * @param sources texts of the policy's files, by the names that `origins` gives them
 */
export function programJson(
  program: Program,
  origins: Origins,
  sources: ReadonlyMap<string, string>,
): string {
  const { revision, ...content } = program;
  const body = members(content).map(([name, value]) => `${canonicalJson(name)}:${spread(value)}`);
  const end = `"revision":${canonicalJson(revision)},\n"origins":${spread(written(origins, sources))}`;
  return `{\n${body.join(",\n")},\n${end}\n}\n`;
}

/** A list or map with each entry on a line; anything else on one. */
function spread(value: unknown): string {
  if (Array.isArray(value)) return lines("[", value.map(canonicalJson), "]");
  if (typeof value !== "object" || value === null) return canonicalJson(value);
  const entries = members(value).map(
    ([name, each]) => `${canonicalJson(name)}:${canonicalJson(each)}`,
  );
  return lines("{", entries, "}");
}

function lines(open: string, entries: readonly string[], close: string): string {
  return entries.length === 0 ? `${open}${close}` : `${open}\n${entries.join(",\n")}\n${close}`;
}

function members(object: object): readonly (readonly [string, unknown])[] {
  return Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1));
}

function written(
  { providers, routes, chains, ceilings }: Origins,
  sources: ReadonlyMap<string, string>,
): WrittenOrigins {
  const locators = new Map<string, Locate>();
  for (const [file, text] of sources) locators.set(file, locator(text));
  const at = ({ file, span }: Place) => `${file}:${locators.get(file)?.(span.start).line ?? 1}`;
  const mapped = <From, To>(record: Readonly<Record<string, From>>, make: (from: From) => To) =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, make(value)]));
  return {
    providers: mapped(providers, at),
    routes: routes.map(at),
    chains: mapped(chains, (chain) => ({ at: at(chain.at), steps: chain.steps.map(at) })),
    ceilings: ceilings.map(at),
  };
}
