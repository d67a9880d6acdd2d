import { isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import { type Diagnostic, diagnostic } from "../../diagnostics/diagnostic.ts";
import { quote } from "../../diagnostics/quote.ts";
import type { Span } from "../../diagnostics/span.ts";
import type { Located, LocatedEntry, LocatedScalar } from "./located.ts";

export interface BuiltTree {
  readonly root: Located;
  readonly found: readonly Diagnostic[];
}

/**
 * Turns the YAML library's nodes into {@link Located} data. Finds keys that are no text or come twice, merge keys, and
 * numbers that a double cannot hold. Recursion is bounded, as the depth was checked before.
 */
export function buildTree(node: unknown, text: string, file: string): BuiltTree {
  const builder = new Builder(text, file);
  const root = builder.build(node, { start: 0, end: 0 });
  return { root, found: builder.found };
}

class Builder {
  readonly found: Diagnostic[] = [];
  readonly #text: string;
  readonly #file: string;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  build(node: unknown, empty: Span): Located {
    if (isMap(node)) return this.#map(node);
    if (isSeq(node)) return this.#list(node);
    return isScalar(node)
      ? this.#scalar(node, empty)
      : { kind: "scalar", span: empty, value: null };
  }

  #map(node: YAMLMap): Located {
    const entries = new Map<string, LocatedEntry>();
    for (const pair of node.items) this.#entry(pair, entries);
    return { kind: "map", span: this.#spanOf(node.range), entries };
  }

  #entry(pair: Pair, entries: Map<string, LocatedEntry>): void {
    const key = isScalar(pair.key) && typeof pair.key.value === "string" ? pair.key : undefined;
    if (!key) {
      this.#badKey(pair.key, pair.value);
      return;
    }
    const name = String(key.value);
    const span = this.#spanOf(key.range);
    const value = this.build(pair.value, span);
    if (name === "<<") this.#mergeKey(span);
    const first = entries.get(name);
    if (first) this.#duplicate(name, span, first.key);
    else entries.set(name, { key: span, value });
  }

  #list(node: YAMLSeq): Located {
    const span = this.#spanOf(node.range);
    const items = node.items.map((item) =>
      this.build(item, { start: span.start, end: span.start + 1 }),
    );
    return { kind: "list", span, items };
  }

  #scalar(node: Scalar, empty: Span): LocatedScalar {
    const span = this.#spanOf(node.range);
    const { value } = node;
    if (typeof value === "number") this.#exact(value, span);
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      return { kind: "scalar", span, value };
    }
    return { kind: "scalar", span: span.end > span.start ? span : empty, value: null };
  }

  #exact(value: number, span: Span): void {
    const held = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
    if (held) return;
    const message = `the number ${quote(this.#text.slice(span.start, span.end))} cannot be kept exactly`;
    this.found.push(
      diagnostic(
        "SB012",
        message,
        { file: this.#file, span },
        { help: "quote it if it is a text" },
      ),
    );
  }

  #badKey(key: unknown, value: unknown): void {
    const node = isMap(key) || isSeq(key) || isScalar(key) ? key : value;
    const range = isMap(node) || isSeq(node) || isScalar(node) ? node.range : undefined;
    const place = { file: this.#file, span: this.#spanOf(range) };
    this.found.push(diagnostic("SB010", "expected a text as the key", place));
  }

  #mergeKey(span: Span): void {
    const help = "write the members out where they are needed";
    const message = "the merge key `<<` is not part of the language";
    this.found.push(diagnostic("SB004", message, { file: this.#file, span }, { help }));
  }

  #duplicate(name: string, span: Span, first: Span): void {
    const related = [{ file: this.#file, span: first, message: "first written here" }];
    const message = `the key ${quote(name)} is written twice`;
    this.found.push(diagnostic("SB009", message, { file: this.#file, span }, { related }));
  }

  /** The node's own text, without the white space and comments that the library counts to a block. */
  #spanOf(range: readonly [number, number, number] | null | undefined): Span {
    if (!range) return { start: 0, end: 0 };
    const [start, end] = range;
    return { start, end: start + this.#text.slice(start, end).trimEnd().length };
  }
}
