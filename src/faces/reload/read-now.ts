import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Reads a file without waiting; `undefined` where it cannot be read, whatever the reason. */
export function readNow(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Where a file stands that a policy includes: paths count from the policy's folder, for standard input from here. */
export function includedFrom(policyFile: string, path: string): string {
  return policyFile === "-" ? path : join(dirname(policyFile), path);
}
