import { type Clock, inPages, invariant } from '../base/base.ts';
import type { ChangeSet, FolderIndex, Loss, SignedEntry } from '../file-index/file-index.ts';
import type { BaseRow } from '../model/base-row.ts';
import { isExecutable, type Observed } from '../model/disk.ts';
import {
  type Content,
  contentOf,
  type Entry,
  type FileFacts,
  type Member,
  sameContent,
} from '../model/entry.ts';
import type { DeviceKey, FolderId, HashPrefix, IncarnationId } from '../model/ids.ts';
import type { Dot, Past } from '../model/past.ts';
import { parentOf, type RelativePath } from '../model/path.ts';
import { lossOf } from '../plan/plan.ts';
import { decodeEntry, encodeEntry, maxChangeSetEntries, signChangeSet } from '../protocol/protocol.ts';
import {
  type Decision,
  decideInward,
  mergeMembers,
  type PathView,
  resolvePast,
  stampChange,
  stampFound,
  viewOf,
  withoutOld,
  writePast,
} from '../reconcile/reconcile.ts';
import type { Identity } from '../trust/trust.ts';
import type { FolderRules } from './folder-rules.ts';
import type { Journal, PathChange } from './journal.ts';
import { viewAt } from './view-at.ts';

/** LIMIT: paths read from the index at a time. */
const pathsAtATime = 1_000;

/** A write of this device, before it has a dot and a signature. */
export interface LocalWrite {
  readonly path: RelativePath;
  /** What is there now; undefined for a deletion. */
  readonly content: Content | undefined;
  /** The disk's account of it, undefined for a deletion. */
  readonly observed: Observed | undefined;
  readonly diskName?: string;
  /** The writes it stands upon. */
  readonly seen: Past;
  readonly from: readonly HashPrefix[];
  readonly found: boolean;
  /** Where what is deleted here was moved to, if that is known. */
  readonly movedTo?: RelativePath;
  /** What an entry says of a file where this disk cannot: its mode, where the disk has none. */
  readonly executable?: boolean;
}

/** A write that a person decided on, before it has a dot and a signature: what it puts at the path need not be on this disk. */
export interface DecidedWrite {
  readonly path: RelativePath;
  /** Undefined for a deletion. */
  readonly content: Content | undefined;
  readonly executable: boolean;
  readonly modifiedAtNs: bigint;
  readonly from: readonly HashPrefix[];
  /** The writes it stands upon; `everything` settles a path: nothing that stands there now stays beside it, but for other writes of its list. */
  readonly seen: Past | 'everything';
}

/** One folder's state, view and inward work, kept together: every change of members goes through here. */
export interface FolderState {
  /** Merges entries into the state and recomputes what follows; durable. Returns those that were new, for passing on. */
  accept(entries: readonly SignedEntry[], sets: readonly ChangeSet[]): readonly SignedEntry[];
  /** Signs and records writes of this device with their base rows; durable. */
  write(writes: readonly LocalWrite[]): readonly SignedEntry[];
  /** Signs and records what a person decided; the disk follows by the inward path. Writes of one path in the list stand beside one another. Durable. */
  decide(writes: readonly DecidedWrite[]): readonly SignedEntry[];
  /** The view of a path with its members, computed afresh. */
  viewAt(path: RelativePath): PathView;
  /** What this device has to do about a path, by its view, its base row and the folder's rules. `isEmpty` is asked of a directory that lingers. */
  decisionAt(path: RelativePath, isEmpty?: () => boolean): Decision;
  /** Compares view and base of a path and notes whether inward work is due; also when only the seen set had to follow. `isEmpty` as above. */
  reconsider(path: RelativePath, isEmpty?: () => boolean): void;
  /** The same for all paths, since the folder's rules are others now; durable. */
  reconsiderAll(): void;
  /**
   * Keeps only these members of a path: the others are forgotten, nobody's write takes their place. With `by` it is told as a change of that
   * device; if `asks`, a file that goes may have to wait for a person, like one it deleted. Inside a transaction.
   */
  forget(path: RelativePath, keep: readonly Member[], by?: DeviceKey, asks?: boolean): void;
  /** How many paths' members changed since the start: something to compare. */
  readonly revision: number;
  /** Rises whenever inward work is noted. */
  readonly pendingRevision: number;
}

