/**
 * Writes JSON with white space wherever it may stand; `spaces` says how many at each place in turn, over and over.
 */
export function spaced(value: unknown, spaces: readonly number[]): string {
  let turn = 0;
  const gap = () => " \n\t\r ".slice(0, spaces[turn++ % Math.max(1, spaces.length)] ?? 0);
  const write = (item: unknown): string => {
    if (Array.isArray(item))
      return `[${gap()}${item.map(write).join(`${gap()},${gap()}`)}${gap()}]`;
    if (typeof item !== "object" || item === null) return JSON.stringify(item);
    const members = Object.entries(item).map(
      ([key, inner]) => `${JSON.stringify(key)}${gap()}:${gap()}${write(inner)}`,
    );
    return `{${gap()}${members.join(`${gap()},${gap()}`)}${gap()}}`;
  };
  return `${gap()}${write(value)}${gap()}`;
}
