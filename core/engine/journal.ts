import type { Clock } from '../base/base.ts';
import type { ActivityRow, FolderIndex, FormerVersion } from '../file-index/file-index.ts';
import { contentOf, isLiving, type Member, sameContent } from '../model/entry.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import { type PathView, unionOf } from '../reconcile/reconcile.ts';

/** LIMIT: rows kept; more than a person ever reads, enough to take back what happened to a large folder at once. */
const maxRows = 200_000;
/** How many rows are added before the oldest are looked at. */
const rowsBetweenTrims = 5_000;
/** The moment from which on nothing was left out or forgotten. */
const sinceFact = 'journal-since';

/** What a merge made of one path. */
export interface PathChange {
  readonly path: RelativePath;
  readonly before: PathView;
  readonly after: PathView;
  /** The members that brought it about. */
  readonly added: readonly Member[];
  /** Whose change it is, where none of them tells. */
  readonly by?: DeviceKey;
}

/** What a person does to paths at one go. */
export interface Act {
  readonly kind: 'resolved' | 'restored' | 'undone' | 'allowed' | 'set-aside';
  /** What they named; undefined for the whole folder. */
  readonly path: RelativePath | undefined;
}

/** What happened in a folder, kept so that it can be told and taken back. */
export interface Journal {
  /** Whether changes are to be noted: not while a folder is first read, when everything is new. */
  isRecording(): boolean;
  /** Notes a change if it is one to a person; inside a transaction. */
  note(change: PathChange): void;
  /** Runs `work` as an act: the changes it makes are its parts. Returns the number of its row. Inside a transaction. */
  during(act: Act, work: () => void): number;
  /** The moment back to which it tells everything; undefined while it tells nothing. */
  since(): number | undefined;
  /** Forgets what is older than a moment. */
  trim(olderThan: number): void;
}

/** The journal in an index. `told` hears of every row that is no part of another, after it was written; the transaction may still fail. */
export function createJournal(dependencies: {
  readonly index: FolderIndex;
  readonly clock: Clock;
  readonly self: DeviceKey;
  told(row: ActivityRow): void;
}): Journal {
  const { index, clock, self } = dependencies;
  let act: number | undefined;
  let addedSinceTrim = 0;

  const add = (row: Omit<ActivityRow, 'id' | 'undone' | 'at' | 'partOf'>): number => {
    const full = { ...row, at: clock.now(), partOf: act };
    const id = index.addActivity(full);
    if (act === undefined) dependencies.told({ ...full, id, undone: false });
    addedSinceTrim += 1;
    if (addedSinceTrim >= rowsBetweenTrims) trim(0);
    return id;
  };
  const trim = (olderThan: number): void => {
    addedSinceTrim = 0;
    index.transaction(() => {
      const newest = index.trimActivities({ olderThan, keepNewest: maxRows });
      if (newest !== undefined) index.setFact(sinceFact, String(newest));
    });
  };

  return {
    isRecording() {
      if (index.fact('scanned') !== 'yes' || index.fact('read-first') !== 'done') return false;
      if (index.fact(sinceFact) === undefined)
        index.transaction(() => index.setFact(sinceFact, String(clock.now())));
      return true;
    },
    note({ path, before, after, added, by }) {
      const kind = kindOf(before, after, added);
      const device = by ?? deviceOf(kind, after, added);
      if (kind === undefined || device === undefined) return;
      const change = { before: versionsOf(before), seen: unionOf(allOf(after)) };
      add({ kind, path, device, change });
    },
    during({ kind, path }, work) {
      const id = add({ kind, path, device: self, change: undefined });
      act = id;
      try {
        work();
      } finally {
        act = undefined;
      }
      return id;
    },
    since() {
      const since = index.fact(sinceFact);
      return since === undefined ? undefined : Number(since);
    },
    trim,
  };
}

/** The versions that stand in a view, the one shown first. */
export function versionsOf({ winner, conflicts }: PathView): FormerVersion[] {
  return [winner, ...conflicts.map(([first]) => first)].flatMap((member) => {
    const version = member === undefined ? undefined : versionOf(member);
    return version === undefined ? [] : [version];
  });
}

/** What a new write of a member's content needs; undefined for a deletion. */
export function versionOf({ entry, author }: Member): FormerVersion | undefined {
  const content = contentOf(entry);
  if (content === undefined) return undefined;
  const facts = entry.kind === 'file' ? entry.file : { executable: false, modifiedAtNs: 0n };
  const { executable, modifiedAtNs } = facts;
  return { content, executable, modifiedAtNs, from: entry.from, author };
}

function kindOf(
  before: PathView,
  after: PathView,
  added: readonly Member[],
): ActivityRow['kind'] | undefined {
  if (after.conflicts.length > before.conflicts.length) return 'conflict';
  if (isDeletionOverruled(before, after, added)) return 'kept';
  if (after.conflicts.length < before.conflicts.length)
    return after.content === undefined ? 'deleted' : 'resolved';
  // A directory that only follows what lies below it is nobody's act.
  if (before.winner === undefined && after.winner === undefined) return undefined;
  if (!sameContent(before.content, after.content)) return after.content === undefined ? 'deleted' : 'written';
  return isExecutable(before.winner) === isExecutable(after.winner) ? undefined : 'written';
}

/** A deletion and a change that did not know of each other: the change stands, and whoever deleted is to be told. */
function isDeletionOverruled(before: PathView, after: PathView, added: readonly Member[]): boolean {
  const { content } = after;
  if (content === undefined || content.kind === 'directory') return false;
  const tombstones = after.overruled.filter(({ entry }) => !isLiving(entry));
  return tombstones.some((member) => before.content === undefined || added.includes(member));
}

function deviceOf(
  kind: ActivityRow['kind'] | undefined,
  after: PathView,
  added: readonly Member[],
): DeviceKey | undefined {
  if (kind === 'kept') return after.overruled.find(({ entry }) => !isLiving(entry))?.author;
  const shown = [after.winner, ...after.alike].find(
    (member) => member !== undefined && added.includes(member),
  );
  return (shown ?? added[0])?.author;
}

function allOf({ winner, alike, overruled, conflicts }: PathView): Member[] {
  return [...(winner === undefined ? [] : [winner]), ...alike, ...overruled, ...conflicts.flat()];
}

function isExecutable(member: Member | undefined): boolean {
  return member?.entry.kind === 'file' && member.entry.file.executable;
}
