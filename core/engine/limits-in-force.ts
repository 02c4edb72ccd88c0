import type { Clock, Log } from '../base/base.ts';
import { effectAt, type LocalTime, lowest, nextChange } from '../limits/limits.ts';
import type { Rates } from './pacing.ts';
import type { Settings } from './settings.ts';

/** LIMIT: clocks jump and machines sleep: what should hold by the clock on the wall is looked at this often, milliseconds. */
const longestLookMs = 60_000;
/** LIMIT: what holds is not taken for known for longer. */
const longestKnownMs = 24 * 3_600_000;
/** LIMIT: changes of rates within one pause that are looked through for its end; a pause with more is as good as for ever. */
const maxChangesInPause = 200;

/** All folders rest: by whom it lasts as long as it does, and until when; without `until` until a person resumes it, or the schedule is changed. */
export interface Pause {
  readonly by: 'person' | 'schedule';
  readonly until: number | undefined;
}

/** What the user's limits amount to at this moment; `until`: when something else holds by schedule, if nobody changes it. */
export interface InForce extends Rates {
  readonly pause: Pause | undefined;
  /** Whether a rate is lower by schedule than it is set for all times. */
  readonly isSlowedBySchedule: boolean;
  readonly until: number | undefined;
}

/** Keeps what holds in step with the clock on the wall. */
export interface LimitsInForce {
  now(): InForce;
  /** The settings may have changed: tells at once of what that changes, and resolves when that is done. */
  look(): Promise<void>;
  stop(): void;
}

/** What the limits in force depend on. */
export interface LimitsInForceDependencies {
  readonly clock: Clock;
  readonly log: Log;
  settings(): Settings;
  toLocal(at: number): LocalTime;
  /** Something else holds than was told before. */
  changed(inForce: InForce): Promise<void>;
}

/** Tells of what holds first when {@link LimitsInForce.look} is called. */
export function createLimitsInForce(dependencies: LimitsInForceDependencies): LimitsInForce {
  const { clock, log, toLocal } = dependencies;
  let told = '';
  let cancel = (): void => {};
  let known:
    | {
        readonly settings: Settings;
        readonly from: number;
        readonly until: number;
        readonly inForce: InForce;
      }
    | undefined;

  const isPausedAt = ({ schedule }: Settings, at: number): boolean =>
    effectAt(schedule, toLocal(at)).isPaused;

  /** When a pause by schedule that holds at `at` is over; undefined if it never is. */
  const pauseEnd = (settings: Settings, at: number): number | undefined => {
    let end: number | undefined = at;
    for (let i = 0; i < maxChangesInPause && end !== undefined && isPausedAt(settings, end); i++)
      end = nextChange(settings.schedule, end, toLocal);
    return end !== undefined && isPausedAt(settings, end) ? undefined : end;
  };

  const pauseAt = (settings: Settings, at: number): Pause | undefined => {
    const { scheduleSkipped: skipped, pausedUntil } = settings;
    if (pausedUntil === 'until-resumed') return { by: 'person', until: undefined };
    const byPerson = pausedUntil !== undefined && pausedUntil > at ? pausedUntil : undefined;
    const from = byPerson ?? at;
    const isSkipped = skipped !== undefined && from >= skipped.from && from < skipped.until;
    if (!isSkipped && isPausedAt(settings, from)) return { by: 'schedule', until: pauseEnd(settings, from) };
    return byPerson === undefined ? undefined : { by: 'person', until: byPerson };
  };

  /** Looks through the week once for each span in which nothing changes. */
  const now = (): InForce => {
    const settings = dependencies.settings();
    const at = clock.now();
    if (known?.settings === settings && at >= known.from && at < known.until) return known.inForce;
    const { schedule, limits, scheduleSkipped } = settings;
    const scheduled = effectAt(schedule, toLocal(at));
    const until = nextChange(schedule, at, toLocal);
    const sendBps = lowest([limits.sendBps, scheduled.sendBps]);
    const receiveBps = lowest([limits.receiveBps, scheduled.receiveBps]);
    const inForce: InForce = {
      pause: pauseAt(settings, at),
      sendBps,
      receiveBps,
      isSlowedBySchedule: sendBps !== limits.sendBps || receiveBps !== limits.receiveBps,
      lanExempt: limits.lanExempt,
      until,
    };
    const ends = [until, inForce.pause?.until, settings.pausedUntil, scheduleSkipped?.until];
    const ahead = ends.filter((end) => typeof end === 'number' && end > at) as number[];
    known = { settings, from: at, until: Math.min(at + longestKnownMs, ...ahead), inForce };
    return inForce;
  };

  const look = async (): Promise<void> => {
    cancel();
    const { pausedUntil, schedule } = dependencies.settings();
    const inForce = now();
    const at = clock.now();
    if (schedule.length > 0 || (typeof pausedUntil === 'number' && pausedUntil > at)) {
      const next = Math.min((known?.until ?? at) - at + 50, longestLookMs);
      cancel = clock.after(next, () => {
        look().catch((error: unknown) =>
          log.write('error', 'limits could not be changed', { error: String(error) }),
        );
      });
    }
    const what = JSON.stringify(inForce);
    if (what === told) return;
    told = what;
    await dependencies.changed(inForce);
  };

  return { now, look, stop: () => cancel() };
}
