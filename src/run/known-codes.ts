import { classOfCode, statusOfType } from "./classify-rules.ts";

/** Codes and types that say nothing of a class by themselves, and help whoever reads the message. */
const plainCodes: ReadonlySet<string> = new Set([
  "bad_request",
  "decimal_above_max_value",
  "decimal_below_min_value",
  "empty_array",
  "failed_precondition",
  "integer_above_max_value",
  "integer_below_min_value",
  "invalid_image_url",
  "invalid_json",
  "invalid_request",
  "invalid_type",
  "invalid_value",
  "json_validate_failed",
  "missing_required_parameter",
  "string_above_max_length",
  "unknown_parameter",
  "validation_error",
  "validationexception",
]);

/**
 * Tells whether a provider's code is one that we know, whatever its case, and may stand in a message of ours. An unknown
 * one may hold anything, also what a provider repeats of a key.
 */
export function isKnownCode(code: string): boolean {
  const name = code.toLowerCase();
  return (
    Object.hasOwn(classOfCode, name) || Object.hasOwn(statusOfType, name) || plainCodes.has(name)
  );
}
