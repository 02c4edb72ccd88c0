import { compareBytes, compareText } from '../base/base.ts';
import { DiskError, type DiskPath, type FileSystem, joinDisk } from '../filesystem/filesystem.ts';
import {
  faultOfPath,
  isPrivateName,
  maxComponentBytes,
  maxPathBytes,
  maxPathDepth,
  type RelativePath,
} from '../model/path.ts';
import type { Problem, ProblemKind } from '../model/problem.ts';
import type { DirectoryListing, ListedEntry } from './listing.ts';

const utf8 = new TextEncoder();
const plainAscii = /^[ -~]+$/;

/** A name that can be a path here. */
interface ReadableName {
  readonly path: RelativePath;
  readonly name: string;
  readonly diskName: string;
}

/**
 * Lists a directory and looks at all it holds. `device` is the file system the folder lies on. Throws DiskError if the names cannot be
 * read; whatever is wrong with a single one becomes a problem.
 */
export function readListing(
  fileSystem: FileSystem,
  {
    path: directory,
    diskPath,
    device,
  }: { readonly path: RelativePath | undefined; readonly diskPath: DiskPath; readonly device: bigint },
): DirectoryListing {
  const entries: ListedEntry[] = [];
  const clashes: ListedEntry[] = [];
  const problems: Problem[] = [];

  /** What `name` stands for; undefined, the problem noted, if it cannot be taken in, or if it is gone again. */
  function lookAt({ path, name, diskName }: ReadableName): ListedEntry | undefined {
    const problem = (kind: ProblemKind, cause?: string): undefined => {
      problems.push({ kind, path, where: printable(path), ...(cause === undefined ? {} : { cause }) });
    };
    const place = joinDisk(diskPath, diskName);
    try {
      const observed = fileSystem.look(place);
      if (observed === undefined) return undefined;
      if (observed.kind === 'other') return problem('special-file');
      if (observed.kind === 'directory' && (observed.device !== device || fileSystem.isMountPoint(place)))
        return problem('nested-mount');
      const spelling = name === diskName ? {} : { diskName };
      if (observed.kind !== 'symlink') return { path, name, observed, ...spelling };
      const link = fileSystem.readLink(place);
      if ('unreadable' in link || !link.target.isWellFormed()) return problem('link-target-not-text');
      return { path, name, observed, target: link.target, ...spelling };
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      if (error.code === 'ENOENT') return undefined;
      // A link that is no link any more: somebody is busy here.
      if (error.code === 'EINVAL') return problem('changing', error.code);
      return problem(
        error.code === 'EACCES' || error.code === 'EPERM' ? 'unreadable' : 'disk-error',
        error.code,
      );
    }
  }

  for (const sameNames of readableNames(fileSystem, { directory, diskPath, problems })) {
    const found = sameNames.map(lookAt).filter((entry) => entry !== undefined);
    const [first, ...later] = found;
    if (first === undefined) continue;
    const shared = later.length > 0;
    // Which of two directories a path means decides about everything below: better none than the wrong one.
    const kept = shared && found.some(({ observed }) => observed.kind === 'directory') ? [] : [first];
    entries.push(...kept);
    for (const entry of found.slice(kept.length)) {
      clashes.push(entry);
      problems.push({ kind: 'name-clash', path: entry.path, where: printable(entry.diskName ?? entry.path) });
    }
  }
  return { path: directory, diskPath, entries, clashes, problems };
}

/** The names in a directory that are paths, in groups of those that are the same path: groups by name, in a group by bytes on disk. */
function readableNames(
  fileSystem: FileSystem,
  {
    directory,
    diskPath,
    problems,
  }: {
    readonly directory: RelativePath | undefined;
    readonly diskPath: DiskPath;
    readonly problems: Problem[];
  },
): ReadableName[][] {
  const unreadable: string[] = [];
  const diskNames: string[] = [];
  for (const listed of fileSystem.list(diskPath)) {
    if ('unreadable' in listed) unreadable.push(listed.unreadable);
    else if (!(listed.name.startsWith('.') && isPrivateName(listed.name))) diskNames.push(listed.name);
  }
  const place = directory === undefined ? '' : `${directory}/`;
  for (const name of unreadable.sort(compareText)) {
    problems.push({ kind: 'name-not-text', path: undefined, where: printable(place + name) });
  }

  const placeBytes = utf8.encode(place).length;
  // One more than the directory's own depth is taken up by the name itself.
  const isDeepest = directory !== undefined && place.split('/').length > maxPathDepth;
  const groups = new Map<string, ReadableName[]>();
  for (const diskName of diskNames.sort(compareText)) {
    const isPlain = plainAscii.test(diskName) && diskName.length <= maxComponentBytes;
    const name = isPlain || !diskName.isWellFormed() ? diskName : diskName.normalize('NFC');
    const text = place + name;
    // The full check costs more than looking at the file; a plain name in a short place cannot fail it.
    if (!isPlain || isDeepest || placeBytes + name.length > maxPathBytes) {
      const fault = faultOfPath(text);
      if (fault !== undefined) {
        const kind = problemOfFault(fault);
        problems.push({ kind, path: undefined, where: printable(place + diskName) });
        continue;
      }
    }
    const readable = { path: text as RelativePath, name, diskName };
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [readable]);
    else group.push(readable);
  }
  const ordered = [...groups.values()];
  for (const group of ordered) {
    if (group.length > 1)
      group.sort((a, b) => compareBytes(utf8.encode(a.diskName), utf8.encode(b.diskName)));
  }
  return ordered.sort(([a], [b]) => compareText(a?.name ?? '', b?.name ?? ''));
}

function problemOfFault(fault: NonNullable<ReturnType<typeof faultOfPath>>): ProblemKind {
  switch (fault) {
    case 'too-long':
    case 'too-deep':
      return 'name-too-long';
    case 'lone-surrogate':
      return 'name-not-text';
    case 'reserved':
    case 'empty':
    case 'component':
    case 'not-nfc':
    case 'nul':
      return 'name-reserved';
  }
}

/** A name as one line that can be shown: control characters and what is no text replaced. */
function printable(text: string): string {
  return text.toWellFormed().replace(/\p{Cc}/gu, '\uFFFD');
}
