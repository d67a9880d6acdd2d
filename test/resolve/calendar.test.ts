import { describe, expect, it } from "vitest";
import { createCalendar, type WindowPeriod } from "../../src/resolve/calendar.ts";

const iso = (ms: number) => new Date(ms).toISOString().replace(".000", "");

describe("createCalendar", () => {
  it.for<{
    name: string;
    zone: string;
    period: WindowPeriod;
    at: string;
    start: string;
    end: string;
  }>([
    {
      name: "a day begins at midnight of the policy's zone",
      zone: "Europe/Berlin",
      period: "day",
      at: "2026-11-22T22:59:59Z",
      start: "2026-11-21T23:00:00Z",
      end: "2026-11-22T23:00:00Z",
    },
    {
      name: "the day the clock goes forward has 23 hours",
      zone: "Europe/Berlin",
      period: "day",
      at: "2026-03-29T12:00:00Z",
      start: "2026-03-28T23:00:00Z",
      end: "2026-03-29T22:00:00Z",
    },
    {
      name: "the day the clock goes back has 25 hours",
      zone: "Europe/Berlin",
      period: "day",
      at: "2026-10-25T12:00:00Z",
      start: "2026-10-24T22:00:00Z",
      end: "2026-10-25T23:00:00Z",
    },
    {
      name: "a day without midnight begins at its first moment",
      zone: "America/Santiago",
      period: "day",
      at: "2026-09-06T12:00:00Z",
      start: "2026-09-06T04:00:00Z",
      end: "2026-09-07T03:00:00Z",
    },
    {
      name: "a week begins on Monday",
      zone: "UTC",
      period: "week",
      at: "2026-11-22T23:59:59Z",
      start: "2026-11-16T00:00:00Z",
      end: "2026-11-23T00:00:00Z",
    },
    {
      name: "a Monday is in its own week",
      zone: "UTC",
      period: "week",
      at: "2026-11-23T00:00:00Z",
      start: "2026-11-23T00:00:00Z",
      end: "2026-11-30T00:00:00Z",
    },
    {
      name: "a week across the change of clocks is seven calendar days",
      zone: "Europe/Berlin",
      period: "week",
      at: "2026-03-29T10:00:00Z",
      start: "2026-03-22T23:00:00Z",
      end: "2026-03-29T22:00:00Z",
    },
    {
      name: "February of a leap year has 29 days",
      zone: "UTC",
      period: "month",
      at: "2028-02-29T12:00:00Z",
      start: "2028-02-01T00:00:00Z",
      end: "2028-03-01T00:00:00Z",
    },
    {
      name: "a month begins in the policy's zone, not in UTC",
      zone: "America/New_York",
      period: "month",
      at: "2026-12-01T03:00:00Z",
      start: "2026-11-01T04:00:00Z",
      end: "2026-12-01T05:00:00Z",
    },
    {
      name: "an hour of a zone off by half an hour is its own",
      zone: "Asia/Kolkata",
      period: "hour",
      at: "2026-11-22T10:45:00Z",
      start: "2026-11-22T10:30:00Z",
      end: "2026-11-22T11:30:00Z",
    },
    {
      name: "the second of two equal hours on the wall is a window of its own",
      zone: "Europe/Berlin",
      period: "hour",
      at: "2026-10-25T01:30:00Z",
      start: "2026-10-25T01:00:00Z",
      end: "2026-10-25T02:00:00Z",
    },
    {
      name: "a minute is a minute",
      zone: "UTC",
      period: "minute",
      at: "2026-11-22T10:45:59Z",
      start: "2026-11-22T10:45:00Z",
      end: "2026-11-22T10:46:00Z",
    },
  ])("$name", ({ zone, period, at, start, end }) => {
    const window = createCalendar(zone)(period, Date.parse(at));
    expect([iso(window.startMs), iso(window.endMs)]).toEqual([start, end]);
  });

  it("finds the earlier window again when the clock goes back", () => {
    const window = createCalendar("UTC");
    const first = window("day", Date.parse("2026-11-22T12:00:00Z"));
    window("day", Date.parse("2026-11-23T12:00:00Z"));
    expect(window("day", Date.parse("2026-11-22T13:00:00Z"))).toEqual(first);
  });
});
