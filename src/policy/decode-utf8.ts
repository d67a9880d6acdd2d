import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import { longestFile } from "./yaml/limits.ts";

export type Decoded =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "refused"; readonly diagnostic: Diagnostic };

/**
 * Decodes a policy file's bytes. Whatever is not UTF-8 is refused, never replaced; a byte order mark is left out.
 *
 * @param file what the finding calls the file
 */
export function decodeUtf8(bytes: Uint8Array, file: string): Decoded {
  const place = { file, span: { start: 0, end: 0 } };
  if (bytes.byteLength > longestFile) {
    const message = `expected at most ${longestFile} bytes, found ${bytes.byteLength}`;
    return { kind: "refused", diagnostic: diagnostic("SB002", message, place) };
  }
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    const help = utf16(bytes) ? "it looks like UTF-16: save it as UTF-8" : "save it as UTF-8";
    const at = `the bytes after ${validPrefix(bytes)} are not UTF-8`;
    return { kind: "refused", diagnostic: diagnostic("SB001", at, place, { help }) };
  }
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
