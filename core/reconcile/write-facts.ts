import { type Content, maxFrom } from '../model/entry.ts';
import type { HashPrefix } from '../model/ids.ts';
import { prefixOfContent } from './content-prefix.ts';

/** LIMIT: how far ahead of this device another's `changedAt` may be and still be followed; also how far off the peers' median a clock is believed. */
export const maxClockLeadMs = 120_000;

/** What a write was made upon. */
export interface EditedFrom {
  readonly content: Content | undefined;
  /** The `from` of the entry that was shown; empty if that is not known. */
  readonly from: readonly HashPrefix[];
}

/**
 * The `from` of a write of `next` (undefined: a deletion) upon what was there before [RC14]: the contents it was edited from, newest
 * first, each once, without the new content itself, at most `maxFrom`.
 */
export function fromOfWrite(before: readonly EditedFrom[], next: Content | undefined): HashPrefix[] {
  const line = before.flatMap(({ content, from }) => [
    ...(content === undefined ? [] : [prefixOfContent(content)]),
    ...from,
  ]);
  const own = next === undefined ? undefined : prefixOfContent(next);
  return [...new Set(line)].filter((prefix) => prefix !== own).slice(0, maxFrom);
}

/** Whether a clock that far from the median of its peers is set aside, which the user is to be told. */
export function isClockDistrusted(medianOffset: number): boolean {
  return Math.abs(medianOffset) > maxClockLeadMs;
}

/**
 * The `changedAt` of a new write by a hybrid clock [RC15]: later than every write seen at the path unless that one lies more than two
 * minutes ahead; by the peers' median where this device is further off than that. All in milliseconds; `medianOffset` is the median
 * of the peers' clocks minus this one, 0 while no peer is known.
 */
export function stampChange(clock: {
  readonly now: number;
  readonly seenChangedAts: readonly number[];
  readonly medianOffset: number;
}): number {
  const now = isClockDistrusted(clock.medianOffset) ? clock.now + clock.medianOffset : clock.now;
  const followed = clock.seenChangedAts.filter((seen) => seen <= now + maxClockLeadMs);
  return followed.reduce((latest, seen) => Math.max(latest, seen + 1), now);
}

/** The time of an entry for something found without a base: the file's own, but never after `now` nor before 1970 [RC16]. */
export function stampFound(modifiedAtNs: bigint, now: number): number {
  const modifiedAt = Number(modifiedAtNs / 1_000_000n);
  return Math.max(0, Math.min(modifiedAt, now));
}
