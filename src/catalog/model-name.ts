/**
 * Names under which the same model may be listed: the name itself, without a release date (`gpt-4o-2024-08-06`,
 * `claude-sonnet-4-5-20250929`, `claude-sonnet-4-5@20250929`), without `-latest`, and Anthropic's `claude-opus-4-0` for
 * `claude-opus-4`. Nothing else counts as the same: `gpt-4o-mini` is no `gpt-4o`, and a four-digit suffix (`kimi-k2-0905`)
 * is often a different model.
 *
 * @returns the asked name first, then shorter and shorter forms, without repeats.
 */
export function sameModelNames(model: string): readonly string[] {
  const undated = model.replace(releaseDate, "");
  const moving = undated.replace(/-latest$/, "");
  const whole = /^claude-/.test(moving) ? moving.replace(/(-\d)-0$/, "$1") : moving;
  return [...new Set([model, undated, moving, whole])];
}

/** The one form that all names of the same model share. */
export function plainModelName(model: string): string {
  return sameModelNames(model).at(-1) ?? model;
}

const releaseDate = /[-@](?:20\d{2}-\d{2}-\d{2}|20\d{2}[01]\d[0-3]\d)$/;
