import type { PauseSpan } from '../ipc/contract.ts';

const hourMs = 3_600_000;
/** The hour of tomorrow at which a pause "until tomorrow" ends: before most people are up. */
const morningHour = 6;

/** When a pause that begins at `now` (milliseconds since 1970) ends, in the machine's time zone; undefined for one that a person ends. */
export function pauseUntil(span: PauseSpan, now: number): string | undefined {
  switch (span) {
    case 'hour':
      return new Date(now + hourMs).toISOString();
    case 'tomorrow': {
      const morning = new Date(now);
      morning.setDate(morning.getDate() + 1);
      morning.setHours(morningHour, 0, 0, 0);
      return morning.toISOString();
    }
    case 'open':
      return undefined;
  }
}
