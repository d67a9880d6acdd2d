import { nearest } from "../diagnostics/nearest.ts";
import type { ResolveRequest } from "../terms/facts.ts";

/** Everything that a request can say of itself. */
export const requestFields = [
  "model",
  "api",
  "stream",
  "needs",
  "inputTokens",
  "inputTokensAtMost",
  "outputTokens",
  "answers",
  "serverTools",
  "liftsWindow",
  "project",
  "user",
  "key",
  "attributes",
] as const satisfies readonly (keyof ResolveRequest)[];

/**
 * Finds what is no field of a request: a misspelt one, or an attribute outside `attributes`, would otherwise say nothing,
 * and the request go where it must not.
 *
 * @returns a problem for each, in one line
 */
export function unknownFields(request: object): readonly string[] {
  return Object.keys(request)
    .filter((name) => !requestFields.some((field) => field === name))
    .map((name) => {
      const near = nearest(name, requestFields);
      const hint = near === undefined ? "" : `did you mean \`${near}\`? `;
      return `a request has no field \`${name}\`: ${hint}attributes go under \`attributes\``;
    });
}
