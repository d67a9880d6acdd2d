import { printable } from "./printable.ts";

/**
 * Writes a workflow command, which GitHub Actions shows beside the lines of a file, without its line end.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions, read 2026-11-22
 */
export function workflowCommand(
  kind: "error" | "warning" | "notice",
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const written = Object.entries(properties).map(
    ([name, value]) => `${name}=${commandProperty(`${value}`)}`,
  );
  return `::${kind} ${written.join(",")}::${commandData(message)}`;
}

/** What follows the last `::`: a line end would end the command. */
export function commandData(text: string): string {
  return printable(text.replaceAll("\r", "\n")).replaceAll("%", "%25").replaceAll("\n", "%0A");
}

/** A value before it, which colons and commas would end as well. */
function commandProperty(text: string): string {
  return commandData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
