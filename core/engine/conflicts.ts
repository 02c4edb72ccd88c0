import { blockHash } from '../chunker/chunker.ts';
import { inPages } from '../base/base.ts';
import type { FolderIndex, ViewRow } from '../file-index/file-index.ts';
import { checkName } from '../filesystem/filesystem.ts';
import { type Content, contentOf, type Member, sameContent } from '../model/entry.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, FolderId } from '../model/ids.ts';
import { emptyPast } from '../model/past.ts';
import { childOf, nameOf, parentOf, type RelativePath } from '../model/path.ts';
import { fromOfWrite, seenSetOf, viewOf, type PathView } from '../reconcile/reconcile.ts';
import { deviceKeyToText } from '../trust/trust.ts';
import { activityName } from './activity.ts';
import type { ConflictListing, ConflictVersion } from './api.ts';
import type { DecidedWrite } from './folder-state.ts';
import type { AttachedFolder } from './folders.ts';
import { versionOf } from './journal.ts';
import { sessionOf } from './places.ts';
import { findVersion, versionNameOf } from './version-name.ts';
import { viewAt } from './view-at.ts';

/** LIMIT: rows read at a time. */
const rowsAtATime = 1_000;
const idDigits = 16;
/** LIMIT: what follows a later dot is no extension but a part of the name. */
const longestExtension = 32;

/** One version of a conflict: members of one content, largest first; none for a directory that exists only for what lies below it. */
export interface Standing {
  readonly content: Content;
  readonly members: readonly Member[];
  readonly winner: boolean;
}

interface OpenConflict {
  readonly id: string;
  readonly path: RelativePath;
  readonly view: PathView;
  readonly versions: readonly Standing[];
}

/** The open conflicts of folders, by folder and path, the version shown first. */
export function listConflicts(folders: readonly AttachedFolder[]): ConflictListing[] {
  return folders.flatMap(({ id, index }) =>
    [...openConflicts(id, index)].map((conflict) => ({
      id: conflict.id,
      folderId: id,
      path: conflict.path,
      versions: conflict.versions.map((version) => toListed(index, version)),
    })),
  );
}

/** What a person wants of a conflict: one version, or all of them beside each other. */
export type Choice = { readonly keep: string } | { readonly keepBoth: true };

/**
 * Settles a conflict on every device: a write of the kept version that has seen all that stands. Its bytes need not be here.
 * Throws SyncError `not-found` (also for a conflict that has other versions by now), `ambiguous`, `not-allowed`.
 */
export function resolveConflict(
  folders: readonly AttachedFolder[],
  id: string,
  choice: Choice,
  nameOfDevice: (key: DeviceKey) => string,
): { readonly undoId: string; readonly keptBoth: boolean; readonly added: readonly RelativePath[] } {
  const { folder, conflict } = findConflict(folders, id);
  const { index } = folder;
  const { path, view, versions } = conflict;
  const kept = 'keep' in choice ? findVersion(versions, choice.keep) : (versions[0] as Standing);
  if (kept.content.kind !== 'directory' && view.content?.kind === 'directory')
    throw new SyncError('not-allowed', { what: 'directory-in-the-way', path });
  const writes = [resolution(path, kept, versions)];
  if ('keepBoth' in choice) {
    const taken = new Set<RelativePath>();
    for (const other of versions) {
      if (other === kept) continue;
      const beside = freeName(index, path, nameOfDevice(authorOf(other)), taken);
      taken.add(beside);
      writes.push(copyOf(index, beside, other));
    }
  }
  const act = sessionOf(folder).act({ kind: 'resolved', path }, writes);
  const added = writes.slice(1).map((write) => write.path);
  return { undoId: activityName(folder.id, act), keptBoth: 'keepBoth' in choice, added };
}

function* openConflicts(folderId: FolderId, index: FolderIndex): Generator<OpenConflict> {
  for (const { path } of inPages<ViewRow>((last) => index.conflicts(last?.path, rowsAtATime))) {
    const view = viewAt(index, path);
    const versions = standingIn(view);
    yield { id: conflictId(folderId, path, versions), path, view, versions };
  }
}

function standingIn({ winner, alike, content, conflicts }: PathView): Standing[] {
  const shown = winner === undefined ? [] : [winner, ...alike];
  const first = content === undefined ? [] : [{ content, members: shown, winner: true }];
  const others = conflicts.flatMap((members) => {
    const [largest] = members;
    const other = largest === undefined ? undefined : contentOf(largest.entry);
    return other === undefined ? [] : [{ content: other, members, winner: false }];
  });
  return [...first, ...others];
}

/** The same on every device, and another once a version comes or goes: nobody settles what they have not seen. */
function conflictId(folderId: FolderId, path: RelativePath, versions: readonly Standing[]): string {
  const names = versions.map(({ content }) => versionNameOf(content)).sort();
  const text = ['lockstep conflict 1', folderId, path, ...names].join('\n');
  return blockHash(new TextEncoder().encode(text)).slice(0, idDigits);
}

