import type { ActivityRow, FolderIndex, FormerVersion, SignedEntry } from '../file-index/file-index.ts';
import type { Member } from '../model/entry.ts';
import type { DeviceKey, IncarnationId } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import type { DecidedWrite, FolderState } from './folder-state.ts';
import { isHere } from './history.ts';
import type { Journal } from './journal.ts';
import type { LimitedAuthor, LimitedAuthors } from './limited-authors.ts';

/** LIMIT: changes of one path looked through for what stood before. */
const changesLookedAt = 100;
/** Which cuts were carried out, and what a person has still to look at. */
const settledFact = 'removed-settled';
const setAsideFact = 'set-aside';

/** Changes of a device that the group had not seen when it was removed, or allowed only to read, and that were taken out of the folder here. */
export interface SetAside {
  readonly author: DeviceKey;
  /** Undefined for what was set aside by a version that knew no readers: the device was removed. */
  readonly why?: LimitedAuthor['why'];
  /** The row of the journal they are parts of. */
  readonly act: number;
  readonly since: number;
  readonly paths: number;
}

/** What is known of such changes in one folder. */
export interface RemovedChanges {
  /**
   * Takes what limited devices wrote after their cut out of the folder's state, on every device alike; durable. Where nothing else stands at a path, what stood there
   * before is written again, as far as this device knows it and may write, but for what a removed device had written and nobody here has the bytes of; files that go from the
   * disk go into the version store. On the limited device itself they stay, as changes kept here. Returns the new entries.
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
  readonly state: Pick<FolderState, 'forget' | 'decide' | 'viewAt'>;
  readonly limited: Pick<LimitedAuthors, 'all' | 'isReader'>;
  readonly self: DeviceKey;
  readonly journal: Pick<Journal, 'during'>;
  now(): number;
}): RemovedChanges {
  const { index, state, limited, journal, self } = parts;
  const waiting = (): readonly SetAside[] => JSON.parse(index.fact(setAsideFact) ?? '[]') as SetAside[];
  const setWaiting = (next: readonly SetAside[]): void =>
    index.setFact(setAsideFact, next.length === 0 ? undefined : JSON.stringify(next));

  /** Where the author's incarnations are cut, as text: settled once, nothing more of theirs gets in. */
  const nameOf = ({ author, standsTo }: LimitedAuthor): string =>
    typeof standsTo === 'string'
      ? `${author} ${standsTo}`
      : `${author} ${index
          .countersOf(author)
          .map(({ incarnation }) => `${incarnation}:${standsTo(incarnation)}`)
          .join(',')}`;

  /** What this device shows of its own writes that do not stand becomes a change kept here. */
  const keepHere = (path: RelativePath, isBeyond: IsBeyond): void => {
    const row = index.base(path);
    const shown = row?.shown === undefined ? undefined : index.entry(row.shown)?.member;
    const isBeyondHere = (member: Member | undefined): boolean =>
      member?.author === self && isBeyond(member.entry.dot.incarnation, member.entry.dot.counter);
    if (row !== undefined && isBeyondHere(shown))
      index.putBase({ ...row, status: 'local-change', shown: undefined });
    const { winner } = state.viewAt(path);
    if (row?.observed === undefined && winner?.entry.kind === 'tombstone' && isBeyondHere(winner)) {
      const seen = winner.entry.past;
      index.putBase({
        path,
        status: 'local-change',
        shown: undefined,
        content: undefined,
        seen,
        observed: undefined,
      });
    }
  };

  /** What only a removed device has comes from nobody any more: writing it again would leave a path that nothing can fill. */
  const canBeHad = ({ content, author }: FormerVersion): boolean =>
    content.kind !== 'file' ||
    !limited.all().some((each) => each.author === author && each.why === 'removed') ||
    isHere(index, content.content);

  const settleAuthor = (
    { author, why }: LimitedAuthor,
    standsTo: (incarnation: IncarnationId) => number,
  ): readonly SignedEntry[] => {
    const isBeyond: IsBeyond = (incarnation, counter) => counter > standsTo(incarnation);
    const beyond = index
      .entriesBy(author)
      .filter(({ incarnation, counter }) => isBeyond(incarnation, counter));
    const paths = [...new Set(beyond.map(({ path }) => path))];
    if (paths.length === 0) return [];
    let entries: readonly SignedEntry[] = [];
    const act = journal.during({ kind: 'set-aside', path: undefined }, () => {
      const writes = paths.flatMap((path) => {
        const before = versionsBefore(index, path, author, standsTo).filter(canBeHad);
        if (author === self) keepHere(path, isBeyond);
        const stands = index
          .members(path)
          .filter(
            ({ author: by, entry: { dot } }) => by !== author || !isBeyond(dot.incarnation, dot.counter),
          );
        state.forget(path, stands, author);
        if (index.members(path).length > 0 || limited.isReader(self)) return [];
        return before.toReversed().map((version): DecidedWrite => ({ path, ...version, seen: 'everything' }));
      });
      entries = state.decide(writes);
    });
    if (author !== self)
      setWaiting([...waiting(), { author, why, act, since: parts.now(), paths: paths.length }]);
    return entries;
  };

  return {
    settle() {
      const entries: SignedEntry[] = [];
      const authors = limited.all();
      const settled = (index.fact(settledFact) ?? '').split('\n');
      for (const each of authors) {
        const { author, standsTo } = each;
        if (typeof standsTo === 'string') continue;
        // Nothing more of another's gets in; what this device was writing when it heard does.
        if (author !== self && settled.includes(nameOf(each))) continue;
        entries.push(...index.transaction(() => settleAuthor(each, standsTo)));
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

type IsBeyond = (incarnation: IncarnationId, counter: number) => boolean;

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
