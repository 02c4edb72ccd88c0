import { type Random, randomFraction } from '../base/base.ts';

/** LIMIT: the stretches of a file, so that what has come of it is told in few words. */
const mostStretches = 256;

/** The same chunks with their stretches shuffled: devices that fetch one file from one holder at the same time get different parts first, and have something to give each other. */
export function spreadOut(chunks: readonly number[], random: Random): readonly number[] {
  const length = Math.max(1, Math.ceil(chunks.length / mostStretches));
  const stretches: (readonly number[])[] = [];
  for (let at = 0; at < chunks.length; at += length) stretches.push(chunks.slice(at, at + length));
  for (let last = stretches.length - 1; last > 0; last -= 1) {
    const other = Math.floor(randomFraction(random) * (last + 1));
    [stretches[last], stretches[other]] = [
      stretches[other] as readonly number[],
      stretches[last] as readonly number[],
    ];
  }
  return stretches.flat();
}
