/** Fails to type-check where a case of a closed union is missing, and throws if untyped data slips through. */
export function unreachable(value: never): never {
  throw new TypeError(`unreachable: ${JSON.stringify(value)}`);
}
