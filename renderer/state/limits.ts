import type { ScheduleEntry, Weekday } from '../../app/ipc/contract.ts';

/** The slowest rate the engine takes, kB/s. */
export const leastKbps = 10;
const mostKbps = 1e9;

/** A rate in bytes per second of what was typed in kB/s: null for nothing typed, undefined for what is no rate. */
export function bpsOfText(text: string): number | null | undefined {
  const typed = text.trim();
  if (typed === '') return null;
  const kbps = Number(typed);
  return /^\d+$/.test(typed) && kbps >= leastKbps && kbps <= mostKbps ? kbps * 1000 : undefined;
}

/** A rate as it is typed; one below a kB/s more is rounded up. */
export function textOfBps(bps: number | null): string {
  return bps === null ? '' : String(Math.ceil(bps / 1000));
}

const week: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** The days that can be chosen at one go. */
export const dayChoices = {
  all: week,
  work: week.slice(0, 5),
  end: week.slice(5),
} as const satisfies Record<string, readonly Weekday[]>;
export type DayChoice = keyof typeof dayChoices;

/** Which choice some days are, undefined if they are none of them. */
export function choiceOf(days: readonly Weekday[]): DayChoice | undefined {
  return (Object.keys(dayChoices) as DayChoice[]).find(
    (choice) =>
      dayChoices[choice].length === days.length && dayChoices[choice].every((day) => days.includes(day)),
  );
}

/** The number of a day, 0 for Monday. */
export const dayNumber = (day: Weekday): number => week.indexOf(day);

/** A time of the week of what was chosen, or undefined while it is none. */
export function entryOf(typed: {
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
  readonly does: ScheduleEntry['does'];
  readonly up: string;
  readonly down: string;
}): ScheduleEntry | undefined {
  const { days, from, does } = typed;
  // A clock shows midnight as the beginning of a day; as an end it is that of the day before.
  const to = typed.to === '00:00' ? '24:00' : typed.to;
  if (![from, to].every((time) => /^\d\d:\d\d$/.test(time)) || from === to || days.length === 0)
    return undefined;
  if (does === 'pause') return { days, from, to, does };
  const [sendBps, receiveBps] = [bpsOfText(typed.up), bpsOfText(typed.down)];
  if (sendBps === undefined || receiveBps === undefined || (sendBps === null && receiveBps === null))
    return undefined;
  return { days, from, to, does, sendBps, receiveBps };
}
