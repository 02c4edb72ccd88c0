import { type Clock, invariant } from '../base/base.ts';
import type { ChangeSet, FolderIndex, SignedEntry } from '../file-index/file-index.ts';
import type { BaseRow } from '../model/base-row.ts';
import { isExecutable, type Observed } from '../model/disk.ts';
import { type Content, contentOf, type Entry, type Member } from '../model/entry.ts';
import type { FolderId, HashPrefix, IncarnationId } from '../model/ids.ts';
import type { Dot, Past } from '../model/past.ts';
import { parentOf, type RelativePath } from '../model/path.ts';
import { decodeEntry, encodeEntry, maxChangeSetEntries, signChangeSet } from '../protocol/protocol.ts';
import {
  decideInward,
  mergeMembers,
  type PathView,
  stampChange,
  stampFound,
  viewOf,
  writePast,
} from '../reconcile/reconcile.ts';
import type { Identity } from '../trust/trust.ts';

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
  /** What an entry says of a file where this disk cannot: its mode, where the disk has none. */
  readonly executable?: boolean;
}

/** One folder's state, view and inward work, kept together: every change of members goes through here. */
export interface FolderState {
  /** Merges entries into the state and recomputes what follows; durable. Returns those that were new, for passing on. */
  accept(entries: readonly SignedEntry[], sets: readonly ChangeSet[]): readonly SignedEntry[];
  /** Signs and records writes of this device with their base rows; durable. */
  write(writes: readonly LocalWrite[]): readonly SignedEntry[];
  /** The view of a path with its members, computed afresh. */
  viewAt(path: RelativePath): PathView;
  /** Compares view and base of a path and notes whether inward work is due; also when only the seen set had to follow. `isEmpty`: a listing showed the directory there to be so. */
  reconsider(path: RelativePath, facts?: { readonly isEmpty: boolean }): void;
  /** How many paths' members changed since the start: something to compare. */
  readonly revision: number;
}

/** Opens the state over an index whose incarnation is settled. */
export function createFolderState(dependencies: {
  readonly folderId: FolderId;
  readonly index: FolderIndex;
  readonly identity: Identity;
  readonly incarnation: IncarnationId;
  readonly clock: Clock;
}): FolderState {
  const { folderId, index, identity, incarnation, clock } = dependencies;
  let lastCounter = index.highestCounter(incarnation);
  let revision = 0;

  const viewAt = (path: RelativePath): PathView => viewOf(index.members(path), index.hasLivingBelow(path));

  const recompute = (path: RelativePath): void => {
    const view = viewAt(path);
    const before = index.view(path);
    const winner = view.winner?.hash;
    const conflicts = view.conflicts.length;
    if (view.content === undefined && winner === undefined) index.removeView(path);
    else index.putView({ path, winner, content: view.content, conflicts });
    reconsiderView(path, view);
    const parent = parentOf(path);
    const wasLiving = before?.content !== undefined;
    if (parent !== undefined && wasLiving !== (view.content !== undefined)) recompute(parent);
  };

  const reconsiderView = (path: RelativePath, view: PathView, isEmpty = false): void => {
    const base = index.base(path);
    const decision = decideInward({ path, view, base, isEmpty });
    if (decision.kind === 'nothing') index.clearPending(path);
    else if (decision.kind === 'adopt') {
      if (decision.becomes === undefined) index.removeBase(path);
      else index.putBase(decision.becomes);
      index.clearPending(path);
    } else {
      const needBytes =
        decision.kind === 'place' && decision.wanted.kind === 'file' ? decision.wanted.sizeBytes : 0;
      index.markPending({ path, needBytes });
    }
  };

  const merge = (entries: readonly SignedEntry[]): SignedEntry[] => {
    const fresh: SignedEntry[] = [];
    const byPath = Map.groupBy(entries, (entry) => entry.member.entry.path);
    for (const [path, incoming] of byPath) {
      const existing = index.members(path);
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
      const survivors = new Set(merged.members.map((member) => member.hash));
      index.setMembers(
        path,
        existing.filter((member) => survivors.has(member.hash)).map((member) => member.hash),
        add,
      );
      fresh.push(...add);
      revision += 1;
    }
    for (const path of new Set(fresh.map((entry) => entry.member.entry.path))) recompute(path);
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
    if (content === undefined) return { kind: 'tombstone', ...common };
    switch (content.kind) {
      case 'file': {
        const { mode, modifiedAtNs } = observed as Observed;
        const executable = write.executable ?? isExecutable(mode);
        return {
          kind: 'file',
          ...common,
          file: { sizeBytes: content.sizeBytes, content: content.content, executable, modifiedAtNs },
        };
      }
      case 'symlink':
        return { kind: 'symlink', ...common, symlink: { target: content.target } };
      case 'directory':
        return { kind: 'directory', ...common };
    }
  };

  const recordWrites = (writes: readonly LocalWrite[]): SignedEntry[] => {
    const encoded = writes.map((write) => {
      const bytes = encodeEntry(entryOf(write));
      return { bytes, member: decodeEntry(bytes, identity.deviceKey) };
    });
    const set = signChangeSet({
      folderId,
      author: identity.deviceKey,
      hashes: encoded.map(({ member }) => member.hash),
      sign: identity.sign,
    });
    index.putChangeSet(set);
    const entries = encoded.map(({ bytes, member }, position) => ({
      member,
      bytes,
      changeSet: set.id,
      position,
    }));
    for (const [i, write] of writes.entries()) {
      index.putBase(baseRowOf((entries[i] as SignedEntry).member, write));
    }
    const fresh = merge(entries);
    invariant(fresh.length === entries.length, 'a write of this device is always new');
    return fresh;
  };

  return {
    accept(entries, sets) {
      return index.transaction(() => {
        for (const set of sets) index.putChangeSet(set);
        return merge(entries);
      });
    },
    write(writes) {
      const written: SignedEntry[] = [];
      for (let at = 0; at < writes.length; at += maxChangeSetEntries) {
        written.push(...index.transaction(() => recordWrites(writes.slice(at, at + maxChangeSetEntries))));
      }
      return written;
    },
    viewAt,
    reconsider: (path, facts) => index.transaction(() => reconsiderView(path, viewAt(path), facts?.isEmpty)),
    get revision() {
      return revision;
    },
  };
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
