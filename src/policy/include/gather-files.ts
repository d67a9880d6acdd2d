import { type Diagnostic, diagnostic, type Place } from "../../diagnostics/diagnostic.ts";
import { quote } from "../../diagnostics/quote.ts";
import { decodeUtf8 } from "../decode-utf8.ts";
import type { Located } from "../yaml/located.ts";
import { readYaml } from "../yaml/read-yaml.ts";
import { below, folderOf, includedPath } from "./included-path.ts";

/** What an included file holds, by its path from the main file's folder; `undefined` where it cannot be read. */
export type ReadIncluded = (path: string) => Uint8Array | string | undefined;

/** One file of a policy that is YAML. */
export interface PolicyFile {
  /** As findings call it. */
  readonly file: string;
  readonly root: Located;
}

export interface GatheredFiles {
  /** The main file last, each file after those that it includes; those that are no YAML left out. */
  readonly files: readonly PolicyFile[];
  /** The text of every file that could be read, by what findings call it. */
  readonly sources: ReadonlyMap<string, string>;
  /** Paths from the main file's folder that were asked for, also of files that could not be read. */
  readonly included: readonly string[];
  readonly found: readonly Diagnostic[];
}

const deepest = 8;
const mostFiles = 64;

/** Reads a policy's main file and all that it includes, each file once. Never throws unless `read` does. */
export function gatherFiles(
  text: string,
  file: string,
  read: ReadIncluded | undefined,
): GatheredFiles {
  const gatherer = new Gatherer(folderOf(file), read);
  const main = file.slice(gatherer.folder === "" ? 0 : gatherer.folder.length + 1);
  gatherer.take({ text, file, path: main, around: [] });
  return gatherer;
}

/** A file to take: its text, and the chain of files that led to it. */
interface Taken {
  readonly text: string;
  readonly file: string;
  /** From the main file's folder. */
  readonly path: string;
  /** Paths of the files that include it, outermost first. */
  readonly around: readonly string[];
}

class Gatherer implements GatheredFiles {
  readonly files: PolicyFile[] = [];
  readonly sources = new Map<string, string>();
  readonly found: Diagnostic[] = [];
  readonly folder: string;
  readonly #read: ReadIncluded | undefined;
  readonly #seen = new Set<string>();

  get included(): readonly string[] {
    return [...this.#seen];
  }

  constructor(folder: string, read: ReadIncluded | undefined) {
    this.folder = folder;
    this.#read = read;
  }

  take({ text, file, path, around }: Taken): void {
    const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
    this.sources.set(file, body);
    const { root, found } = readYaml(body, file);
    this.found.push(...found);
    if (!root) return;
    for (const { written, place } of includesOf(root, file)) {
      this.#include(written, place, [...around, path]);
    }
    this.files.push({ file, root });
  }

  #include(written: string, place: Place, around: readonly string[]): void {
    const target = includedPath(written, folderOf(around.at(-1) ?? ""));
    if (target.kind === "refused") {
      this.#refuse(`${target.why}, found ${quote(written)}`, place);
      return;
    }
    const { path } = target;
    const circle = around.indexOf(path);
    if (circle !== -1) {
      const way = [...around.slice(circle), path].map(quote).join(" → ");
      this.found.push(diagnostic("SB212", `the file includes itself: ${way}`, place));
    } else if (!this.#seen.has(path)) this.#open(path, place, around);
  }

  #open(path: string, place: Place, around: readonly string[]): void {
    if (around.length > deepest) {
      this.#refuse(`expected files at most ${deepest} deep, found more`, place);
      return;
    }
    if (this.#seen.size >= mostFiles) {
      this.#refuse(`expected at most ${mostFiles} included files, found more`, place);
      return;
    }
    this.#seen.add(path);
    const content = this.#read?.(path);
    if (content === undefined) {
      const help = this.#read ? undefined : "a policy that is a text has no folder to look in";
      this.#refuse(`the file ${quote(path)} cannot be read`, place, help);
      return;
    }
    const file = below(this.folder, path);
    const decoded =
      typeof content === "string"
        ? ({ kind: "text", text: content } as const)
        : decodeUtf8(content, file);
    if (decoded.kind === "text") this.take({ text: decoded.text, file, path, around });
    else {
      this.sources.set(file, decoded.text);
      this.found.push(decoded.diagnostic);
    }
  }

  #refuse(message: string, place: Place, help?: string): void {
    this.found.push(diagnostic("SB211", message, place, { help }));
  }
}

interface WrittenInclude {
  readonly written: string;
  readonly place: Place;
}

/** The texts under `include`; whatever else stands there is told by the check of the shape. */
function includesOf(root: Located, file: string): readonly WrittenInclude[] {
  const list = root.kind === "map" ? root.entries.get("include")?.value : undefined;
  if (list?.kind !== "list") return [];
  return list.items.flatMap((item) =>
    item.kind === "scalar" && typeof item.value === "string" && item.value !== ""
      ? [{ written: item.value, place: { file, span: item.span } }]
      : [],
  );
}
