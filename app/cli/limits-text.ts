import { formatScheduleEntry, leastRateBps, type Limits, type Rate } from '../../core/engine/engine.ts';
import { formatRate, formatTime } from './format.ts';

/** How a rate is written. */
export const rateForm = `bytes per second such as 500000, 500k, 1.5MiB or 2MB, at least ${leastRateBps}`;

/** What each fault in the text of a schedule needs. */
export const scheduleFaults: Readonly<Record<string, string>> = {
  form: 'Write it like `mon-fri 08:00-18:00 pause`, with `;` between several; `none` for nothing.',
  days: 'Days are mon, tue, wed, thu, fri, sat, sun, runs such as mon-fri, lists such as sat,sun, or daily.',
  times: 'Times are like 08:00-18:00, by the clock of this machine; 22:00-06:00 ends on the day after.',
  action: 'It is `pause`, or `limit` with a rate for up, down or both.',
  rate: `A limit has a rate, up=RATE, down=RATE or both: ${rateForm}.`,
  'too-many': 'There may be 64 at most.',
};

/** What is set, and what holds now where that is something else. */
export function limitLines({ sendBps, receiveBps, lanExempt, schedule, now }: Limits): readonly string[] {
  return [
    `Sending: ${rateText(sendBps)}.`,
    `Receiving: ${rateText(receiveBps)}.`,
    `Devices on the same local network ${lanExempt ? 'are exempt from this' : 'are limited too'}.`,
    ...(now.bySchedule ? [`Now: ${nowText(now)}.`] : []),
    ...(schedule.length === 0 ? [] : ['See `lockstep schedule list` for other times of the week.']),
  ];
}

/** The rates that hold now, and until when if that is for the schedule. */
export function nowText({ sendBps, receiveBps, bySchedule, until }: Limits['now']): string {
  const rates = [
    ...(sendBps === null ? [] : [`sending ${rateText(sendBps)}`]),
    ...(receiveBps === null ? [] : [`receiving ${rateText(receiveBps)}`]),
  ];
  const end = until === null ? '' : ` until ${formatTime(until)}`;
  return `${rates.join(', ')}${bySchedule ? `${end} by schedule` : ''}`;
}

/** The entries with their numbers. */
export function scheduleLines({ schedule }: Limits): readonly string[] {
  if (schedule.length === 0) return ['Nothing is scheduled.'];
  return schedule.map((entry, i) => `${i + 1}  ${formatScheduleEntry(entry)}`);
}

function rateText(rate: Rate): string {
  return rate === null ? 'as fast as it goes' : `at most ${formatRate(rate)}`;
}
