import type { Clock } from '../base/base.ts';

/** Rates of growing byte counts. */
export interface TrafficMeter<Key> {
  /** Notes a count now and gives its rate, bytes per second over the last seconds. */
  rateOf(key: Key, bytes: number): number;
  forget(key: Key): void;
}

/** A meter with nothing noted yet; rates are averages over about `windowMs`. */
export function createTrafficMeter<Key>(clock: Clock, windowMs: number): TrafficMeter<Key> {
  const samples = new Map<Key, { at: number; bytes: number }[]>();
  return {
    rateOf(key, bytes) {
      const now = clock.monotonic();
      const list = samples.get(key) ?? [];
      samples.set(key, list);
      list.push({ at: now, bytes });
      while (list.length > 2 && (list[1]?.at ?? now) < now - windowMs) list.shift();
      const first = list[0];
      const elapsedMs = first === undefined ? 0 : now - first.at;
      return first === undefined || elapsedMs < 50
        ? 0
        : Math.max(0, Math.round(((bytes - first.bytes) * 1000) / elapsedMs));
    },
    forget: (key) => void samples.delete(key),
  };
}
