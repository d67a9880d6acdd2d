import type { TimeTest } from "../policy/policy.generated.ts";
import type { WeekWindow } from "../terms/program.ts";

const dayMinutes = 24 * 60;
const weekMinutes = 7 * dayMinutes;
const days: readonly string[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/**
 * The stretches of the week that a test of the time means: in order, apart from each other, none over the week's end.
 *
 * Hours that end before they begin go over midnight and belong to the day they begin on: `days: [fri]` with
 * `22:00-06:00` ends on Saturday morning.
 */
export function weekWindows({ days: written, hours }: TimeTest): readonly WeekWindow[] {
  const stretches = (hours ?? ["00:00-24:00"]).map(stretchOf);
  const windows = dayNumbers(written ?? ["mon-sun"]).flatMap((day) =>
    stretches.flatMap(({ from, to }) =>
      withinWeek({ from: day * dayMinutes + from, to: day * dayMinutes + to }),
    ),
  );
  return merged(windows.toSorted((a, b) => a.from - b.from || a.to - b.to));
}

/** Days from 0 (Monday), those of ranges one by one; a range may go over the end of the week. */
function dayNumbers(written: readonly string[]): readonly number[] {
  return written.flatMap((text) => {
    const [first = "", last = first] = text.split("-");
    const from = days.indexOf(first);
    const length = (days.indexOf(last) - from + 7) % 7;
    return Array.from({ length: length + 1 }, (_, at) => (from + at) % 7);
  });
}

/** Minutes of a day; the end is on the next day where it does not come after the beginning. */
function stretchOf(text: string): WeekWindow {
  const [from = 0, to = 0] = text.split("-").map(minutesOf);
  return { from, to: to > from ? to : to + dayMinutes };
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

/** Sunday night is at the beginning of the week, too. */
function withinWeek({ from, to }: WeekWindow): readonly WeekWindow[] {
  if (to <= weekMinutes) return [{ from, to }];
  return [
    { from, to: weekMinutes },
    { from: 0, to: to - weekMinutes },
  ];
}

function merged(sorted: readonly WeekWindow[]): readonly WeekWindow[] {
  const apart: WeekWindow[] = [];
  for (const window of sorted) {
    const last = apart.at(-1);
    if (!last || window.from > last.to) apart.push(window);
    else if (window.to > last.to) apart[apart.length - 1] = { from: last.from, to: window.to };
  }
  return apart;
}