/** Opens the state over an index whose incarnation is settled. */
export function createFolderState(dependencies: {
  readonly folderId: FolderId;
  readonly index: FolderIndex;
  readonly identity: Identity;
  readonly incarnation: IncarnationId;
  readonly clock: Clock;
  readonly journal: Pick<Journal, 'isRecording' | 'note'>;
  readonly rules: Pick<FolderRules, 'obstacleAt'>;
  /** Whether an entry from elsewhere counts: not if it was written after its author had been removed. */
  counts(member: Member): boolean;
  /** Whether what this entry takes away is nothing to ask anybody about. */
  isAllowed(member: Member): boolean;
}): FolderState {
  const { folderId, index, identity, incarnation, clock, journal, rules } = dependencies;
  let lastCounter = index.highestCounter(incarnation);
  const raiseOwn = (): void => index.raiseContext([{ incarnation, counter: lastCounter }]);
  if (lastCounter > 0) index.transaction(raiseOwn);
  let revision = 0;
  let pendingRevision = 0;

  const viewHere = (path: RelativePath): PathView => viewAt(index, path);

  /** Takes over what a path now shows. Returns the directory it is in if something came to live in that, or ceased to. */
  const show = (path: RelativePath, view: PathView, by?: DeviceKey): RelativePath | undefined => {
    const before = index.view(path);
    const winner = view.winner?.hash;
    const conflicts = view.conflicts.length;
    const isNothing = view.content === undefined && winner === undefined;
    const isSame =
      before !== undefined &&
      before.winner === winner &&
      before.conflicts === conflicts &&
      sameContent(before.content, view.content);
    // A directory is looked at again for each new thing in it, and almost always is what it was.
    if (isNothing && before !== undefined) index.removeView(path);
    else if (!isNothing && !isSame) index.putView({ path, winner, content: view.content, conflicts });
    reconsiderView(path, view, { by });
    return (before?.content === undefined) === (view.content === undefined) ? undefined : parentOf(path);
  };

  /** Computes anew what stands at these paths, and in the directories above where that matters: once for all that is in them. */
  const recompute = (
    changed: ReadonlyMap<RelativePath, readonly Member[]>,
    by?: DeviceKey,
  ): ReadonlyMap<RelativePath, PathView> => {
    const views = new Map<RelativePath, PathView>();
    const look = (
      path: RelativePath,
      members: readonly Member[],
      of?: DeviceKey,
    ): RelativePath | undefined => {
      const view = viewOf(members, index.hasLivingBelow(path));
      views.set(path, view);
      return show(path, view, of);
    };
    let above = new Set<RelativePath | undefined>();
    for (const [path, members] of changed) above.add(look(path, members, by));
    while (above.size > 0) {
      const next = new Set<RelativePath | undefined>();
      for (const path of above) if (path !== undefined) next.add(look(path, index.members(path)));
      above = next;
    }
    return views;
  };

  const decide = (path: RelativePath, view: PathView, isEmpty = (): boolean => false): Decision => {
    const base = index.base(path);
    const obstacle = rules.obstacleAt(path, view.content?.kind ?? base?.observed?.kind);
    return decideInward({ path, view, base, obstacle, isEmpty: base?.status === 'lingering' && isEmpty() });
  };

  const reconsiderView = (
    path: RelativePath,
    view: PathView,
    {
      isEmpty,
      by,
    }: { readonly isEmpty?: (() => boolean) | undefined; readonly by?: DeviceKey | undefined } = {},
  ): void => {
    const decision = decide(path, view, isEmpty);
    if (decision.kind === 'nothing') index.clearPending(path);
    else if (decision.kind === 'adopt' || decision.kind === 'hold-back') {
      if (decision.becomes === undefined) index.removeBase(path);
      else index.putBase(decision.becomes);
      index.clearPending(path);
    } else {
      const needBytes =
        decision.kind === 'place' && decision.wanted.kind === 'file' ? decision.wanted.sizeBytes : 0;
      pendingRevision += 1;
      index.markPending({ path, needBytes, loss: lossAt(path, view.winner, decision, by) });
    }
  };

  const lossAt = (
    path: RelativePath,
    winner: Member | undefined,
    decision: Decision,
    by: DeviceKey | undefined,
  ): Loss | undefined => {
    const kind = lossOf(decision);
    if (kind === undefined) return undefined;
    // Where nobody's write takes the place of what goes, only the row remembers who had forgotten it.
    if (winner === undefined)
      return by === undefined ? index.pendingAt(path)?.loss : { kind, author: by, at: clock.now() };
    if (winner.author === identity.deviceKey || dependencies.isAllowed(winner)) return undefined;
    return { kind, author: winner.author, at: winner.entry.changedAt };
  };

  const merge = (entries: readonly SignedEntry[]): SignedEntry[] => {
    const fresh: SignedEntry[] = [];
    const changes: Omit<PathChange, 'after'>[] = [];
    const changed = new Map<RelativePath, readonly Member[]>();
    const isRecording = journal.isRecording();
    const byPath = Map.groupBy(entries, (entry) => entry.member.entry.path);
    for (const [path, arrived] of byPath) {
      const existing = index.members(path);
      const incoming = withoutOld(arrived, existing, index.floor());
      const merged = mergeMembers(
        existing,
        incoming.map((entry) => entry.member),
      );
      if (merged.added.length === 0) continue;
      const added = new Set(merged.added.map((member) => member.hash));
      const add = incoming.filter(
        (entry, i) =>
          added.has(entry.member.hash) &&
          incoming.findIndex((other) => other.member.hash === entry.member.hash) === i,
      );
      if (isRecording) {
        const before = existing.length === 0 ? nothing : viewOf(existing, index.hasLivingBelow(path));
        changes.push({ path, before, added: merged.added });
      }
      const survivors = new Set(merged.members.map((member) => member.hash));
      index.setMembers(
        path,
        existing.filter((member) => survivors.has(member.hash)).map((member) => member.hash),
        add,
      );
      fresh.push(...add);
      changed.set(path, merged.members);
      revision += 1;
    }
    const views = recompute(changed);
    for (const change of changes) journal.note({ ...change, after: views.get(change.path) ?? nothing });
    return fresh;
  };

  const nextDot = (): Dot => {
    lastCounter = Math.max(lastCounter + 1, clock.now());
    return { incarnation, counter: lastCounter };
  };

  const entryOf = (write: LocalWrite): Entry => {
    const { path, content, observed, found, from } = write;
    const dot = nextDot();
    const members = index.members(path);
    const seenChangedAts = members.map((member) => member.entry.changedAt);
    const common = {
      path,
      dot,
      past: writePast({ seen: write.seen, dot, members, ownDots: index.ownDots(path, incarnation) }),
      changedAt:
        found && observed !== undefined
          ? stampFound(observed.modifiedAtNs, clock.now())
          : stampChange({ now: clock.now(), seenChangedAts, medianOffset: 0 }),
      from,
      found,
    };
    const { mode, modifiedAtNs } = observed ?? { mode: 0, modifiedAtNs: 0n };
    return entryShowing(common, content, {
      executable: write.executable ?? isExecutable(mode),
      modifiedAtNs,
      movedTo: write.movedTo,
    });
  };

  /** `besides`: entries of the same list at the same path. */
  const decidedEntry = (write: DecidedWrite, besides: readonly Member[]): Entry => {
    const { path, content, from, seen } = write;
    const dot = nextDot();
    const stood = index.members(path);
    const members = [...stood, ...besides];
    const past =
      seen === 'everything'
        ? resolvePast(
            stood,
            dot,
            besides.map(({ entry }) => entry.dot),
          )
        : writePast({ seen, dot, members, ownDots: index.ownDots(path, incarnation) });
    const seenChangedAts = members.map((member) => member.entry.changedAt);
    const changedAt = stampChange({ now: clock.now(), seenChangedAts, medianOffset: 0 });
    return entryShowing({ path, dot, past, changedAt, from, found: false }, content, write);
  };

  const encoded = (entry: Entry): EncodedEntry => {
    const bytes = encodeEntry(entry);
    return { bytes, member: decodeEntry(bytes, identity.deviceKey) };
  };

  /** Signs entries of this device as one change set. */
  const signed = (entries: readonly EncodedEntry[]): SignedEntry[] => {
    const set = signChangeSet({
      folderId,
      author: identity.deviceKey,
      hashes: entries.map(({ member }) => member.hash),
      sign: identity.sign,
    });
    index.putChangeSet(set);
    return entries.map(({ bytes, member }, position) => ({ member, bytes, changeSet: set.id, position }));
  };

  const mergeOwn = (entries: readonly SignedEntry[]): SignedEntry[] => {
    const fresh = merge(entries);
    invariant(fresh.length === entries.length, 'a write of this device is always new');
    raiseOwn();
    return fresh;
  };

  const recordWrites = (writes: readonly LocalWrite[]): SignedEntry[] => {
    const entries = signed(writes.map((write) => encoded(entryOf(write))));
    for (const [i, write] of writes.entries()) {
      index.putBase(baseRowOf((entries[i] as SignedEntry).member, write));
    }
    return mergeOwn(entries);
  };

  const recordDecided = (writes: readonly DecidedWrite[]): SignedEntry[] => {
    const made = new Map<RelativePath, Member[]>();
    const entries = writes.map((write) => {
      const besides = made.get(write.path) ?? [];
      const entry = encoded(decidedEntry(write, besides));
      made.set(write.path, [...besides, entry.member]);
      return entry;
    });
    const all: SignedEntry[] = [];
    for (let at = 0; at < entries.length; at += maxChangeSetEntries)
      all.push(...signed(entries.slice(at, at + maxChangeSetEntries)));
    return mergeOwn(all);
  };

  return {
    accept(entries, sets) {
      return index.transaction(() => {
        for (const set of sets) index.putChangeSet(set);
        return merge(entries.filter(({ member }) => dependencies.counts(member)));
      });
    },
    write(writes) {
      const written: SignedEntry[] = [];
      for (let at = 0; at < writes.length; at += maxChangeSetEntries) {
        written.push(...index.transaction(() => recordWrites(writes.slice(at, at + maxChangeSetEntries))));
      }
      return written;
    },
    decide: (writes) => (writes.length === 0 ? [] : index.transaction(() => recordDecided(writes))),
    viewAt: viewHere,
    decisionAt: (path, isEmpty) => decide(path, viewHere(path), isEmpty),
    reconsiderAll() {
      index.transaction(() => {
        const all = inPages<ReturnType<FolderIndex['pathsUnder']>[number]>((last) =>
          index.pathsUnder('', last?.key ?? '', pathsAtATime),
        );
        for (const { path } of all) reconsiderView(path, viewHere(path));
      });
    },
    reconsider: (path, isEmpty) => index.transaction(() => reconsiderView(path, viewHere(path), { isEmpty })),
    forget(path, keep, by, asks = false) {
      const before = by === undefined ? undefined : viewHere(path);
      index.setMembers(
        path,
        keep.map(({ hash }) => hash),
        [],
      );
      revision += 1;
      recompute(new Map([[path, keep]]), asks ? by : undefined);
      if (by !== undefined && before !== undefined)
        journal.note({ path, before, after: viewHere(path), added: [], by });
      // A row that says only that rules leave the path out has nothing to speak of any more.
      const base = index.base(path);
      const isEmpty = base !== undefined && base.observed === undefined && base.status !== 'local-change';
      if (keep.length === 0 && isEmpty) index.removeBase(path);
    },
    get revision() {
      return revision;
    },
    get pendingRevision() {
      return pendingRevision;
    },
  };
}

