import type { Rate } from './rate.ts';

/** LIMIT: more than anybody keeps in mind. */
export const maxScheduleEntries = 64;

/** The days of a week. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/**
 * A time of the week by the clock on the wall: on `days` from `from` (`00:00` to `23:59`) until before `to` (`00:01` to `24:00`); one that is not later than `from` is meant on the
 * day after. Syncing is paused then, or held to rates.
 */
export type ScheduleEntry = {
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
} & (
  | { readonly does: 'pause' }
  | { readonly does: 'limit'; readonly sendBps: Rate; readonly receiveBps: Rate }
);

/** What a clock on the wall shows: the day, 0 for Monday, and the minutes since midnight. */
export interface LocalTime {
  readonly day: number;
  readonly minute: number;
}

/** What a schedule wants at a moment. */
export interface ScheduleEffect {
  readonly isPaused: boolean;
  readonly sendBps: Rate;
  readonly receiveBps: Rate;
}

const minuteMs = 60_000;
const dayMinutes = 24 * 60;
/** A week, and a day for clocks that are put back meanwhile. */
const horizonMs = 8 * dayMinutes * minuteMs;

/** What holds when the wall shows `local`: paused if any entry says so, and of several rates the lowest. */
export function effectAt(schedule: readonly ScheduleEntry[], local: LocalTime): ScheduleEffect {
  const covering = schedule.filter((entry) => covers(entry, local));
  const limits = covering.flatMap((entry) => (entry.does === 'limit' ? [entry] : []));
  return {
    isPaused: covering.some(({ does }) => does === 'pause'),
    sendBps: lowest(limits.map(({ sendBps }) => sendBps)),
    receiveBps: lowest(limits.map(({ receiveBps }) => receiveBps)),
  };
}

/**
 * The first whole minute after `at` (wall milliseconds) at which something else holds than at `at`; undefined if nothing changes within eight days.
 * `toLocal` knows the time zone; hours that it leaves out or has twice are taken as the wall shows them.
 */
export function nextChange(
  schedule: readonly ScheduleEntry[],
  at: number,
  toLocal: (at: number) => LocalTime,
): number | undefined {
  if (schedule.length === 0) return undefined;
  const present = effectAt(schedule, toLocal(at));
  const first = Math.floor(at / minuteMs) * minuteMs + minuteMs;
  for (let then = first; then <= at + horizonMs; then += minuteMs)
    if (!isSame(effectAt(schedule, toLocal(then)), present)) return then;
  return undefined;
}

/** The lowest of some rates; null where none holds. */
export function lowest(rates: readonly Rate[]): Rate {
  const held = rates.filter((rate) => rate !== null);
  return held.length === 0 ? null : Math.min(...held);
}

function covers(entry: ScheduleEntry, { day, minute }: LocalTime): boolean {
  const from = minutesOf(entry.from);
  const to = minutesOf(entry.to);
  const isOn = (on: number): boolean => entry.days.includes(weekdays[on] as Weekday);
  if (from < to) return isOn(day) && minute >= from && minute < to;
  return (isOn(day) && minute >= from) || (isOn((day + 6) % 7) && minute < to);
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function isSame(a: ScheduleEffect, b: ScheduleEffect): boolean {
  return a.isPaused === b.isPaused && a.sendBps === b.sendBps && a.receiveBps === b.receiveBps;
}
