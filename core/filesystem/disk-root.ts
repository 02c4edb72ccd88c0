import { type FolderId, folderId, type IncarnationId, incarnationId } from '../model/ids.ts';
import { SyncError } from '../model/errors.ts';
import { isPrivateName, privateDirectoryName } from '../model/path.ts';
import { readWholeFile, writeFileAtomically } from './atomic-write.ts';
import { componentsBetween, diskPath, isInside, isOneComponent, joinDisk } from './disk-path.ts';
import type { DiskPath, FileSystem } from './file-system.ts';

/** What a folder's directory says it is: which folder, and which index file belongs to it. */
export interface FolderMarker {
  readonly folderId: FolderId;
  readonly incarnation: IncarnationId;
  /** When a device last took the directory up, wall milliseconds, always more than before; undefined if none has. */
  readonly takenUpAt?: number;
}

/** Why nothing may be written below a path: a component above it is absent, no real directory, or mounted there, from another disk or from this one (or the root is not the one opened). */
export type ParentFault = 'missing' | 'not-a-directory' | 'other-device';

/** A folder's directory on this disk: the only door from relative paths to disk paths. */
export interface DiskRoot {
  readonly root: DiskPath;
  /** The file system it lay on when it was opened. */
  readonly device: bigint;
  readonly privateDirectory: DiskPath;
  readonly staging: DiskPath;
  readonly versions: DiskPath;
  /**
   * The disk path of `relative`: the disk's own spellings joined by `/`, the empty text for the root. Never outside the root and never
   * in Lockstep's own directory: throws RangeError for such a text.
   */
  at(relative: string): DiskPath;
  /** The inverse of {@link DiskRoot.at}: the spellings joined by `/`, empty for the root itself; undefined for what is not a place of the folder. */
  relativeOf(path: DiskPath): string | undefined;
  /** The place of a name in `staging` or `versions`; throws RangeError if it is not one component. */
  stagedAt(name: string): DiskPath;
  versionAt(name: string): DiskPath;
  /** What is wrong with a directory above `relative` (the root included), looked at one by one without following links; undefined if nothing is. */
  parentFault(relative: string): ParentFault | undefined;
  /** Whether {@link DiskRoot.parentFault} finds nothing. RACE: true only until someone changes the disk; look again right before each write. */
  parentIsSafe(relative: string): boolean;
  /** Makes the private directory and what it holds, mode 0700; throws SyncError `not-a-directory` if something else has that name. */
  makePrivate(): void;
  /** What the marker says; `unreadable` when it is no marker, or not a plain file in a real directory. */
  readMarker(): FolderMarker | 'missing' | 'unreadable';
  /** Replaces the marker in one step. */
  writeMarker(marker: FolderMarker): Promise<void>;
  /** Takes the marker away, if there is one: the directory is no folder's any more. */
  removeMarker(): void;
}

const markerName = 'folder.json';
/** LIMIT: a marker is about a hundred bytes; anything larger is not ours. */
const maxMarkerBytes = 4096;

/**
 * Opens a folder's directory, which must be a real directory, not a link; throws SyncError `directory-missing` or `not-a-directory`.
 * Writes nothing. The directory that lies there now is the one meant: one on another device later is not.
 */
export function openDiskRoot(fileSystem: FileSystem, rootPath: string): DiskRoot {
  const root = diskPath(rootPath);
  const seen = fileSystem.look(root);
  if (seen === undefined) throw new SyncError('directory-missing', { path: root }, { retry: 'after-user' });
  if (seen.kind !== 'directory')
    throw new SyncError('not-a-directory', { path: root }, { retry: 'after-user' });
  const { device } = seen;
  const privateDirectory = joinDisk(root, privateDirectoryName);
  const staging = joinDisk(privateDirectory, 'staging');
  const versions = joinDisk(privateDirectory, 'versions');
  const marker = joinDisk(privateDirectory, markerName);

  const faultOf = (directory: DiskPath): ParentFault | undefined => {
    const there = fileSystem.look(directory);
    if (there === undefined) return 'missing';
    if (there.kind !== 'directory') return 'not-a-directory';
    const isElsewhere = there.device !== device || (directory !== root && fileSystem.isMountPoint(directory));
    return isElsewhere ? 'other-device' : undefined;
  };
  const parentFault = (relative: string): ParentFault | undefined => {
    let directory = root;
    let fault = faultOf(directory);
    for (const component of componentsOf(relative).slice(0, -1)) {
      if (fault !== undefined) return fault;
      directory = joinDisk(directory, component);
      fault = faultOf(directory);
    }
    return fault;
  };
  return {
    root,
    device,
    privateDirectory,
    staging,
    versions,
    at: (relative) => componentsOf(relative).reduce(joinDisk, root),
    relativeOf(path) {
      if (!isInside(path, root)) return undefined;
      const components = componentsBetween(root, path);
      return components.some(isPrivateName) ? undefined : components.join('/');
    },
    stagedAt: (name) => joinDisk(staging, name),
    versionAt: (name) => joinDisk(versions, name),
    parentFault,
    parentIsSafe: (relative) => parentFault(relative) === undefined,
    makePrivate() {
      for (const directory of [privateDirectory, staging, versions]) {
        const fault = faultOf(directory);
        if (fault === 'missing') fileSystem.makeDirectory(directory, 0o700);
        else if (fault !== undefined) {
          throw new SyncError('not-a-directory', { path: directory }, { retry: 'after-user' });
        }
      }
    },
    readMarker() {
      const fault = faultOf(root) ?? faultOf(privateDirectory);
      if (fault !== undefined) return fault === 'missing' ? 'missing' : 'unreadable';
      const there = fileSystem.look(marker);
      if (there === undefined) return 'missing';
      if (there.kind !== 'file' || there.sizeBytes > maxMarkerBytes) return 'unreadable';
      return parseMarker(readWholeFile(fileSystem, marker, { maxBytes: maxMarkerBytes }));
    },
    writeMarker: ({ folderId: folder, incarnation, takenUpAt }) =>
      writeFileAtomically(
        fileSystem,
        marker,
        new TextEncoder().encode(`${JSON.stringify({ folderId: folder, incarnation, takenUpAt })}\n`),
        0o600,
      ),
    removeMarker() {
      if (faultOf(privateDirectory) === undefined && fileSystem.look(marker) !== undefined)
        fileSystem.remove(marker);
    },
  };
}

function componentsOf(relative: string): string[] {
  if (relative === '') return [];
  const components = relative.split('/');
  for (const component of components) {
    if (!isOneComponent(component) || isPrivateName(component)) {
      throw new RangeError('not a place in a folder');
    }
  }
  return components;
}

function parseMarker(bytes: Uint8Array | undefined): FolderMarker | 'missing' | 'unreadable' {
  if (bytes === undefined) return 'missing';
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof parsed !== 'object' || parsed === null) return 'unreadable';
    const { folderId: folder, incarnation, takenUpAt } = parsed as Readonly<Record<string, unknown>>;
    if (typeof folder !== 'string' || typeof incarnation !== 'string') return 'unreadable';
    return {
      folderId: folderId(folder),
      incarnation: incarnationId(incarnation),
      ...(Number.isSafeInteger(takenUpAt) ? { takenUpAt: takenUpAt as number } : {}),
    };
  } catch {
    return 'unreadable';
  }
}
