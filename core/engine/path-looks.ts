import { compareText } from '../base/base.ts';
import {
  DiskError,
  type DiskPath,
  type DiskRoot,
  type FileSystem,
  nameOfDisk,
  type ParentFault,
  parentDisk,
} from '../filesystem/filesystem.ts';
import type { Observed } from '../model/disk.ts';
import type { Content } from '../model/entry.ts';
import { nameOf, type RelativePath } from '../model/path.ts';
import type { Problems } from './problems.ts';
import type { Spelling } from './spelling.ts';

/** Names that have one form only. */
const isAscii = /^[\x20-\x7e]*$/;

/** What is at a path at this moment; of a symlink also where it leads, the content of a file is not known by looking. */
export interface PathLook {
  readonly observed: Observed | undefined;
  readonly content: Content | undefined;
}

/** What is wrong with directories, if anything, by their spelling. */
export type ParentFaults = Map<string, ParentFault | undefined>;

/** Single paths looked at on disk, each under the spelling that a listing gave last. */
export interface PathLooks {
  /** `unknown` where the disk would not tell; if it gave an error, that is a Problem of the path now. `parents`: what was found out of the directories above within these milliseconds, which it adds to. */
  look(path: RelativePath, parents?: ParentFaults): PathLook | 'unknown';
  /** A listing showed these paths: what could not be looked at before can be now. */
  listed(paths: Iterable<{ readonly path: RelativePath }>): void;
  /** A listing spelled a path like this; undefined: as the path itself. */
  listedAs(path: RelativePath, diskName: string | undefined): void;
  /** How the last component of a path is spelled on disk now, undefined if as in the path; forgets what was listed. */
  takeDiskName(path: RelativePath): string | undefined;
  /** Whether a path is there under this very name, on a disk that finds it under others too. */
  isSpelledSo(path: RelativePath): boolean;
  /** Where a path is on disk now: with the spelling just listed, else the one recorded. */
  diskPathAt(path: RelativePath): DiskPath;
}

/** Looks below one root. `foldsNames`: this disk finds a name under another spelling too, so a look alone does not tell whether a path is there. */
export function createPathLooks(parts: {
  readonly root: DiskRoot;
  readonly fileSystem: FileSystem;
  readonly spell: Spelling;
  readonly problems: Problems;
  readonly foldsNames: boolean;
}): PathLooks {
  const { root, fileSystem, spell, problems, foldsNames } = parts;
  const diskNames = new Map<RelativePath, string>();
  /** Paths with a problem that only a look can end. */
  const failed = new Set<RelativePath>();

  const listedAs = (path: RelativePath, diskName: string | undefined): void => {
    spell.learn(diskName);
    diskNames.set(path, diskName ?? nameOf(path));
  };

  const spelledAt = (path: RelativePath): string => {
    const listedName = diskNames.get(path);
    const spelled = spell(path);
    return listedName === undefined
      ? spelled
      : `${spelled.slice(0, spelled.lastIndexOf('/') + 1)}${listedName}`;
  };
  const diskPathAt = (path: RelativePath): DiskPath => root.at(spelledAt(path));

  /** Whether each directory on the way really lists the next name as it is spelled here. */
  const isSpelledSo = (diskPath: DiskPath): boolean => {
    if (diskPath === root.root) return true;
    const parent = parentDisk(diskPath);
    // Composed or decomposed is one path: what this device made itself may stand there in the disk's own form.
    const name = nameOfDisk(diskPath).normalize('NFC');
    const isListed = fileSystem
      .list(parent)
      .some((listed) => 'name' in listed && listed.name.normalize('NFC') === name);
    return isListed && isSpelledSo(parent);
  };

  /** The name that is the path's last component once normalised, where the directory holds it in another form than was known. */
  const otherFormOf = (path: RelativePath): string | undefined => {
    const name = nameOf(path);
    if (isAscii.test(name)) return undefined;
    return fileSystem
      .list(parentDisk(diskPathAt(path)))
      .flatMap((listed) => ('name' in listed && listed.name.normalize('NFC') === name ? [listed.name] : []))
      .sort(compareText)[0];
  };

  /** A file spelled anew is no deletion: where nothing is under the spelling known, the other forms of the name are looked for. */
  const lookForms = (path: RelativePath): Observed | undefined => {
    const found = fileSystem.look(diskPathAt(path));
    const other = found === undefined ? otherFormOf(path) : undefined;
    if (other === undefined) return found;
    listedAs(path, other);
    return fileSystem.look(diskPathAt(path));
  };

  const parentFault = (spelled: string, parents: ParentFaults | undefined): ParentFault | undefined => {
    const parent = spelled.slice(0, spelled.lastIndexOf('/') + 1);
    if (parents?.has(parent) === true) return parents.get(parent);
    const fault = root.parentFault(spelled);
    parents?.set(parent, fault);
    return fault;
  };

  const lookAt = (path: RelativePath, parents: ParentFaults | undefined): PathLook | 'unknown' => {
    const fault = parentFault(spelledAt(path), parents);
    if (fault === 'other-device') return 'unknown';
    // What shows through a symlink above lies elsewhere.
    const found = fault === undefined ? lookForms(path) : undefined;
    const diskPath = diskPathAt(path);
    const observed = found !== undefined && foldsNames && !isSpelledSo(diskPath) ? undefined : found;
    if (observed?.kind !== 'symlink') return { observed, content: undefined };
    const link = fileSystem.readLink(diskPath);
    return 'target' in link ? { observed, content: { kind: 'symlink', target: link.target } } : 'unknown';
  };

  return {
    isSpelledSo(path) {
      try {
        return !foldsNames || isSpelledSo(diskPathAt(path));
      } catch (error) {
        if (error instanceof DiskError) return false;
        throw error;
      }
    },
    look(path, parents) {
      try {
        const seen = lookAt(path, parents);
        if (failed.delete(path)) problems.clear(path);
        return seen;
      } catch (error) {
        if (!(error instanceof DiskError)) throw error;
        failed.add(path);
        problems.put({ kind: 'unreadable', path, where: path, cause: error.code });
        return 'unknown';
      }
    },
    listed(paths) {
      if (failed.size === 0) return;
      for (const { path } of paths) if (failed.delete(path)) problems.clear(path);
    },
    listedAs,
    takeDiskName(path) {
      const spelled = spelledAt(path);
      diskNames.delete(path);
      const name = spelled.slice(spelled.lastIndexOf('/') + 1);
      return name === nameOf(path) ? undefined : name;
    },
    diskPathAt,
  };
}
