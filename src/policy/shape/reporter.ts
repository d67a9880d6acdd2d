import type { Code } from "../../diagnostics/codes.ts";
import { type Diagnostic, diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Path } from "../loaded-policy.ts";
import { keySpan, type Located, valueSpan } from "../yaml/located.ts";
import { type FormOf, formOf } from "./forms.ts";

/** Most findings in one file: more than anyone reads, and a bound on the work of a hostile file. */
export const mostFindings = 200;

/** Collects findings about one document, by path. */
export class Reporter {
  readonly found: Diagnostic[] = [];
  /** What the patterns of the schema stand for. */
  readonly formOf: FormOf;
  readonly #root: Located;
  readonly #file: string;

  /** Whether so much was found that looking on is of no use to anyone. */
  get full(): boolean {
    return this.found.length >= mostFindings;
  }

  constructor(root: Located, file: string, forms: FormOf = formOf) {
    this.#root = root;
    this.#file = file;
    this.formOf = forms;
  }

  /** Reports a value. */
  value(code: Code, message: string, path: Path, help?: string): void {
    const place = { file: this.#file, span: valueSpan(this.#root, path) };
    if (!this.full) this.found.push(diagnostic(code, message, place, { help }));
  }

  /** Reports a key; of a list's item, its beginning. */
  key(code: Code, message: string, path: Path, help?: string): void {
    const place = { file: this.#file, span: keySpan(this.#root, path) };
    if (!this.full) this.found.push(diagnostic(code, message, place, { help }));
  }

  /** Reports a scalar at itself, a block or list at its key. */
  either(code: Code, message: string, path: Path, value: unknown, help?: string): void {
    if (typeof value === "object") this.key(code, message, path, help);
    else this.value(code, message, path, help);
  }
}
