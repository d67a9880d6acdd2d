import { Temporal } from "temporal-polyfill";

/** A Monday; any would do. */
const monday = Temporal.PlainDateTime.from("2026-01-05T00:00");

/**
 * A moment, in epoch milliseconds, at which the clocks of a time zone show a minute of the week, from Monday 00:00. A
 * week in which the clock is put forward over that minute is passed over.
 */
export function momentOf(timezone: string, minute: number): number {
  for (let week = 0; week < 60; week++) {
    const wanted = monday.add({ weeks: week, minutes: minute });
    const moment = wanted.toZonedDateTime(timezone);
    if (moment.toPlainDateTime().equals(wanted)) return moment.epochMilliseconds;
  }
  throw new TypeError(`no clock of ${timezone} shows minute ${minute} of the week`);
}
