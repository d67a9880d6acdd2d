import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import { longestFile } from "./yaml/limits.ts";

export type Decoded =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "refused";
      readonly diagnostic: Diagnostic;
      /** The bytes as far as they can be shown; only for showing where the fault is. */
      readonly text: string;
    };

/**
 * Decodes a policy file's bytes. Whatever is not UTF-8 is refused, never replaced; a byte order mark is left out.
 *
 * @param file what the finding calls the file
 */
export function decodeUtf8(bytes: Uint8Array, file: string): Decoded {
  if (bytes.byteLength > longestFile) {
    const message = `expected at most ${longestFile} bytes, found ${bytes.byteLength}`;
    const place = { file, span: { start: 0, end: 0 } };
    return { kind: "refused", text: "", diagnostic: diagnostic("SB002", message, place) };
  }
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return notUtf8(bytes, file);
  }
}

function notUtf8(bytes: Uint8Array, file: string): Decoded {
  const before = new TextDecoder().decode(bytes.subarray(0, validPrefix(bytes)), { stream: true });
  const place = { file, span: { start: before.length, end: before.length + 1 } };
  const help = utf16(bytes) ? "it looks like UTF-16: save it as UTF-8" : "save it as UTF-8";
  const found = diagnostic("SB001", "expected UTF-8, found other bytes", place, { help });
  return { kind: "refused", diagnostic: found, text: new TextDecoder().decode(bytes) };
}

function utf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** How many bytes from the beginning are UTF-8; found by halving. */
function validPrefix(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.byteLength;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (decodes(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Whether the bytes are UTF-8 but for a character that is cut at their end. */
function decodes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
