import { type Clock, compareText, createBreather, type Log } from '../base/base.ts';
import type { FolderIndex, SignedEntry } from '../file-index/file-index.ts';
import {
  DiskError,
  type DiskPath,
  type DiskRoot,
  type FileSystem,
  type Watch,
} from '../filesystem/filesystem.ts';
import { type DiskKind, isSameObserved, type Observed } from '../model/disk.ts';
import type { Content } from '../model/entry.ts';
import { oneChunkBytes } from '../model/manifest.ts';
import { ancestorsOf, parentOf, type RelativePath } from '../model/path.ts';
import { classifyPath, type Finding } from '../reconcile/reconcile.ts';
import {
  compareListing,
  createSettler,
  type DirectoryListing,
  type HashResult,
  type ReadSoFar,
  type ScanService,
} from '../scanner/scanner.ts';
import { createFindings, type Findings } from './findings.ts';
import type { FolderRules } from './folder-rules.ts';
import type { FolderState } from './folder-state.ts';
import { createPathLooks, type ParentFaults, type PathLook } from './path-looks.ts';
import type { Problems } from './problems.ts';
import type { Spelling } from './spelling.ts';
import type { StartLosses } from './start-losses.ts';
import type { FileBeingRead, TellingAhead } from './telling-ahead.ts';
import { inWriteOrder, isDirectoryLost, type SeenPath } from './write-order.ts';

/** LIMIT: how many writes go into one transaction and one change set. */
const writesAtATime = 512;
/** LIMIT: paths looked at, a few milliseconds, before the directories above them are looked at again. */
const looksAtATime = 64;
/** LIMIT: directories listed side by side. */
const listingsAtATime = 64;
/** LIMIT: files handed to the hasher at a time. */
const filesAtATime = 512;

/** The outward path: what the disk shows becomes entries. */
export interface Outward {
  /** Something in this directory (undefined: the top) may have changed. */
  dirty(directory: RelativePath | undefined): void;
  /** This path is not as its row says: it is looked at by itself, also where no listing leads to it any more. */
  suspect(path: RelativePath): void;
  /** Looks at everything below the root; resolves when all it found is written, or rejects with the signal's reason. */
  scanAll(signal: AbortSignal): Promise<void>;
  /** Looks at what is dirty and takes what has settled; resolves when there is nothing to do right now. */
  step(signal: AbortSignal): Promise<void>;
  /** When `step` will next have something to do: monotonic milliseconds, undefined if nothing waits. */
  nextAt(): number | undefined;
  /** Whether every hint has been followed and everything seen is written. */
  isQuiet(): boolean;
  /** Rises with every step that had something to do: others may have been told of this device as busy meanwhile. */
  busyTurns(): number;
  /** Paths seen to differ from the index and not written yet. */
  pendingPaths(): number;
  /** Whether a path waits because it was seen to change again and again. */
  isChanging(path: RelativePath): boolean;
}

/** What the outward path works with. `root` throws while the folder's disk is not there. */
export interface OutwardDependencies {
  readonly index: FolderIndex;
  readonly state: FolderState;
  readonly fileSystem: FileSystem;
  readonly root: DiskRoot;
  readonly spell: Spelling;
  readonly scan: ScanService;
  readonly watch: Watch | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly problems: Problems;
  /** Whether this disk finds a name under another spelling too: then a look alone does not tell whether a path is there. */
  readonly foldsNames: boolean;
  /** Whether the root and its marker are there and ours, asked of the disk at this moment. */
  isRootHealthy(): boolean;
  /** Whether a commit is under way at a path: then it is left alone and looked at again. */
  isCommitting(path: RelativePath): boolean;
  readonly startLosses: StartLosses;
  readonly rules: FolderRules;
  readonly telling: TellingAhead;
  /** Entries just written, to be passed on. */
  written(entries: readonly SignedEntry[]): void;
}

/** What a directory listing fails with when the directory went while it was looked at. */
const vanished = new Set(['ENOENT', 'ENOTDIR', 'ECHANGED']);

