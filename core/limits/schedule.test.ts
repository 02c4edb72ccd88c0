import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  effectAt,
  formatScheduleEntry,
  type LocalTime,
  nextChange,
  parseSchedule,
  type ScheduleEffect,
  type ScheduleEntry,
  ScheduleTextError,
  weekdays,
} from './limits.ts';

const minuteMs = 60_000;
const weekMinutes = 7 * 24 * 60;

/** What the wall shows in a time zone, as the system's own tables have it. */
function wallOf(timeZone: string): (at: number) => LocalTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const day = weekdays.findIndex((name) => name === parts['weekday']?.toLowerCase());
    return { day, minute: Number(parts['hour']) * 60 + Number(parts['minute']) };
  };
}

/** Spans of eight days: a plain one, and those in which clocks go forward or back, by an hour and by half of one. */
const spans = [
  { zone: 'UTC', from: '2026-06-03T00:00Z' },
  { zone: 'Europe/Berlin', from: '2026-03-25T12:00Z' },
  { zone: 'Europe/Berlin', from: '2026-10-21T12:00Z' },
  { zone: 'America/New_York', from: '2026-03-04T12:00Z' },
  { zone: 'Australia/Lord_Howe', from: '2026-04-01T12:00Z' },
  { zone: 'Asia/Kathmandu', from: '2026-01-01T00:00Z' },
];

/** The plain way: every minute of the week each entry covers, ticked off. */
function oracle(schedule: readonly ScheduleEntry[]): (local: LocalTime) => ScheduleEffect {
  const ticked = schedule.map((entry) => {
    const minutes = new Set<number>();
    const [from, to] = [entry.from, entry.to].map(
      (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)),
    ) as [number, number];
    for (const day of entry.days) {
      const start = weekdays.indexOf(day) * 1440 + from;
      const length = to > from ? to - from : to + 1440 - from;
      for (let i = 0; i < length; i++) minutes.add((start + i) % weekMinutes);
    }
    return { entry, minutes };
  });
  return ({ day, minute }) => {
    const effect = {
      isPaused: false,
      sendBps: Number.POSITIVE_INFINITY,
      receiveBps: Number.POSITIVE_INFINITY,
    };
    for (const { entry, minutes } of ticked) {
      if (!minutes.has(day * 1440 + minute)) continue;
      if (entry.does === 'pause') effect.isPaused = true;
      else {
        effect.sendBps = Math.min(effect.sendBps, entry.sendBps ?? Number.POSITIVE_INFINITY);
        effect.receiveBps = Math.min(effect.receiveBps, entry.receiveBps ?? Number.POSITIVE_INFINITY);
      }
    }
    const told = (rate: number) => (rate === Number.POSITIVE_INFINITY ? null : rate);
    return { ...effect, sendBps: told(effect.sendBps), receiveBps: told(effect.receiveBps) };
  };
}

const two = (number: number): string => String(number).padStart(2, '0');
const rate = fc.option(fc.constantFrom(10_000, 50_000, 1_000_000));
const when = fc
  .record({
    days: fc.subarray([...weekdays], { minLength: 1 }),
    start: fc.integer({ min: 0, max: 1439 }),
    length: fc.integer({ min: 1, max: 1439 }),
  })
  .map(({ days, start, length }) => {
    const end = (start + length) % 1440;
    const shown = (minute: number) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
    return { days, from: shown(start), to: end === 0 ? '24:00' : shown(end) };
  });
const entry: fc.Arbitrary<ScheduleEntry> = fc.oneof(
  when.map((at) => ({ ...at, does: 'pause' as const })),
  fc
    .tuple(when, rate, rate)
    .filter(([, sendBps, receiveBps]) => sendBps !== null || receiveBps !== null)
    .map(([at, sendBps, receiveBps]) => ({ ...at, does: 'limit' as const, sendBps, receiveBps })),
);

