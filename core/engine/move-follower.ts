import type { FolderIndex } from '../file-index/file-index.ts';
import { contentOf } from '../model/entry.ts';
import type { DeviceKey, HashPrefix } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import { fromOfWrite, leftBehind, prefixOfContent, seenSetOf } from '../reconcile/reconcile.ts';
import type { DecidedWrite, FolderState } from './folder-state.ts';

/** LIMIT: moves whose target has not come yet that are remembered; beyond it a change stays where it was made. */
const maxAwaited = 10_000;
/** LIMIT: moves of one file followed one after the other. */
const maxSteps = 16;

/** Makes changes follow files that were moved away meanwhile. */
export interface MoveFollower {
  /** The writes that are due since something new came at `paths`: the change at the new path, and its end at the old one. */
  due(paths: Iterable<RelativePath>): DecidedWrite[];
}

/**
 * Watches over one folder. Only the devices that moved or changed a file carry the change after it, so that a large group does not do so many
 * times over; both may, and then say the same. Where the new path shows something else by now the change stays where it was made.
 */
export function createMoveFollower(dependencies: {
  readonly index: FolderIndex;
  readonly state: Pick<FolderState, 'viewAt'>;
  readonly self: DeviceKey;
  /** Whether a path is kept in step here, in both directions. */
  isOurs(path: RelativePath): boolean;
}): MoveFollower {
  const { index, state, self } = dependencies;
  /** Old paths by the new path that they wait for. */
  const awaited = new Map<RelativePath, RelativePath>();

  /** Where a moved file is by now, if it was moved on as it was. */
  const lastPlace = (to: RelativePath, moved: HashPrefix): RelativePath => {
    let place = to;
    for (let steps = 0; steps < maxSteps; steps += 1) {
      const next = index
        .members(place)
        .map(({ entry }) =>
          entry.kind === 'tombstone' && entry.from[0] === moved ? entry.movedTo : undefined,
        )
        .find((further) => further !== undefined);
      if (next === undefined || state.viewAt(place).content !== undefined) return place;
      place = next;
    }
    return place;
  };

  /** Whether this device put there what was moved: then what it wrote at the old path is another file. */
  const hasMoved = (author: DeviceKey, to: RelativePath, moved: HashPrefix): boolean =>
    index.members(to).some((member) => {
      const content = contentOf(member.entry);
      return member.author === author && content !== undefined && prefixOfContent(content) === moved;
    });

  const writesFor = (path: RelativePath): DecidedWrite[] => {
    const found = leftBehind(index.members(path));
    if (found === undefined) return [];
    const { change, move, moved } = found;
    const to = lastPlace(found.to, moved);
    if ((change.author !== self && move.author !== self) || !dependencies.isOurs(path)) return [];
    if (change.entry.kind !== 'file' || !dependencies.isOurs(to)) return [];
    const there = state.viewAt(to);
    if (there.content === undefined) {
      if (awaited.size < maxAwaited) awaited.set(to, path);
      return [];
    }
    if (prefixOfContent(there.content) !== moved || there.conflicts.length > 0) return [];
    if (hasMoved(change.author, to, moved)) return [];
    const content = contentOf(change.entry);
    const { executable, modifiedAtNs } = change.entry.file;
    const line = [
      { content: there.content, from: there.winner?.entry.from ?? [] },
      { content: undefined, from: change.entry.from },
    ];
    const facts = { executable, modifiedAtNs };
    return [
      { path: to, content, ...facts, from: fromOfWrite(line, content), seen: seenSetOf(there) },
      {
        path,
        content: undefined,
        ...facts,
        from: fromOfWrite([{ content, from: change.entry.from }], undefined),
        seen: 'everything',
      },
    ];
  };

  return {
    due(paths) {
      const old = new Set<RelativePath>();
      for (const path of paths) {
        old.add(path);
        const waiting = awaited.get(path);
        if (waiting !== undefined) old.add(waiting);
        awaited.delete(path);
      }
      return [...old].flatMap(writesFor);
    },
  };
}
