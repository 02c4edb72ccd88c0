import path from 'node:path';
import { SyncError } from '../../core/model/errors.ts';

const secondsIn: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 24 * 3600 };
/** LIMIT: longer than anybody means; keeps every time inside what a Date can hold. */
const maxSpanS = 100 * 366 * 24 * 3600;

/** Seconds in a span such as `90s`, `30m`, `2h`, `3d`; throws SyncError `bad-argument`. */
export function parseSpan(text: string): number {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text.trim()) ?? [];
  const seconds = Number(count) * (secondsIn[unit] ?? 0);
  if (seconds > 0 && seconds <= maxSpanS) return seconds;
  throw usage(`\`${text}\` is no span of time`, 'Write it like 90s, 30m, 2h or 3d.');
}

/** A moment such as `2026-03-01T08:00Z` as ISO 8601 UTC with milliseconds; without a zone it is local time. Throws SyncError `bad-argument`. */
export function parseTime(text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)
    ? new Date(/T| /.test(text) ? text.replace(' ', 'T') : `${text}T00:00`)
    : new Date(Number.NaN);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw usage(`\`${text}\` is no time`, 'Write it like 2026-03-01T08:00:00Z.');
}

/** A moment, or how long ago it was such as `2h`, counted back from `nowMs`; as ISO 8601 UTC with milliseconds. Throws SyncError `bad-argument`. */
export function parseMoment(text: string, nowMs: number): string {
  return /^\d+(?:\.\d+)?[smhd]$/.test(text.trim())
    ? new Date(nowMs - parseSpan(text) * 1000).toISOString()
    : parseTime(text);
}

/** A path as the device is asked for it: `FOLDER:relative/path` as it is, anything else as a whole path of this machine. */
export function parsePath(text: string): string {
  return /^[^/\\.:][^/\\:]*:/.test(text) && !path.isAbsolute(text) ? text : path.resolve(text);
}

/** How many of something a person wants; throws SyncError `bad-argument`. */
export function parseLimit(text: string): number {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit > 0) return limit;
  throw usage(`\`${text}\` is no number of lines`, 'Give a whole number, at least 1.');
}

/** An open descriptor by its number, 0 to 255; throws SyncError `bad-argument`. */
export function parseDescriptor(text: string): number {
  const descriptor = /^\d{1,3}$/.test(text) ? Number(text) : -1;
  if (descriptor >= 0 && descriptor <= 255) return descriptor;
  throw usage(`\`${text}\` is no descriptor`, 'Give the number of one that is open, such as 3.');
}

/** Until when a person wants something: `--until` as given, `--for` from `nowMs` on, undefined for neither. Throws SyncError `bad-argument`. */
export function parseUntil(
  options: { readonly for?: string; readonly until?: string },
  nowMs: number,
): string | undefined {
  if (options.for !== undefined && options.until !== undefined)
    throw usage('Give either `--for` or `--until`, not both', '');
  if (options.for !== undefined) return new Date(nowMs + parseSpan(options.for) * 1000).toISOString();
  if (options.until === undefined) return undefined;
  const until = parseTime(options.until);
  if (Date.parse(until) <= nowMs) throw usage(`\`${options.until}\` is already over`, '');
  return until;
}

/** Seconds a person is ready to wait, a plain number or a span; throws SyncError `bad-argument`. */
export function parseSeconds(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) return parseSpan(text);
  const seconds = Number(text);
  if (seconds > 0 && seconds <= maxSpanS) return seconds;
  throw usage(`\`${text}\` is no time to wait`, 'Give seconds, more than none.');
}

/** A place in the stream of events; throws SyncError `bad-argument`. */
export function parseCursor(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw usage(`\`${text}\` is no cursor`, 'Give the `cursor` of the last event you have seen.');
}

/** The failure of somebody who called the command wrongly. */
export function usage(message: string, action: string): SyncError {
  return new SyncError('bad-argument', { usage: message, reason: action }, { retry: 'after-user' });
}
