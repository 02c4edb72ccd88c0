import { formatRate, parseRate, type Rate } from './rate.ts';
import { maxScheduleEntries, type ScheduleEntry, type Weekday, weekdays } from './schedule.ts';

/** What is wrong with the text of a schedule. */
export type ScheduleFault = 'form' | 'days' | 'times' | 'action' | 'rate' | 'too-many';

/** A text that is no schedule: what is wrong, and the part of the text that is. */
export class ScheduleTextError extends Error {
  override name = 'ScheduleTextError';
  readonly fault: ScheduleFault;
  readonly part: string;
  constructor(fault: ScheduleFault, part: string) {
    super(`${fault}: ${part}`);
    this.fault = fault;
    this.part = part;
  }
}

/**
 * Entries as a person writes them, with `;` between: `mon-fri 08:00-18:00 pause; sat,sun 22:00-06:00 limit up=100KiB down=none`. `daily` is every day. `none`, or nothing,
 * is no entry. Throws {@link ScheduleTextError}.
 */
export function parseSchedule(text: string): readonly ScheduleEntry[] {
  const parts = text.split(';').map((part) => part.trim());
  if (parts.length === 1 && (parts[0] === '' || parts[0] === 'none')) return [];
  if (parts.length > maxScheduleEntries) throw new ScheduleTextError('too-many', String(parts.length));
  return parts.map(parseEntry);
}

/** An entry that {@link parseSchedule} reads as the same. */
export function formatScheduleEntry(entry: ScheduleEntry): string {
  const when = `${formatDays(entry.days)} ${entry.from}-${entry.to}`;
  if (entry.does === 'pause') return `${when} pause`;
  return `${when} limit up=${formatRate(entry.sendBps)} down=${formatRate(entry.receiveBps)}`;
}

function parseEntry(text: string): ScheduleEntry {
  const [days, times, does, ...rates] = text.split(/\s+/);
  if (days === undefined || times === undefined || does === undefined)
    throw new ScheduleTextError('form', text);
  const when = { days: parseDays(days), ...parseTimes(times) };
  if (does === 'pause' && rates.length === 0) return { ...when, does };
  if (does !== 'limit') throw new ScheduleTextError('action', [does, ...rates].join(' '));
  return { ...when, does, ...parseRates(rates) };
}

function parseDays(text: string): readonly Weekday[] {
  if (text === 'daily') return weekdays;
  const named = new Set(
    text.split(',').flatMap((part) => {
      const [first, last = first, ...rest] = part.split('-').map((name) => weekdays.indexOf(name as Weekday));
      if (first === undefined || last === undefined || first < 0 || last < 0 || rest.length > 0)
        throw new ScheduleTextError('days', part);
      const count = ((last - first + 7) % 7) + 1;
      return Array.from({ length: count }, (_, i) => weekdays[(first + i) % 7]);
    }),
  );
  return weekdays.filter((day) => named.has(day));
}

function parseTimes(text: string): { readonly from: string; readonly to: string } {
  const [, from, to] = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/.test(text)
    ? (/^(.{5})-(.{5})$/.exec(text) ?? [])
    : [];
  if (from === undefined || to === undefined || from === to) throw new ScheduleTextError('times', text);
  return { from, to };
}

function parseRates(parts: readonly string[]): { readonly sendBps: Rate; readonly receiveBps: Rate } {
  const rates: { up: Rate; down: Rate } = { up: null, down: null };
  for (const part of parts) {
    const [, way, text = ''] = /^(up|down)=(.+)$/.exec(part) ?? [];
    const rate = parseRate(text);
    if ((way !== 'up' && way !== 'down') || rate === undefined) throw new ScheduleTextError('rate', part);
    rates[way] = rate;
  }
  if (rates.up === null && rates.down === null) throw new ScheduleTextError('rate', parts.join(' '));
  return { sendBps: rates.up, receiveBps: rates.down };
}

function formatDays(days: readonly Weekday[]): string {
  if (days.length === weekdays.length) return 'daily';
  const runs: Weekday[][] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last !== undefined && weekdays.indexOf(last.at(-1) as Weekday) + 1 === weekdays.indexOf(day))
      last.push(day);
    else runs.push([day]);
  }
  return runs.map((run) => (run.length < 3 ? run.join(',') : `${run[0]}-${run.at(-1)}`)).join(',');
}
