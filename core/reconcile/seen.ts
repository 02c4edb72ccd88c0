import { compareMembers, type Member } from '../model/entry.ts';
import {
  type Dot,
  emptyPast,
  extendPast,
  maxPastExceptions,
  type Past,
  pastHas,
  sameDot,
  unionPasts,
} from '../model/past.ts';
import type { PathView } from './view.ts';

/** LIMIT: more versions of one path than this nobody can compare; the writer takes the smallest in, their contents stay pinned. */
export const maxMembers = 16;

/** The writes a user has before their eyes when the disk shows `view`: the pasts of the winner, of its equals and of every overruled member [RC10]. */
export function seenSetOf(view: PathView): Past {
  const shown = view.winner === undefined ? [] : [view.winner];
  return unionOf([...shown, ...view.alike, ...view.overruled]);
}

/**
 * The past of a new write [RC11, RC12]: everything seen and the write itself, with an exception for each member and each earlier
 * write of this incarnation at this path that was not seen but lies under the vector. `ownDots` are all writes this incarnation
 * ever made at the path, dominated or not, in any order.
 */
export function writePast(write: {
  readonly seen: Past;
  readonly dot: Dot;
  readonly members: readonly Member[];
  readonly ownDots: readonly Dot[];
}): Past {
  const { dot, members } = write;
  const seen = unionPasts(write.seen, unionOf(surplusMembers(write.seen, members)));
  const unseen = [...members.map((member) => member.entry.dot), ...write.ownDots];
  const past = extendPast(seen, dot, unseen);
  return past.except.length <= maxPastExceptions ? past : withFewerExceptions(past, members);
}

/** The past of a write that settles a path: nothing that stands there now stays beside it [RC13], but for this device's own writes in `besides`. */
export function resolvePast(members: readonly Member[], dot: Dot, besides: readonly Dot[] = []): Past {
  return extendPast(unionOf(members), dot, besides);
}

/** The union of what the authors of `members` had seen. */
export function unionOf(members: readonly Member[]): Past {
  return members.reduce((past, member) => unionPasts(past, member.entry.past), emptyPast);
}

/** The smallest of the unseen members beyond those that may stay beside a new one. */
function surplusMembers(seen: Past, members: readonly Member[]): Member[] {
  const unseen = members.filter((member) => !pastHas(seen, member.entry.dot)).sort(compareMembers);
  return unseen.slice(0, Math.max(0, unseen.length - (maxMembers - 1)));
}

/**
 * Gives up the oldest exceptions that name no member. Their writes are dominated already, by something that still stands or by
 * what dominated that, so nothing visible changes; a past the codec refuses would stop the path for good.
 */
function withFewerExceptions(past: Past, members: readonly Member[]): Past {
  const namesMember = (hole: Dot): boolean => members.some((member) => sameDot(member.entry.dot, hole));
  const spare = past.except.filter((hole) => !namesMember(hole)).sort((a, b) => a.counter - b.counter);
  const given = new Set(spare.slice(0, past.except.length - maxPastExceptions));
  return { vector: past.vector, except: past.except.filter((hole) => !given.has(hole)) };
}
