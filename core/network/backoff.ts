import { type Random, randomFraction } from '../base/base.ts';

const firstDelayMs = 1_000;
const longestDelayMs = 60_000;

/** How long to wait before try number `attempt` (0 is the first repetition): doubling from 1 s to 60 s, and of that a random half to all, so that devices do not knock in step. */
export function backoffMs(attempt: number, random: Random): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt, 16));
  return full * (0.5 + 0.5 * randomFraction(random));
}
