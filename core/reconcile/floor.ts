import { isLiving, type Member } from '../model/entry.ts';
import type { Hash } from '../model/ids.ts';
import {
  isUnderVector,
  isVectorWithin,
  joinVectors,
  meetVectors,
  vectorHas,
  type VectorItem,
} from '../model/past.ts';

/** Per incarnation the counter up to which something holds. */
export type Vector = readonly VectorItem[];

/**
 * Whether all that is left of a path is deletions that nobody needs any more [RC51]: every device of the quorum has long shown them, and nothing
 * that any of them has seen can come again. `members` are all that stand at the path.
 */
export function isForgettable(members: readonly Member[], floor: Vector): boolean {
  return (
    members.length > 0 && members.every(({ entry }) => !isLiving(entry) && isUnderVector(entry.past, floor))
  );
}

/** What may be merged of what arrived [RC52]: a write under the floor that is not held was held once, by everyone, and is over. */
export function withoutOld<T extends { readonly member: Member }>(
  arrived: readonly T[],
  held: readonly Member[],
  floor: Vector,
): readonly T[] {
  if (floor.length === 0) return arrived;
  return arrived.filter(
    ({ member }) => !vectorHas(floor, member.entry.dot) || held.some((other) => other.hash === member.hash),
  );
}

/**
 * Which members a device gives up whose peer does not have them [RC53]: those under the peer's floor. The peer held them or something that has
 * seen them, and has neither any more, so they were deleted. `theirs` are all that stand at the path there, merged into `ours` already.
 */
export function withoutForgotten(
  ours: readonly Member[],
  theirs: ReadonlySet<Hash>,
  peerFloor: Vector,
): readonly Member[] {
  return ours.filter((member) => !vectorHas(peerFloor, member.entry.dot) || theirs.has(member.hash));
}

/** A floor that is due once every device of the quorum has said that it shows all of `until`. */
export interface ComingFloor {
  readonly floor: Vector;
  readonly until: Vector;
}

/**
 * One step towards a higher floor [RC54]. `applied` are the newest words of the whole quorum on what each one's disk has shown.
 *
 * Their minimum is not the floor at once: a write made without knowledge of a deletion, before its author's disk showed that deletion, may still
 * be on its way. It is within what its author has said by then, so the minimum becomes the floor when the whole quorum has caught up with
 * everything that was said when the minimum was taken: then whoever forgets a deletion holds all that stands beside it.
 */
export function nextFloor(
  applied: readonly Vector[],
  coming: ComingFloor | undefined,
): { readonly floor: Vector; readonly coming: ComingFloor } {
  const everywhere = meetVectors(applied);
  const somewhere = applied.reduce<Vector>(joinVectors, []);
  const now = { floor: everywhere, until: somewhere };
  if (isVectorWithin(somewhere, everywhere)) return { floor: everywhere, coming: now };
  const isOver =
    coming === undefined || coming.floor.length === 0 || !isVectorWithin(coming.until, somewhere);
  if (isOver) return { floor: [], coming: now };
  if (!isVectorWithin(coming.until, everywhere)) return { floor: [], coming };
  return { floor: coming.floor, coming: now };
}
