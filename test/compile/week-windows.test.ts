import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { weekWindows } from "../../src/compile/week-windows.ts";
import { matcherOf } from "../../src/resolve/condition.ts";
import type { Facts } from "../../src/terms/facts.ts";

const day = 1440;
const at = (days: number, hours = 0, minutes = 0) => days * day + hours * 60 + minutes;

describe("the windows of the week", () => {
  it.for([
    ["days alone", { days: ["tue"] }, [[at(1), at(2)]]],
    ["a range of days, as one stretch", { days: ["mon-fri"] }, [[at(0), at(5)]]],
    [
      "days over the end of the week",
      { days: ["sat-mon"] },
      [
        [at(0), at(1)],
        [at(5), at(7)],
      ],
    ],
    ["a range of one day", { days: ["wed-wed"] }, [[at(2), at(3)]]],
    [
      "days out of order, twice and next to each other",
      { days: ["thu", "mon-tue", "tue-wed"] },
      [[at(0), at(4)]],
    ],
    [
      "hours alone",
      { hours: ["09:00-17:30"] },
      [0, 1, 2, 3, 4, 5, 6].map((d) => [at(d, 9), at(d, 17, 30)]),
    ],
    [
      "hours of a day",
      { days: ["fri"], hours: ["00:00-00:01", "23:59-24:00"] },
      [
        [at(4), at(4, 0, 1)],
        [at(4, 23, 59), at(5)],
      ],
    ],
    [
      "hours over midnight, of the day they begin on",
      { days: ["fri"], hours: ["22:00-06:00"] },
      [[at(4, 22), at(5, 6)]],
    ],
    [
      "hours over the end of the week",
      { days: ["sun"], hours: ["22:00-06:00"] },
      [
        [0, at(0, 6)],
        [at(6, 22), at(7)],
      ],
    ],
    [
      "hours to midnight, written either way",
      { days: ["mon"], hours: ["22:00-00:00", "20:00-24:00"] },
      [[at(0, 20), at(1)]],
    ],
    ["the whole week, as one", { hours: ["00:00-12:00", "12:00-24:00"] }, [[0, at(7)]]],
  ] as const)("%s", ([, test, windows]) => {
    const written = {
      ...("days" in test && { days: [...test.days] }),
      ...("hours" in test && { hours: [...test.hours] }),
    };
    expect(weekWindows(written).map(({ from, to }) => [from, to])).toEqual(windows);
  });

  const names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

  it("hold at exactly the minutes that the words mean, in order and apart", () => {
    const days = fc.uniqueArray(fc.tuple(fc.nat(6), fc.nat(6)), { minLength: 1, maxLength: 3 });
    const hours = fc.uniqueArray(
      fc.tuple(fc.nat(1439), fc.nat(1439)).filter(([from, to]) => from !== to),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(fc.option(days), fc.option(hours), fc.nat(7 * day - 1), (days, hours, minute) => {
        const windows = weekWindows({
          ...(days && { days: days.map(([from, to]) => `${names[from]}-${names[to]}`) }),
          ...(hours && { hours: hours.map(([from, to]) => `${clock(from)}-${clock(to)}`) }),
        });
        const isDay = (number: number) =>
          !days || days.some(([from, to]) => (number - from + 7) % 7 <= (to - from + 7) % 7);
        const today = Math.floor(minute / day);
        const now = minute % day;
        const holds = (hours ?? [[0, day] as const]).some(([from, to]) =>
          from < to
            ? isDay(today) && from <= now && now < to
            : (isDay(today) && now >= from) || (isDay((today + 6) % 7) && now < to),
        );
        const matches = matcherOf({ fields: [{ field: "time", test: { kind: "time", windows } }] });
        expect(matches({} as Facts, minute)).toBe(holds);
        for (const [index, { from, to }] of windows.entries()) {
          expect(from).toBeGreaterThan(windows[index - 1]?.to ?? -1);
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(7 * day);
        }
      }),
    );
  });
});
