import { Temporal } from "temporal-polyfill";

/** The Monday of a week in which no zone puts its clocks forward or back, so that every minute comes once. */
const monday = Temporal.PlainDateTime.from("2026-01-05T00:00");

/**
 * A moment, in epoch milliseconds, at which the clocks of a time zone show a minute of the week, from Monday 00:00; it
 * lies in January 2026.
 */
export function momentOf(timezone: string, minute: number): number {
  return monday.add({ minutes: minute }).toZonedDateTime(timezone).epochMilliseconds;
}
