import { type Random, randomFraction } from '../base/base.ts';

/** LIMIT: the stretches of what is fetched together, so that what has come of it is told in few words. */
const mostStretches = 256;

/** The same items with their stretches shuffled: devices that fetch one thing from one holder at the same time get different parts first, and have something to give each other. */
export function spreadOut<T>(items: readonly T[], random: Random): readonly T[] {
  const length = Math.max(1, Math.ceil(items.length / mostStretches));
  const stretches: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += length) stretches.push(items.slice(at, at + length));
  for (let last = stretches.length - 1; last > 0; last -= 1) {
    const other = Math.floor(randomFraction(random) * (last + 1));
    [stretches[last], stretches[other]] = [stretches[other] as readonly T[], stretches[last] as readonly T[]];
  }
  return stretches.flat();
}
