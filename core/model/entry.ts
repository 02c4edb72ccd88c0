import { compareText } from '../base/pure.ts';
import type { DeviceKey, Hash, HashPrefix } from './ids.ts';
import { type Dot, type Past, pastHas, sameDot } from './past.ts';
import type { RelativePath } from './path.ts';

/** What an {@link Entry} can be. */
export type EntryKind = 'file' | 'directory' | 'symlink' | 'tombstone';

interface EntryCommon {
  readonly path: RelativePath;
  /** The write this entry is. */
  readonly dot: Dot;
  /** What the author had seen at this path, this write included. */
  readonly past: Past;
  /** Milliseconds since 1970 by a hybrid logical clock: later than every write its author had seen here. For display and ties only. */
  readonly changedAt: number;
  /** Up to {@link maxFrom} content prefixes, newest first: what this was edited from, then that entry's own `from`; a tombstone's starts with what it deleted. */
  readonly from: readonly HashPrefix[];
  /** The writer had no base here: a first scan, or a lost index. */
  readonly found: boolean;
}

/** A regular file's version. */
export interface FileEntry extends EntryCommon {
  readonly kind: 'file';
  readonly file: FileFacts;
}

/** What a file entry says about the file. */
export interface FileFacts {
  readonly sizeBytes: number;
  readonly executable: boolean;
  /** Nanoseconds since 1970; may be negative. */
  readonly modifiedAtNs: bigint;
  /** Root of the file's manifest: the identity of its bytes. */
  readonly content: Hash;
}

/** A directory that someone made; one that exists only because something lives below it has no entry. */
export interface DirectoryEntry extends EntryCommon {
  readonly kind: 'directory';
}

/** A symbolic link: data only, never followed. */
export interface SymlinkEntry extends EntryCommon {
  readonly kind: 'symlink';
  readonly symlink: { readonly target: string };
}

/** The record of a deletion. */
export interface TombstoneEntry extends EntryCommon {
  readonly kind: 'tombstone';
  /** Where the deleted thing went, when the deletion was one half of a move. */
  readonly movedTo?: RelativePath;
}

/** One write at one path. */
export type Entry = FileEntry | DirectoryEntry | SymlinkEntry | TombstoneEntry;

/** An entry that says something is there. */
export type LivingEntry = Exclude<Entry, TombstoneEntry>;

/** An accepted entry: what it says, who signed it, and its name in the Merkle index. */
export interface Member {
  readonly entry: Entry;
  readonly author: DeviceKey;
  /** SHA-256 over the author's key and the entry's bytes, so the same bytes by another author are another entry. */
  readonly hash: Hash;
}

/** LIMIT: how far back an entry tells what it was edited from; a device further behind sees a conflict, never a loss. */
export const maxFrom = 16;

/** Whether `entry` says something is there. */
export function isLiving(entry: Entry): entry is LivingEntry {
  return entry.kind !== 'tombstone';
}

/**
 * Whether `f` was written with `e` before its author's eyes, so that `e` falls away. Two that each claim to have seen the other,
 * which only a broken device can make, stand beside each other instead of both vanishing.
 */
export function dominates(f: Entry, e: Entry): boolean {
  return !sameDot(f.dot, e.dot) && pastHas(f.past, e.dot) && !pastHas(e.past, f.dot);
}

/** Order of two members of one path by the tie rule: `changedAt`, device key, incarnation, counter, entry hash. The larger wins. */
export function compareMembers(a: Member, b: Member): number {
  return (
    a.entry.changedAt - b.entry.changedAt ||
    compareText(a.author, b.author) ||
    compareText(a.entry.dot.incarnation, b.entry.dot.incarnation) ||
    a.entry.dot.counter - b.entry.dot.counter ||
    compareText(a.hash, b.hash)
  );
}

/** What a thing on disk or in the view is, apart from mode, times and history. */
export type Content =
  | { readonly kind: 'file'; readonly content: Hash; readonly sizeBytes: number }
  | { readonly kind: 'symlink'; readonly target: string }
  | { readonly kind: 'directory' };

/** What `entry` puts at its path, or undefined for a tombstone. */
export function contentOf(entry: Entry): Content | undefined {
  switch (entry.kind) {
    case 'file':
      return { kind: 'file', content: entry.file.content, sizeBytes: entry.file.sizeBytes };
    case 'symlink':
      return { kind: 'symlink', target: entry.symlink.target };
    case 'directory':
      return { kind: 'directory' };
    case 'tombstone':
      return undefined;
  }
}

/** Whether two contents are the same thing to a person. */
export function sameContent(a: Content | undefined, b: Content | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.kind === 'file') return b.kind === 'file' && a.content === b.content && a.sizeBytes === b.sizeBytes;
  if (a.kind === 'symlink') return b.kind === 'symlink' && a.target === b.target;
  return b.kind === 'directory';
}