/** Makes the outward path of one folder under one healthy root. */
export function createOutward(dependencies: OutwardDependencies): Outward {
  const { index, state, fileSystem, root, spell, scan, watch, clock, problems, startLosses, rules, telling } =
    dependencies;
  const dirty = new Set<RelativePath | undefined>();
  const settler = createSettler();
  const settling = new Set<RelativePath>();
  /** Paths at which nothing was found while the disk could not be trusted to say so. */
  const unproven = new Set<RelativePath>();
  const looks = createPathLooks(dependencies);
  let underWay = 0;
  let stepping = 0;
  let busyTurns = 0;
  let hasLooked = false;

  const touched = (path: RelativePath, observed: Observed | undefined): void => {
    settling.add(path);
    const isNew = observed !== undefined && index.base(path) === undefined;
    settler.touched(path, observed, clock.monotonic(), isNew);
  };

  const diskPathOf = (path: RelativePath | undefined): DiskPath =>
    path === undefined ? root.root : root.at(spell(path));

  const isLeftOut = (path: RelativePath | undefined, kind: DiskKind): boolean =>
    path !== undefined && rules.obstacleAt(path, kind) !== undefined;

  /** Takes in a listing and returns the directories in it that nobody has looked into: new ones, and those that could not be looked at before. */
  const takeListing = (
    listing: DirectoryListing,
    found: (path: RelativePath, observed: Observed | undefined) => void,
  ): RelativePath[] => {
    if (listing.failed !== undefined && vanished.has(listing.failed) && listing.path !== undefined) {
      // It is not there any more, or not this one: what holds it tells which.
      problems.replaceIn(listing.path, [], undefined);
      dirty.add(parentOf(listing.path));
      return [];
    }
    const unread = listing.entries
      .filter(({ path, observed }) => observed.kind === 'directory' && problems.isInDoubt(path))
      .map(({ path }) => path);
    problems.replaceIn(listing.path, listing.problems, listing.failed);
    if (listing.failed !== undefined || isLeftOut(listing.path, 'directory')) return [];
    watch?.add(listing.diskPath);
    if (
      listing.path !== undefined &&
      listing.entries.length === 0 &&
      index.base(listing.path)?.status === 'lingering'
    )
      state.reconsider(listing.path, () => true);
    looks.listed(listing.entries);
    const changes = compareListing(listing, index.baseLooks(listing.path), isLeftOut);
    for (const { entry } of changes.changed) {
      looks.listedAs(entry.path, entry.diskName);
      found(entry.path, entry.observed);
    }
    for (const row of changes.gone) {
      const isKnownGone = settling.has(row.path);
      found(row.path, undefined);
      if (row.observed?.kind !== 'directory' || isKnownGone) continue;
      watch?.remove(diskPathOf(row.path));
      problems.replaceIn(row.path, [], undefined);
      for (const below of index.baseBelow(row.path))
        if (below.observed !== undefined) found(below.path, undefined);
    }
    return [...new Set([...changes.newDirectories.map((entry) => entry.path), ...unread])];
  };

  const walk = async (
    directory: RelativePath | undefined,
    recursive: boolean,
    signal: AbortSignal,
    found: (path: RelativePath, observed: Observed | undefined) => void,
    afterBatch: () => Promise<void>,
  ): Promise<void> => {
    if (isLeftOut(directory, 'directory')) return;
    const fault = directory === undefined ? undefined : root.parentFault(`${spell(directory)}/x`);
    if (fault === 'other-device') return;
    if (fault !== undefined && directory !== undefined) return void dirty.add(parentOf(directory));
    // One that is gone may still be found by its name, as another one: what that one holds is found under its own.
    if (
      directory !== undefined &&
      index.base(directory)?.observed === undefined &&
      !looks.isSpelledSo(directory)
    ) {
      watch?.remove(diskPathOf(directory));
      return void dirty.add(parentOf(directory));
    }
    const ignored = rules.ignore().text;
    const request = { root: root.root, directory, diskPath: diskPathOf(directory), recursive, ignored };
    const deeper: RelativePath[] = [];
    for await (const listings of scan.walk(request, signal)) {
      for (const listing of listings) {
        const fresh = takeListing(listing, found);
        if (!recursive) deeper.push(...fresh);
      }
      await afterBatch();
    }
    for (const path of deeper) await walk(path, true, signal, found, afterBatch);
  };

  /** Makes names durable before a row says they are there: what a power cut takes must not pass for a deletion. */
  const flushNames = async (paths: Set<RelativePath>): Promise<void> => {
    const directories = new Set([...paths].map((path) => diskPathOf(parentOf(path))));
    paths.clear();
    await Promise.all(
      [...directories].map((directory) =>
        fileSystem.flushDirectories([directory]).catch((error: unknown) => {
          // One that is gone again holds no name.
          if (!(error instanceof DiskError)) throw error;
        }),
      ),
    );
  };

  /** Classifies paths by a look of this moment, hashes what needs it, and writes. */
  const take = async (
    paths: readonly RelativePath[],
    signal: AbortSignal,
    isFirstScan = false,
  ): Promise<void> => {
    underWay += paths.length;
    try {
      const findings = createFindings({
        ...dependencies,
        keepsChangesHere: () => rules.mode() === 'receive',
        unproven: (path) => void unproven.add(path),
      });
      const named = new Set<RelativePath>();
      const taken = new Set<RelativePath>();
      const flush = async (): Promise<void> => {
        await flushNames(named);
        findings.flush();
      };
      const toHash: FileBeingRead[] = [];
      const breathe = createBreather(clock, signal);
      let parents: ParentFaults = new Map();
      for (const [at, path] of paths.entries()) {
        const isFull = findings.size() >= writesAtATime;
        if (isFull) await flush();
        if (isFull || at % looksAtATime === 0) {
          await breathe();
          parents = new Map();
        }
        const looked = lookAt(path, parents);
        if (looked === 'unknown') continue;
        if (isLeftOut(path, (looked.observed ?? index.base(path)?.observed)?.kind ?? 'file')) continue;
        if (looked.observed !== undefined) startLosses.cameBack(path);
        else if (startLosses.holds(path)) continue;
        if (isAheadOfItsOwn(path, looked.observed, taken)) continue;
        taken.add(path);
        if (looked.observed !== undefined) named.add(path);
        // A directory that came since its parent was listed has not been listed itself: a new watch asks for that.
        if (looked.observed?.kind === 'directory') watch?.add(looks.diskPathAt(path));
        const finding = classify(path, looked.observed, looked.content, isFirstScan);
        if (finding.kind === 'needs-content' && looked.observed !== undefined) {
          toHash.push({ path, diskPath: looks.diskPathAt(path), observed: looked.observed });
          continue;
        }
        // What could not be read here before needs no reading now.
        problems.clear(path);
        findings.take(path, finding, { observed: looked.observed, diskName: looks.takeDiskName(path) });
      }
      for (let at = 0; at < toHash.length; at += filesAtATime) {
        const files = toHash.slice(at, at + filesAtATime);
        const requests = files.map(({ diskPath, observed }, id) => ({ id, diskPath, expected: observed }));
        const read = ({ id, chunks }: ReadSoFar): void => telling.read(files[id] as FileBeingRead, chunks);
        try {
          for await (const result of scan.hash(requests, signal, read)) {
            const { path } = files[result.id] as FileBeingRead;
            telling.ended(path, result.kind === 'read');
            takeHashed(path, result, isFirstScan, findings);
            if (findings.size() >= writesAtATime) await flush();
          }
        } finally {
          for (const { path } of files) telling.ended(path, false);
        }
      }
      await flush();
    } finally {
      underWay -= paths.length;
    }
  };

  /**
   * Whether a directory is gone and something in it is still thought to be there: then all of it waits for one turn together, the
   * directory last.
   */
  const isAheadOfItsOwn = (
    path: RelativePath,
    observed: Observed | undefined,
    taken: ReadonlySet<RelativePath>,
  ): boolean => {
    if (!isDirectoryLost({ path, observed }, index)) return false;
    const left = index.baseBelow(path).filter((row) => row.observed !== undefined && !taken.has(row.path));
    if (left.length === 0) return false;
    for (const row of left) touched(row.path, undefined);
    touched(path, observed);
    return true;
  };

  const lookAgainAtUnproven = (): void => {
    if (unproven.size === 0 || !dependencies.isRootHealthy()) return;
    for (const path of unproven) {
      if (problems.isInDoubt(path)) continue;
      unproven.delete(path);
      touched(path, undefined);
    }
  };

  /** A new directory is written before what lies in it, though that has been quiet for longer: it would be there for its contents alone. */
  const withParents = (due: readonly SeenPath[]): readonly SeenPath[] => {
    const parents = new Set(
      due.flatMap(({ path, observed }) =>
        observed === undefined ? [] : ancestorsOf(path).filter((above) => settling.has(above)),
      ),
    );
    for (const { path } of due) parents.delete(path);
    const seen = [...parents].flatMap((path): SeenPath[] => {
      const looked = lookAt(path);
      return looked === 'unknown' || looked.observed?.kind !== 'directory' ? [] : [{ path, ...looked }];
    });
    return [...seen, ...due];
  };

  const lookAt = (path: RelativePath, parents?: ParentFaults): PathLook | 'unknown' => {
    if (!dependencies.isCommitting(path)) return looks.look(path, parents);
    touched(path, undefined);
    return 'unknown';
  };

  const classify = (
    path: RelativePath,
    observed: Observed | undefined,
    content: Content | undefined,
    isFirstScan: boolean,
  ): Finding => {
    const base = index.base(path);
    return classifyPath({
      path,
      base,
      intent: index.intent(path),
      observed,
      content: content ?? knownContent(observed),
      view: state.viewAt(path),
      members: index.members(path),
      shownFrom: base?.shown === undefined ? [] : (index.entry(base.shown)?.member.entry.from ?? []),
      wasWatched: !isFirstScan,
    });
  };

  /** The content of a file that was only moved with its directory: same inode, size and times as a row whose path is gone. */
  const knownContent = (observed: Observed | undefined): Content | undefined => {
    if (observed?.kind !== 'file') return undefined;
    const row = index
      .baseByInode(observed.inode)
      .find(
        (other) =>
          other.observed !== undefined &&
          isSameObserved(other.observed, observed) &&
          other.observed.device === observed.device,
      );
    return row?.content?.kind === 'file' ? row.content : undefined;
  };

  const takeHashed = (
    path: RelativePath,
    result: HashResult,
    isFirstScan: boolean,
    findings: Findings,
  ): void => {
    switch (result.kind) {
      case 'read': {
        const looked = lookAt(path);
        if (looked === 'unknown') return;
        if (looked.observed === undefined || !isSameObserved(looked.observed, result.observed)) {
          touched(path, looked.observed);
          return;
        }
        if (result.manifest.sizeBytes > oneChunkBytes)
          findings.record(() => index.putManifest(result.content, result.manifest));
        const content = {
          kind: 'file',
          content: result.content,
          sizeBytes: result.manifest.sizeBytes,
        } as const;
        problems.clear(path);
        findings.take(path, classify(path, looked.observed, content, isFirstScan), {
          observed: looked.observed,
          diskName: looks.takeDiskName(path),
        });
        return;
      }
      case 'changed':
        touched(path, result.observed);
        return;
      case 'absent':
        touched(path, undefined);
        return;
      case 'failed':
        problems.put({ kind: 'unreadable', path, where: path, cause: result.cause });
    }
  };

  return {
    dirty: (directory) => void dirty.add(directory),
    suspect: (path) => touched(path, undefined),
    async scanAll(signal) {
      const isFirstScan = index.fact('scanned') !== 'yes';
      const last: SeenPath[] = [];
      let found: RelativePath[] = [];
      const takeFound = async (): Promise<void> => {
        const batch = found;
        found = [];
        if (batch.length > 0) await take(batch, signal, isFirstScan);
      };
      dirty.clear();
      problems.reset();
      await walk(
        undefined,
        true,
        signal,
        (path, observed) => {
          if (observed === undefined || isDirectoryLost({ path, observed }, index))
            last.push({ path, observed });
          else found.push(path);
        },
        takeFound,
      );
      if (!hasLooked) startLosses.judge(last);
      hasLooked = true;
      await take(inWriteOrder(last, index), signal, isFirstScan);
      index.transaction(() => index.setFact('scanned', 'yes'));
    },
    async step(signal) {
      stepping += 1;
      try {
        lookAgainAtUnproven();
        const directories = [...dirty].sort((a, b) => compareText(a ?? '', b ?? ''));
        dirty.clear();
        // After a first look at a big tree every directory asks once to be listed again: side by side, their ways to the thread overlap.
        for (let at = 0; at < directories.length; at += listingsAtATime) {
          const group = directories.slice(at, at + listingsAtATime);
          await Promise.all(
            group.map((directory) => walk(directory, false, signal, touched, () => Promise.resolve())),
          );
        }
        const due = withParents(settler.due(clock.monotonic()));
        if (directories.length + due.length > 0) busyTurns += 1;
        for (const { path } of due) settling.delete(path);
        if (due.length > 0) await take(inWriteOrder(due, index), signal);
      } finally {
        stepping -= 1;
      }
    },
    nextAt: () => (dirty.size > 0 ? clock.monotonic() : settler.nextAt()),
    busyTurns: () => busyTurns,
    isQuiet: () => dirty.size === 0 && stepping === 0 && underWay + settling.size + startLosses.size() === 0,
    pendingPaths: () => underWay + settling.size + startLosses.size(),
    isChanging: (path) => settler.isChanging(path),
  };
}
