import type { DeviceListing, Status } from '../../core/engine/engine.ts';

/** What the sentence is made for: the time now, and how this place writes times. */
export interface Manner {
  readonly now: number;
  readonly locale?: string;
  readonly timeZone?: string;
}

/** The one sentence of tray and window: the engine's own, with times as people here write them and whoever waits at the door first. */
export function sentenceFor(
  status: Pick<Status, 'state' | 'pausedUntil' | 'pausedBy' | 'sentence'>,
  devices: readonly DeviceListing[],
  manner: Manner,
): string {
  const [asking, ...others] = devices.filter(({ state }) => state === 'pending');
  if (asking !== undefined)
    return others.length === 0
      ? `“${asking.name}” asks to join.`
      : `${others.length + 1} devices ask to join.`;
  if (status.state === 'paused' && status.pausedUntil !== null)
    return `Paused until ${timeOf(status.pausedUntil, manner)}${status.pausedBy === 'schedule' ? ' by schedule' : ''}.`;
  return status.sentence;
}

function timeOf(iso: string, { now, locale, timeZone }: Manner): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = (at: Date): string => at.toLocaleDateString(locale, zone);
  const until = new Date(iso);
  const time = until.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', ...zone });
  if (day(until) === day(new Date(now))) return time;
  const tomorrow = new Date(now + 24 * 3_600_000);
  if (day(until) === day(tomorrow)) return `tomorrow, ${time}`;
  return until.toLocaleString(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...zone,
  });
}
