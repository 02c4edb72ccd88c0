import type { Member } from '../model/entry.ts';
import { type DeviceKey, type FolderId, type IncarnationId, incarnationId } from '../model/ids.ts';
import { type CutPosition, maxCutPositions } from '../protocol/protocol.ts';
import { type Cut, folderAccess } from '../trust/trust.ts';
import type { AttachedFolder } from './folders.ts';
import type { Group } from './group.ts';

/**
 * Up to where the changes of a limited device stand in one folder: the last counter of each incarnation. `all`: whoever limited it does not hold the folder, so nothing was
 * cut. `unknown`: the list that says so is not here yet.
 */
export type StandsTo = 'all' | 'unknown' | ((incarnation: IncarnationId) => number);

/** An incarnation that is nobody's: its place in a list of cuts says that whoever made the list holds the folder. */
const holderMark = incarnationId('0000000000000000');

/** One device whose changes do not all stand: it was removed from the group, or may only read the folder. */
export interface LimitedAuthor {
  readonly author: DeviceKey;
  readonly why: 'removed' | 'reader';
  readonly standsTo: StandsTo;
}

/** Whose changes stand in one folder. */
export interface LimitedAuthors {
  /** Whether an entry that comes from elsewhere is taken. */
  counts(member: Member): boolean;
  /** Whether it is not known yet if an entry counts. */
  isUndecided(member: Member): boolean;
  /** Whether a device may only read the folder. */
  isReader(device: DeviceKey): boolean;
  /** All limited devices, by key. None where this device itself is out of the group: what lies here stays as it is. */
  all(): readonly LimitedAuthor[];
}

/** What the group says of its limited devices, as of its last change. */
export function createLimitedAuthors(
  group: Pick<Group, 'current' | 'isActive' | 'revision'>,
  self: DeviceKey,
  folderId: FolderId,
): LimitedAuthors {
  let known: ReadonlyMap<DeviceKey, LimitedAuthor> = new Map();
  let asOf = -1;
  const limited = (): ReadonlyMap<DeviceKey, LimitedAuthor> => {
    if (asOf !== group.revision) known = new Map(read().map((each) => [each.author, each]));
    asOf = group.revision;
    return known;
  };
  const standsTo = (cut: Cut | undefined): StandsTo => {
    if (cut?.kind !== 'known') return cut?.kind === 'unknown' ? 'unknown' : 'all';
    const counters = new Map(
      cut.positions.flatMap((position) =>
        position.folderId === folderId ? [[position.incarnation, position.counter] as const] : [],
      ),
    );
    return counters.size === 0 ? 'all' : (incarnation) => counters.get(incarnation) ?? 0;
  };
  const read = (): LimitedAuthor[] => {
    const current = group.current();
    if (current === undefined || !group.isActive(self)) return [];
    const { log, cuts } = current;
    const { revoked, active } = log.members();
    const asReader = (author: DeviceKey): StandsTo => standsTo(cuts.readerCutOf(folderId, author));
    const removed = [...revoked].map((author): LimitedAuthor => {
      const both = least(standsTo(cuts.cutOf(author)), asReader(author));
      return { author, why: 'removed', standsTo: both };
    });
    const grants = log.folders().get(folderId);
    const readers = [...active]
      .filter((author) => folderAccess(grants, author) !== 'rw')
      .map((author): LimitedAuthor => ({ author, why: 'reader', standsTo: asReader(author) }));
    return [...removed, ...readers].sort((a, b) => (a.author < b.author ? -1 : 1));
  };
  return {
    counts({ author, entry: { dot } }) {
      const found = limited().get(author);
      if (found === undefined || found.standsTo === 'all') return true;
      return found.standsTo !== 'unknown' && dot.counter <= found.standsTo(dot.incarnation);
    },
    isUndecided: ({ author }) => limited().get(author)?.standsTo === 'unknown',
    isReader: (device) => limited().get(device)?.why === 'reader',
    all: () => [...limited().values()],
  };
}

/** Up to where this device knows the changes of another in a folder: what comes after it does not stand. */
export function knownPositions({ id, index }: AttachedFolder, device: DeviceKey): CutPosition[] {
  return [{ incarnation: holderMark, counter: 1 }, ...index.countersOf(device)]
    .map(({ incarnation, counter }) => ({ folderId: id, incarnation, counter }))
    .slice(0, maxCutPositions);
}

function least(one: StandsTo, other: StandsTo): StandsTo {
  if (one === 'unknown' || other === 'unknown') return 'unknown';
  if (one === 'all') return other;
  if (other === 'all') return one;
  return (incarnation) => Math.min(one(incarnation), other(incarnation));
}
