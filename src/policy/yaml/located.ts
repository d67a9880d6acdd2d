import type { Place } from "../../diagnostics/diagnostic.ts";
import type { Span } from "../../diagnostics/span.ts";

/** A YAML document as data in which every key and value knows its place. */
export type Located = LocatedMap | LocatedList | LocatedScalar;

interface FromFile {
  /** The file that it stands in, with all that is in it and its own key; missing where it is that of what holds it. */
  readonly file?: string;
}

export interface LocatedMap extends FromFile {
  readonly kind: "map";
  readonly span: Span;
  readonly entries: ReadonlyMap<string, LocatedEntry>;
}

export interface LocatedEntry {
  readonly key: Span;
  readonly value: Located;
}

export interface LocatedList extends FromFile {
  readonly kind: "list";
  readonly span: Span;
  readonly items: readonly Located[];
}

export interface LocatedScalar extends FromFile {
  readonly kind: "scalar";
  /** Of a value left empty, the place where it would stand. */
  readonly span: Span;
  readonly value: string | number | boolean | null;
}

interface Found {
  readonly node: Located;
  /** The last key passed, of the value itself where `exact`. */
  readonly key: Span;
  readonly exact: boolean;
  readonly file: string;
}

/** Where the value at a path stands, or its nearest parent. */
export function valueSpan(root: Located, path: readonly (string | number)[]): Span {
  return valuePlace(root, path, "").span;
}

/** Where the key of the value at a path stands, or of its nearest parent; of a list's item the beginning of the item. */
export function keySpan(root: Located, path: readonly (string | number)[]): Span {
  return keyPlace(root, path, "").span;
}

/** {@link valueSpan} with its file: that of the document, but for what was included. */
export function valuePlace(
  root: Located,
  path: readonly (string | number)[],
  documentFile: string,
): Place {
  const { node, key, file } = follow(root, path, documentFile);
  return { file, span: node.kind === "scalar" && node.value === null ? key : node.span };
}

/** {@link keySpan} with its file: that of the document, but for what was included. */
export function keyPlace(
  root: Located,
  path: readonly (string | number)[],
  documentFile: string,
): Place {
  const { key, file } = follow(root, path, documentFile);
  return { file, span: key };
}

function follow(root: Located, path: readonly (string | number)[], file: string): Found {
  let found: Found = { node: root, key: beginning(root), exact: true, file: root.file ?? file };
  for (const step of path) {
    const next = child(found.node, step);
    if (!next) return { ...found, exact: false };
    const { value, key } = next;
    found = { node: value, key, exact: true, file: value.file ?? found.file };
  }
  return found;
}

function child(node: Located, step: string | number): LocatedEntry | undefined {
  if (node.kind === "map") return node.entries.get(String(step));
  if (node.kind === "scalar" || typeof step === "string") return undefined;
  const item = node.items[step];
  return item && { key: beginning(item), value: item };
}

/** The first thing to point at in a value: a scalar itself, a map's first key, a list's first item. */
function beginning(node: Located): Span {
  switch (node.kind) {
    case "scalar":
      return node.span;
    case "map":
      return node.entries.values().next().value?.key ?? node.span;
    case "list":
      return { start: node.span.start, end: node.span.start + 1 };
  }
}

/** The plain data of a document: objects without prototype, so that no key can reach one. */
export function plainData(node: Located): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(plainData);
    case "map": {
      const object: Record<string, unknown> = Object.create(null);
      for (const [key, entry] of node.entries) object[key] = plainData(entry.value);
      return object;
    }
  }
}