/** The open conflict that `id` names, as it stands now; throws SyncError `not-found`. */
export function findConflict(
  folders: readonly AttachedFolder[],
  id: string,
): { readonly folder: AttachedFolder; readonly conflict: OpenConflict } {
  for (const folder of folders) {
    for (const conflict of openConflicts(folder.id, folder.index))
      if (conflict.id === id) return { folder, conflict };
  }
  throw new SyncError('not-found', { what: 'conflict', text: id });
}

function toListed(index: FolderIndex, { content, members, winner }: Standing): ConflictVersion {
  const [largest] = members;
  const isFile = content.kind === 'file';
  return {
    version: versionNameOf(content),
    device: largest === undefined ? '' : deviceKeyToText(largest.author),
    changedAt: new Date(largest?.entry.changedAt ?? 0).toISOString(),
    size: isFile ? content.sizeBytes : 0,
    hash: isFile ? content.content : null,
    kind: content.kind,
    target: content.kind === 'symlink' ? content.target : null,
    winner,
    here:
      !isFile ||
      index.pathsHolding(content.content, 1).length > 0 ||
      index.versionHolding(content.content) !== undefined,
  };
}

function resolution(path: RelativePath, kept: Standing, versions: readonly Standing[]): DecidedWrite {
  const [largest] = kept.members;
  const rejected = versions.filter((version) => version !== kept);
  const from = fromOfWrite(
    [
      ...rejected.map(({ content }) => ({ content, from: [] })),
      ...kept.members.map(({ entry }) => ({ content: undefined, from: entry.from })),
      ...rejected.flatMap(({ members }) =>
        members.map(({ entry }) => ({ content: undefined, from: entry.from })),
      ),
    ],
    kept.content,
  );
  const facts = (largest && versionOf(largest)) ?? { executable: false, modifiedAtNs: 0n };
  const { executable, modifiedAtNs } = facts;
  return { path, content: kept.content, executable, modifiedAtNs, from, seen: 'everything' };
}

function copyOf(index: FolderIndex, path: RelativePath, { content, members }: Standing): DecidedWrite {
  const facts = (members[0] && versionOf(members[0])) ?? { executable: false, modifiedAtNs: 0n };
  const { executable, modifiedAtNs } = facts;
  const there = index.members(path);
  const seen = there.length === 0 ? emptyPast : seenSetOf(viewOf(there, index.hasLivingBelow(path)));
  return { path, content, executable, modifiedAtNs, from: [], seen };
}

function authorOf({ members }: Standing): DeviceKey {
  return members[0]?.author ?? ('' as DeviceKey);
}

/** `NAME (from DEVICE).EXT` beside `path`, numbered until nothing has that name, in whatever case. */
function freeName(
  index: FolderIndex,
  path: RelativePath,
  device: string,
  taken: ReadonlySet<RelativePath>,
): RelativePath {
  const parent = parentOf(path);
  const used = new Set(
    [
      ...index.viewChildren(parent).map((row) => nameOf(row.path)),
      ...index.baseChildren(parent).map((row) => nameOf(row.path)),
      ...[...taken].map(nameOf),
    ].map((name) => name.toLowerCase()),
  );
  const { stem, extension } = splitName(nameOf(path));
  const from = ` (from ${cleaned(device)})`.normalize('NFC');
  for (let number = 1; ; number += 1) {
    const ending = `${from}${number === 1 ? '' : ` ${number}`}${extension}`;
    const name = `${shortened(stem, ending)}${ending}`;
    if (!used.has(name.toLowerCase())) return childOf(parent, name);
  }
}

function splitName(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf('.');
  return dot <= 0 || name.length - dot > longestExtension
    ? { stem: name, extension: '' }
    : { stem: name.slice(0, dot), extension: name.slice(dot) };
}

/** A device's name without what some disk cannot hold. */
function cleaned(device: string): string {
  const kept = Array.from(device).filter((character) => checkName(`a${character}a`, 'windows') === undefined);
  return kept.join('').trim().slice(0, 64) || 'device';
}

/** As much of `stem` as leaves room for `ending` on every disk. */
function shortened(stem: string, ending: string): string {
  const characters = Array.from(stem);
  while (characters.length > 1 && checkName(characters.join('') + ending, 'posix') === 'too-long')
    characters.pop();
  return characters.join('');
}

/** Whether two lists of versions stand for the same state. */
export function sameVersions(
  a: readonly { readonly content: Content }[],
  b: readonly { readonly content: Content }[],
): boolean {
  return a.length === b.length && a.every(({ content }, i) => sameContent(content, b[i]?.content));
}