/** The view of a path nobody wrote at. */
const nothing: PathView = viewOf([], false);

/** An entry in the form it travels in, and as it is read back. */
interface EncodedEntry {
  readonly bytes: Uint8Array;
  readonly member: Member;
}

function entryShowing(
  common: Omit<Entry, 'kind' | 'file' | 'symlink' | 'movedTo'>,
  content: Content | undefined,
  facts: Pick<FileFacts, 'executable' | 'modifiedAtNs'> & { readonly movedTo?: RelativePath | undefined },
): Entry {
  const { executable, modifiedAtNs, movedTo } = facts;
  switch (content?.kind) {
    case undefined:
      return { kind: 'tombstone', ...common, ...(movedTo === undefined ? {} : { movedTo }) };
    case 'file': {
      const { sizeBytes, content: hash } = content;
      return { kind: 'file', ...common, file: { sizeBytes, content: hash, executable, modifiedAtNs } };
    }
    case 'symlink':
      return { kind: 'symlink', ...common, symlink: { target: content.target } };
    case 'directory':
      return { kind: 'directory', ...common };
  }
}

function baseRowOf(member: Member, { observed, diskName }: LocalWrite): BaseRow {
  return {
    path: member.entry.path,
    status: 'held',
    shown: member.hash,
    content: contentOf(member.entry),
    seen: member.entry.past,
    observed,
    ...(diskName === undefined ? {} : { diskName }),
  };
}
