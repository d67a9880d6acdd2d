import { fileURLToPath } from "node:url";
import type { Program } from "../../terms/program.ts";

/** What a router was given: a file, a text, or a compiled Program. */
export type PolicySource =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "program"; readonly program: Program };

/**
 * Tells what was given: a string with a line end in it is the text of a policy, any other string is a path, as no policy
 * fits on one line and no path has two.
 *
 * @throws TypeError for anything else, and for a URL that names no file of this machine
 */
export function policySource(policy: string | URL | Program): PolicySource {
  if (typeof policy === "string") {
    if (policy === "")
      throw new TypeError("expected a policy's path or text, found an empty string");
    return policy.includes("\n") ? { kind: "text", text: policy } : { kind: "file", path: policy };
  }
  if (policy instanceof URL) {
    if (policy.protocol === "file:") return { kind: "file", path: fileURLToPath(policy) };
    throw new TypeError(`expected a file: URL, found ${policy.protocol}`);
  }
  if (policy?.format === 1) return { kind: "program", program: policy };
  throw new TypeError("expected a policy's path, text, file: URL or compiled Program of format 1");
}
