/** Quantities as people write them elsewhere, in the words of the language. */

const units: Readonly<Record<string, string>> = {
  ms: "ms",
  msec: "ms",
  msecs: "ms",
  millisecond: "ms",
  milliseconds: "ms",
  s: "s",
  sec: "s",
  secs: "s",
  second: "s",
  seconds: "s",
  m: "m",
  min: "m",
  mins: "m",
  minute: "m",
  minutes: "m",
  h: "h",
  hr: "h",
  hrs: "h",
  hour: "h",
  hours: "h",
};

/** `5sec`, `2 min` and `1d` as `5s`, `2m` and `24h`; `undefined` for what is no duration in any words. */
export function nearDuration(text: string): string | undefined {
  const match = /^(\d{1,6})\s*([a-z]+)$/i.exec(text.trim());
  const unit = match?.[2]?.toLowerCase() ?? "";
  if (!match) return undefined;
  if (/^d(ays?)?$/.test(unit)) return `${Number(match[1]) * 24}h`;
  const known = Object.hasOwn(units, unit) ? units[unit] : undefined;
  return known && `${match[1]}${known}`;
}

/** `5 USD`, `$1,000` and `5$` as `$5`, `$1000` and `$5`; other currencies are not guessed. */
export function nearMoney(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/\s*(?:usd|dollars?|\$)$/i, "")
    .replace(/^(?:usd|\$)\s*/i, "");
  const amount = bare.replace(/,(?=\d{3}(?:\D|$))/g, "");
  return /^\d{1,8}(?:\.\d{1,9})?$/.test(amount) ? `$${amount}` : undefined;
}

/** `5 %` and `0.5` of one as `5%` and `50%`. */
export function nearPercentage(text: string): string | undefined {
  const match = /^(\d{1,5}(?:\.\d{1,4})?)\s*(?:%|percent)$/i.exec(text.trim());
  return match ? `${match[1]}%` : undefined;
}
