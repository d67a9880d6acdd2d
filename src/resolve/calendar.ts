import { Temporal } from "temporal-polyfill";
import type { CeilingPeriod } from "../terms/program.ts";
import { unreachable } from "../terms/unreachable.ts";

/** A stretch of time `[startMs, endMs)` in epoch milliseconds. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

export type WindowPeriod = Exclude<CeilingPeriod, "request">;

/**
 * The calendar of a policy's time zone: which window a moment lies in.
 *
 * Weeks start on Monday; a day of 23 or 25 hours is one day; minutes and hours follow the wall clock's zone, so zones
 * off by half an hour have hours of their own. The last window of each period is remembered, which saves the look-up
 * for all but the first request in it.
 */
export function createCalendar(timezone: string): (period: WindowPeriod, nowMs: number) => Window {
  const last = new Map<WindowPeriod, Window>();
  return (period, nowMs) => {
    const known = last.get(period);
    if (known && known.startMs <= nowMs && nowMs < known.endMs) return known;
    const window = windowAt(timezone, period, nowMs);
    last.set(period, window);
    return window;
  };
}

/** Tells the minute of the week on the clocks of a time zone, from Monday 00:00; the last one told is remembered. */
export function createWeekClock(timezone: string): (nowMs: number) => number {
  let known = { startMs: Number.NaN, minute: 0 };
  return (nowMs) => {
    const startMs = Math.floor(nowMs / 60_000) * 60_000;
    if (startMs !== known.startMs) {
      const now = Temporal.Instant.fromEpochMilliseconds(startMs).toZonedDateTimeISO(timezone);
      known = { startMs, minute: ((now.dayOfWeek - 1) * 24 + now.hour) * 60 + now.minute };
    }
    return known.minute;
  };
}

function windowAt(timezone: string, period: WindowPeriod, nowMs: number): Window {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timezone);
  switch (period) {
    case "minute":
      return exact(now.round({ smallestUnit: "minute", roundingMode: "floor" }), 60_000);
    case "hour":
      return exact(now.round({ smallestUnit: "hour", roundingMode: "floor" }), 3_600_000);
    case "day":
      return between(now.startOfDay(), { days: 1 });
    case "week":
      return between(now.startOfDay().subtract({ days: now.dayOfWeek - 1 }), { weeks: 1 });
    case "month":
      return between(now.with({ day: 1 }).startOfDay(), { months: 1 });
    default:
      return unreachable(period);
  }
}

/** Minutes and hours have one length, also where the clock is put forward or back inside the day. */
function exact(start: Temporal.ZonedDateTime, lengthMs: number): Window {
  return { startMs: start.epochMilliseconds, endMs: start.epochMilliseconds + lengthMs };
}

function between(start: Temporal.ZonedDateTime, length: Temporal.DurationLike): Window {
  return {
    startMs: start.startOfDay().epochMilliseconds,
    endMs: start.add(length).startOfDay().epochMilliseconds,
  };
}