describe('a schedule', () => {
  test.each(spans)(
    '[LM10] [LM11] [LM12] at every minute of eight days from $from in $zone it holds what the plain way says, and changes when that does',
    ({ zone, from }) => {
      const wall = wallOf(zone);
      const start = Date.parse(from);
      const shown = Array.from({ length: 16 * 1440 }, (_, i) => wall(start + i * minuteMs));
      const toLocal = (at: number) => shown[Math.floor((at - start) / minuteMs)] as LocalTime;
      fc.assert(
        fc.property(
          fc.array(entry, { maxLength: 5 }),
          fc.array(fc.integer({ min: 0, max: 8 * 1440 * 60 - 1 }), { minLength: 3, maxLength: 3 }),
          (schedule, seconds) => {
            const plain = oracle(schedule);
            const effects = shown.map((local) => JSON.stringify(plain(local)));
            const differs = shown
              .slice(0, 8 * 1440)
              .filter((local, i) => JSON.stringify(effectAt(schedule, local)) !== effects[i]);
            expect(differs).toEqual([]);
            for (const second of seconds) {
              const minute = Math.floor(second / 60);
              const later = effects.findIndex((effect, i) => i > minute && effect !== effects[minute]);
              const isNear = later >= 0 && (later * 60 - second) * 1000 <= 8 * 1440 * minuteMs;
              expect(nextChange(schedule, start + second * 1000, toLocal)).toBe(
                isNear ? start + later * minuteMs : undefined,
              );
            }
          },
        ),
        { numRuns: 20 },
      );
    },
  );

  test('[LM10] an hour that the wall leaves out does not hold, one that it shows twice holds twice', () => {
    const wall = wallOf('Europe/Berlin');
    const schedule = parseSchedule('sun 02:00-03:00 pause');
    const pausedMinutes = (from: string): number => {
      let paused = 0;
      for (let i = 0; i < 1440; i++)
        if (effectAt(schedule, wall(Date.parse(from) + i * minuteMs)).isPaused) paused += 1;
      return paused;
    };
    expect(['2026-03-28T23:00Z', '2026-10-24T22:00Z', '2026-06-06T22:00Z'].map(pausedMinutes)).toEqual([
      0, 120, 60,
    ]);
  });

  test('[LM10] [LM12] past midnight it belongs to the day on which it began', () => {
    const wall = wallOf('UTC');
    const schedule = parseSchedule('fri 22:00-06:00 pause');
    const friday = Date.parse('2026-06-05T22:00Z');
    expect(nextChange(schedule, friday - minuteMs, wall)).toBe(friday);
    expect(nextChange(schedule, friday, wall)).toBe(Date.parse('2026-06-06T06:00Z'));
    expect(effectAt(schedule, wall(Date.parse('2026-06-05T05:00Z'))).isPaused).toBe(false);
  });

  test('[LM12] entries that touch or overlap end together; one for all of the week never ends', () => {
    const wall = wallOf('UTC');
    const at = Date.parse('2026-06-03T09:30Z');
    const touching = parseSchedule('daily 08:00-12:00 pause; wed 11:00-18:00 pause; wed 18:00-19:00 pause');
    expect(nextChange(touching, at, wall)).toBe(Date.parse('2026-06-03T19:00Z'));
    expect(nextChange(parseSchedule('daily 00:00-24:00 pause'), at, wall)).toBeUndefined();
    expect(nextChange([], at, wall)).toBeUndefined();
  });

  test('[LM11] of several rates the lowest holds, each way by itself', () => {
    const schedule = parseSchedule(
      'daily 08:00-20:00 limit up=50000 down=2MB; wed 09:00-10:00 limit down=20000',
    );
    expect(effectAt(schedule, { day: 2, minute: 9 * 60 })).toEqual({
      isPaused: false,
      sendBps: 50_000,
      receiveBps: 20_000,
    });
  });
});

describe('the text of a schedule', () => {
  test('[LM13] is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 64 }), (schedule) => {
        expect(parseSchedule(schedule.map(formatScheduleEntry).join('; '))).toEqual(schedule);
      }),
    );
  });

  test.each([
    ['mon-fri 08:00-18:00 pause', 'mon-fri 08:00-18:00 pause'],
    ['sat-mon  22:00-06:00  pause', 'mon,sat,sun 22:00-06:00 pause'],
    ['mon-sun 00:00-24:00 limit down=100k', 'daily 00:00-24:00 limit up=none down=100KiB'],
    ['tue,mon,tue 09:00-17:30 limit up=500kB down=0', 'mon,tue 09:00-17:30 limit up=500000 down=none'],
  ])('`%s` means `%s`', (text, shown) => {
    expect(parseSchedule(text).map(formatScheduleEntry)).toEqual([shown]);
  });

  test('none is no entry', () => {
    expect([parseSchedule('none'), parseSchedule('')]).toEqual([[], []]);
  });

  test.each([
    ['monday 08:00-18:00 pause', 'days', 'monday'],
    ['mon-fri-sun 08:00-18:00 pause', 'days', 'mon-fri-sun'],
    ['mon,, 08:00-18:00 pause', 'days', ''],
    ['mon 8-18 pause', 'times', '8-18'],
    ['mon 08:00-25:00 pause', 'times', '08:00-25:00'],
    ['mon 24:00-08:00 pause', 'times', '24:00-08:00'],
    ['mon 08:00-08:00 pause', 'times', '08:00-08:00'],
    ['mon 08:00-18:00 stop', 'action', 'stop'],
    ['mon 08:00-18:00 pause up=100k', 'action', 'pause up=100k'],
    ['mon 08:00-18:00 limit', 'rate', ''],
    ['mon 08:00-18:00 limit up=none', 'rate', 'up=none'],
    ['mon 08:00-18:00 limit up=fast', 'rate', 'up=fast'],
    ['mon 08:00-18:00 limit sideways=100k', 'rate', 'sideways=100k'],
    ['mon 08:00-18:00', 'form', 'mon 08:00-18:00'],
    ['mon 08:00-18:00 pause; ', 'form', ''],
    [Array.from({ length: 65 }, () => 'mon 08:00-18:00 pause').join(';'), 'too-many', '65'],
  ])('[LM13] `%s` is refused for its %s', (text, fault, part) => {
    const read = () => parseSchedule(text);
    expect(read).toThrow(ScheduleTextError);
    expect(read).toThrow(expect.objectContaining({ fault, part }));
  });
});
