import type { ActivityRow, FolderIndex, FormerVersion, SignedEntry } from '../file-index/file-index.ts';
import type { DeviceKey, IncarnationId } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import type { DecidedWrite, FolderState } from './folder-state.ts';
import type { Journal } from './journal.ts';
import type { RemovedAuthor, RemovedAuthors } from './removed-authors.ts';

/** LIMIT: changes of one path looked through for what stood before. */
const changesLookedAt = 100;
/** Which cuts were carried out, and what a person has still to look at. */
const settledFact = 'removed-settled';
const setAsideFact = 'set-aside';

/** Changes of a removed device that the group had not seen when it was removed, and that were taken out of the folder here. */
export interface SetAside {
  readonly author: DeviceKey;
  /** The row of the journal they are parts of. */
  readonly act: number;
  readonly since: number;
  readonly paths: number;
}

/** What is known of such changes in one folder. */
export interface RemovedChanges {
  /**
   * Takes what removed devices wrote after their cut out of the folder's state, on every device alike; durable. Where nothing else stands at a path, what stood there
   * before is written again, as far as this device knows it; files that go from the disk go into the version store. Returns the new entries.
   */
  settle(): readonly SignedEntry[];
  /** What waits for a person to look at, oldest first. */
  waiting(): readonly SetAside[];
  /** A person has; inside a transaction. */
  lookedAt(act: number): void;
}

/** Opens what the index knows of it. */
export function openRemovedChanges(parts: {
  readonly index: FolderIndex;
  readonly state: Pick<FolderState, 'forget' | 'decide'>;
  readonly removed: Pick<RemovedAuthors, 'all'>;
  readonly journal: Pick<Journal, 'during'>;
  now(): number;
}): RemovedChanges {
  const { index, state, removed, journal } = parts;
  const waiting = (): readonly SetAside[] => JSON.parse(index.fact(setAsideFact) ?? '[]') as SetAside[];
  const setWaiting = (next: readonly SetAside[]): void =>
    index.setFact(setAsideFact, next.length === 0 ? undefined : JSON.stringify(next));

  /** Where the author's incarnations are cut, as text: settled once, nothing more of theirs gets in. */
  const nameOf = ({ author, standsTo }: RemovedAuthor): string =>
    typeof standsTo === 'string'
      ? `${author} ${standsTo}`
      : `${author} ${index
          .countersOf(author)
          .map(({ incarnation }) => `${incarnation}:${standsTo(incarnation)}`)
          .join(',')}`;

  const settleAuthor = (
    author: DeviceKey,
    standsTo: (incarnation: IncarnationId) => number,
  ): readonly SignedEntry[] => {
    const isBeyond = (incarnation: IncarnationId, counter: number): boolean =>
      counter > standsTo(incarnation);
    const beyond = index
      .entriesBy(author)
      .filter(({ incarnation, counter }) => isBeyond(incarnation, counter));
    const paths = [...new Set(beyond.map(({ path }) => path))];
    if (paths.length === 0) return [];
    let entries: readonly SignedEntry[] = [];
    const act = journal.during({ kind: 'set-aside', path: undefined }, () => {
      const writes = paths.flatMap((path) => {
        const before = versionsBefore(index, path, author, standsTo);
        const stands = index
          .members(path)
          .filter(
            ({ author: by, entry: { dot } }) => by !== author || !isBeyond(dot.incarnation, dot.counter),
          );
        state.forget(path, stands, author);
        if (index.members(path).length > 0) return [];
        return before.toReversed().map((version): DecidedWrite => ({ path, ...version, seen: 'everything' }));
      });
      entries = state.decide(writes);
    });
    setWaiting([...waiting(), { author, act, since: parts.now(), paths: paths.length }]);
    return entries;
  };

  return {
    settle() {
      const entries: SignedEntry[] = [];
      const authors = removed.all();
      const settled = (index.fact(settledFact) ?? '').split('\n');
      for (const each of authors) {
        const { author, standsTo } = each;
        if (typeof standsTo === 'string' || settled.includes(nameOf(each))) continue;
        entries.push(...index.transaction(() => settleAuthor(author, standsTo)));
      }
      const now = authors.map(nameOf).join('\n');
      if (settled.join('\n') !== now)
        index.transaction(() => index.setFact(settledFact, now === '' ? undefined : now));
      return entries;
    },
    waiting,
    lookedAt: (act) => setWaiting(waiting().filter((each) => each.act !== act)),
  };
}

/** What stood before the first of the changes that do not count; nothing where this device does not know it. */
function versionsBefore(
  index: FolderIndex,
  path: RelativePath,
  author: DeviceKey,
  standsTo: (incarnation: IncarnationId) => number,
): readonly FormerVersion[] {
  const own = new Set(index.countersOf(author).map(({ incarnation }) => incarnation));
  const isBeyond = ({ device, change }: ActivityRow): boolean =>
    device === author &&
    change !== undefined &&
    change.seen.vector.some(
      ({ incarnation, counter }) => own.has(incarnation) && counter > standsTo(incarnation),
    );
  let found: readonly FormerVersion[] = [];
  for (const row of index.changesOf(path, changesLookedAt)) {
    if (!isBeyond(row)) break;
    found = row.change?.before ?? [];
  }
  return found;
}
