import type { Member } from '../model/entry.ts';
import { type DeviceKey, type FolderId, type IncarnationId, incarnationId } from '../model/ids.ts';
import type { Group } from './group.ts';

/**
 * Up to where the changes of a removed device stand in one folder: the last counter of each incarnation. `all`: whoever removed it does not hold the folder, so nothing was
 * cut. `unknown`: the list that says so is not here yet.
 */
export type StandsTo = 'all' | 'unknown' | ((incarnation: IncarnationId) => number);

/** An incarnation that is nobody's: its place in a list of cuts says that whoever made the list holds the folder. */
export const holderMark = incarnationId('0000000000000000');

/** One device that was removed from the group. */
export interface RemovedAuthor {
  readonly author: DeviceKey;
  readonly standsTo: StandsTo;
}

/** Whose changes stand in one folder. */
export interface RemovedAuthors {
  /** Whether an entry that comes from elsewhere is taken. */
  counts(member: Member): boolean;
  /** Whether it is not known yet if an entry counts. */
  isUndecided(member: Member): boolean;
  /** All devices that were removed, by key. None where this device itself is out of the group: what lies here stays as it is. */
  all(): readonly RemovedAuthor[];
}

/** What the group says of its removed devices, as of its last change. */
export function createRemovedAuthors(group: Group, self: DeviceKey, folderId: FolderId): RemovedAuthors {
  let known: ReadonlyMap<DeviceKey, RemovedAuthor> = new Map();
  let asOf = -1;
  const removed = (): ReadonlyMap<DeviceKey, RemovedAuthor> => {
    if (asOf !== group.revision) known = new Map(read().map((each) => [each.author, each]));
    asOf = group.revision;
    return known;
  };
  const standsTo = (author: DeviceKey): StandsTo => {
    const cut = group.current()?.cuts.cutOf(author);
    if (cut?.kind !== 'known') return cut?.kind === 'unknown' ? 'unknown' : 'all';
    const counters = new Map(
      cut.positions.flatMap((position) =>
        position.folderId === folderId ? [[position.incarnation, position.counter] as const] : [],
      ),
    );
    return counters.size === 0 ? 'all' : (incarnation) => counters.get(incarnation) ?? 0;
  };
  const read = (): RemovedAuthor[] => {
    const current = group.current();
    if (current === undefined || !group.isActive(self)) return [];
    return [...current.log.members().revoked]
      .sort()
      .map((author): RemovedAuthor => ({ author, standsTo: standsTo(author) }));
  };
  return {
    counts({ author, entry: { dot } }) {
      const found = removed().get(author);
      if (found === undefined || found.standsTo === 'all') return true;
      return found.standsTo !== 'unknown' && dot.counter <= found.standsTo(dot.incarnation);
    },
    isUndecided: ({ author }) => removed().get(author)?.standsTo === 'unknown',
    all: () => [...removed().values()],
  };
}
