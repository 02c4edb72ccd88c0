import { compareText } from '../base/pure.ts';
import { dominates, type Member } from '../model/entry.ts';
import type { Hash } from '../model/ids.ts';
import { compareDots, type Dot, sameDot } from '../model/past.ts';

/** What a merge did to the members of one path. */
export interface MergedMembers {
  /** The new antichain, smallest hash first. */
  readonly members: readonly Member[];
  /** Members that were held before and have fallen away, smallest hash first. */
  readonly dropped: readonly Member[];
  /** Members that were not held before, smallest hash first. */
  readonly added: readonly Member[];
  /** Dots that name two different entries: one identity at work in two places. In dot order. */
  readonly sharedDots: readonly Dot[];
}

/**
 * Joins what is held at one path with what arrived: every entry stays that no other one has seen [RC1].
 * Commutative, associative and idempotent, so any order and route of delivery ends in the same members.
 */
export function mergeMembers(existing: readonly Member[], incoming: readonly Member[]): MergedMembers {
  const known = new Map<Hash, Member>();
  for (const member of existing) known.set(member.hash, member);
  for (const member of incoming) known.set(member.hash, member);
  const all = byHash([...known.values()]);
  const members = all.filter((member) => !all.some((other) => dominates(other.entry, member.entry)));
  const before = new Set(existing.map((member) => member.hash));
  const after = new Set(members.map((member) => member.hash));
  return {
    members,
    dropped: byHash(existing.filter((member) => !after.has(member.hash))),
    added: members.filter((member) => !before.has(member.hash)),
    sharedDots: dotsNamedTwice(members),
  };
}

function byHash(members: readonly Member[]): Member[] {
  return [...members].sort((a, b) => compareText(a.hash, b.hash));
}

function dotsNamedTwice(members: readonly Member[]): Dot[] {
  const dots = members.map((member) => member.entry.dot).sort(compareDots);
  return dots.filter((dot, i) => {
    const previous = dots[i - 1];
    const beforePrevious = dots[i - 2];
    const repeats = previous !== undefined && sameDot(previous, dot);
    return repeats && !(beforePrevious !== undefined && sameDot(beforePrevious, dot));
  });
}
