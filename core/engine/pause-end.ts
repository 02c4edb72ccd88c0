import { SyncError } from '../model/errors.ts';

/** The end of a pause that a person gave as ISO 8601, wall milliseconds; without one it ends when they say so. Throws SyncError `bad-argument`. */
export function untilOf(until: string | undefined): number | 'until-resumed' {
  if (until === undefined) return 'until-resumed';
  const at = Date.parse(until);
  if (Number.isNaN(at)) throw new SyncError('bad-argument', { what: 'until', text: until });
  return at;
}
