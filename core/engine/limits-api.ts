import type { Clock } from '../base/base.ts';
import type { EngineApi, Limits } from './api.ts';
import type { InForce, LimitsInForce } from './limits-in-force.ts';
import { untilOf } from './pause-end.ts';
import { type SettingsStore, withLimits } from './settings.ts';

/** LIMIT: for how long a person resumes what a schedule pauses all week. */
const longestSkipMs = 8 * 24 * 3_600_000;

/** What a device can be asked about pauses, rates and its schedule; see {@link EngineApi}. */
export function createLimitsApi(parts: {
  readonly settings: SettingsStore;
  readonly inForce: LimitsInForce;
  readonly clock: Clock;
}): Pick<EngineApi, 'pause' | 'resume' | 'limits' | 'limitsSet'> {
  const { settings, inForce, clock } = parts;
  const limits = (): Limits => {
    const { limits: rates, schedule } = settings.current();
    return { ...rates, schedule, now: limitsNow(inForce.now()) };
  };
  return {
    async pause({ until }) {
      const at = untilOf(until);
      await settings.change(({ scheduleSkipped: _, ...all }) => ({ ...all, pausedUntil: at }));
      await inForce.look();
      return { until: at === 'until-resumed' ? null : isoOf(at) };
    },
    async resume() {
      await settings.change(({ pausedUntil: _, ...all }) => all);
      const { pause } = inForce.now();
      if (pause?.by === 'schedule') {
        const from = clock.now();
        const scheduleSkipped = { from, until: pause.until ?? from + longestSkipMs };
        await settings.change((all) => ({ ...all, scheduleSkipped }));
      }
      await inForce.look();
      return { until: null };
    },
    limits: () => Promise.resolve(limits()),
    async limitsSet(choice) {
      await settings.change((all) => {
        const { scheduleSkipped: _, ...afresh } = all;
        return withLimits(choice.schedule === undefined ? all : afresh, choice);
      });
      await inForce.look();
      return limits();
    },
  };
}

/** What holds now, as plain values. */
export function limitsNow(inForce: InForce): Limits['now'] {
  const { pause, sendBps, receiveBps, isSlowedBySchedule, until } = inForce;
  return {
    paused: pause !== undefined,
    sendBps,
    receiveBps,
    bySchedule: isSlowedBySchedule,
    until: isoOf(until),
  };
}

/** A wall time as ISO 8601, null for none. */
export function isoOf(at: number): string;
export function isoOf(at: number | undefined): string | null;
export function isoOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
