import { compareText, randomHex, type Random } from '../base/base.ts';
import type { FolderIndex } from '../file-index/file-index.ts';
import { DiskError, type DiskRoot, type FileSystem, readWholeFile } from '../filesystem/filesystem.ts';
import type { DiskKind, Observed } from '../model/disk.ts';
import { isSameObserved } from '../model/disk.ts';
import type { Hash } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import { maxLeftOut } from '../protocol/protocol.ts';
import type { Obstacle } from '../reconcile/reconcile.ts';
import { ignoreFile, type IgnoreRules, makeIgnoreRules } from '../scanner/scanner.ts';

/** LIMIT: longer than any list of patterns a person writes. */
const maxIgnoreBytes = 1024 * 1024;
/** The text of the ignore file this index was last told by. */
const fact = 'ignore-text';
/** Digits of a path's key that are those of its top component. */
const topDigits = 8;

/** Which way a folder's changes go on this device: `send` never changes its disk for others, `receive` tells nobody of its own changes. */
export type FolderMode = 'both' | 'send' | 'receive';

/** What a person set for a folder on this device alone. */
export interface FolderChoices {
  readonly mode: FolderMode;
  /** The top directories held here; undefined for all. */
  readonly selection: readonly string[] | undefined;
}

/** What of a folder is kept in step on this device. */
export interface FolderRules {
  ignore(): IgnoreRules;
  mode(): FolderMode;
  /** Why a path is no concern of this device, undefined if it is one. `kind` is what is or was there. */
  obstacleAt(
    path: RelativePath,
    kind: DiskKind | undefined,
  ): Extract<Obstacle, 'ignored' | 'unselected'> | undefined;
  /** The top directories in the folder that are not held here by choice: how their keys begin, ascending. */
  leftOut(): readonly string[];
  /** Reads the ignore file again if it is another than last time; true if the rules are others now. What cannot be read changes nothing. */
  refresh(place: { readonly fileSystem: FileSystem; readonly root: DiskRoot }): boolean;
}

/** The top directories of a folder that are not in a selection, by path. */
export function topsLeftOut(index: FolderIndex, selection: readonly string[]): readonly RelativePath[] {
  return index
    .viewChildren(undefined)
    .filter(({ path, content }) => content?.kind === 'directory' && !selection.includes(path))
    .map(({ path }) => path);
}

/** The rules of one folder, as the last run left them until the disk is looked at. */
export function createFolderRules(index: FolderIndex, choices: () => FolderChoices): FolderRules {
  let ignore = makeIgnoreRules(index.fact(fact) ?? '');
  let leftOut:
    | { readonly stateRoot: Hash; readonly selection: readonly string[]; readonly tops: readonly string[] }
    | undefined;
  let lastSeen: Observed | undefined | 'never' = 'never';

  const isUnselected = (path: RelativePath, kind: DiskKind | undefined): boolean => {
    const { selection } = choices();
    if (selection === undefined) return false;
    const slash = path.indexOf('/');
    if (slash < 0) return kind === 'directory' && !selection.includes(path);
    return !selection.includes(path.slice(0, slash));
  };

  return {
    ignore: () => ignore,
    mode: () => choices().mode,
    obstacleAt(path, kind) {
      if (ignore.isIgnored(path, kind ?? 'file')) return 'ignored';
      return isUnselected(path, kind) ? 'unselected' : undefined;
    },
    leftOut() {
      const { selection } = choices();
      if (selection === undefined) return [];
      const stateRoot = index.stateRoot();
      if (leftOut?.stateRoot !== stateRoot || leftOut.selection !== selection) {
        const tops = topsLeftOut(index, selection)
          .map((path) => index.keyOf(path).slice(0, topDigits))
          .sort(compareText);
        leftOut = { stateRoot, selection, tops: tops.slice(0, maxLeftOut) };
      }
      return leftOut.tops;
    },
    refresh({ fileSystem, root }) {
      try {
        const place = root.at(ignoreFile);
        const seen = fileSystem.look(place);
        if (lastSeen !== 'never' && isSame(seen, lastSeen)) return false;
        const bytes =
          seen?.kind === 'file' ? readWholeFile(fileSystem, place, { maxBytes: maxIgnoreBytes }) : undefined;
        const text = bytes === undefined ? '' : new TextDecoder().decode(bytes);
        // Read while it was being written: the next look finds it changed.
        lastSeen = seen;
        if (text === ignore.text) return false;
        // A root that has just gone away has no ignore file, which says nothing.
        if (text === '' && root.readMarker() === 'missing') return false;
        ignore = makeIgnoreRules(text);
        index.transaction(() => index.setFact(fact, text));
        return true;
      } catch (error) {
        if (error instanceof DiskError) return false;
        throw error;
      }
    },
  };
}

/** Puts a new text into the folder's ignore file, whole or not at all; durable when it resolves. Rejects with DiskError. */
export async function writeIgnoreFile(
  {
    fileSystem,
    root,
    random,
  }: { readonly fileSystem: FileSystem; readonly root: DiskRoot; readonly random: Random },
  text: string,
): Promise<void> {
  const staged = root.stagedAt(`i-${randomHex(random, 8)}`);
  const place = root.at(ignoreFile);
  const file = fileSystem.create(staged, fileSystem.look(place)?.mode ?? 0o644);
  try {
    file.write(new TextEncoder().encode(text), 0);
  } finally {
    file.close();
  }
  await fileSystem.flushFiles([staged]);
  fileSystem.rename(staged, place);
  await fileSystem.flushDirectories([root.root]);
}

/** The text of the folder's ignore file as it lies on disk, '' if there is none. Throws DiskError. */
export function readIgnoreFile(fileSystem: FileSystem, root: DiskRoot): string {
  const bytes = readWholeFile(fileSystem, root.at(ignoreFile), { maxBytes: maxIgnoreBytes });
  return bytes === undefined ? '' : new TextDecoder().decode(bytes);
}

function isSame(one: Observed | undefined, other: Observed | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return isSameObserved(one, other);
}
