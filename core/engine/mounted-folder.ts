import type { CommitContext, PartSource } from '../apply/apply.ts';
import type { Clock, Log, Random } from '../base/base.ts';
import type { FolderIndex, SignedEntry } from '../file-index/file-index.ts';
import {
  type DiskRoot,
  type FileSystem,
  foldName,
  probeDisk,
  type Watch,
  type Watcher,
  type WatchHint,
} from '../filesystem/filesystem.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import type { ScanService } from '../scanner/scanner.ts';
import { type BlockFetcher, fetchManifest, type IndexSession } from '../transfer/transfer.ts';
import { createFileFetching, type FileFetching } from './file-fetching.ts';
import { createFolderContents, type FolderContents } from './folder-contents.ts';
import type { FolderRules } from './folder-rules.ts';
import type { FolderState } from './folder-state.ts';
import { createInward, type Inward } from './inward.ts';
import type { Journal } from './journal.ts';
import { createLateWrites, type LateWrites } from './late-writes.ts';
import type { Losses } from './losses.ts';
import { createOutward, type Outward } from './outward.ts';
import { createPartsAhead, type PartsAhead } from './parts-ahead.ts';
import type { Problems } from './problems.ts';
import type { Retention } from './retention.ts';
import type { Retries } from './retries.ts';
import type { Spelling } from './spelling.ts';
import { createTellingAhead, type TellingAhead } from './telling-ahead.ts';
import { createVersionUpkeep, hashOne, type VersionUpkeep } from './version-upkeep.ts';

/** What works on a folder's disk while it is there. */
export interface MountedFolder {
  readonly root: DiskRoot;
  readonly context: CommitContext;
  readonly outward: Outward;
  readonly inward: Inward;
  readonly fetching: FileFetching;
  readonly contents: FolderContents;
  readonly telling: TellingAhead;
  readonly ahead: PartsAhead;
  readonly upkeep: VersionUpkeep;
  readonly lateWrites: LateWrites;
  /** Aborts when the disk goes or the folder stops. */
  readonly stopped: AbortSignal;
  /** Ends all of it; resolves when nothing writes any more. */
  unmount(): Promise<void>;
}

/** What the disk's workers need of the folder around them. */
export interface MountDependencies {
  readonly folderId: FolderId;
  readonly index: FolderIndex;
  readonly state: FolderState;
  readonly rules: FolderRules;
  readonly losses: Losses;
  readonly journal: Journal;
  readonly problems: Problems;
  readonly inwardProblems: Problems;
  readonly retries: Retries;
  readonly spell: Spelling;
  readonly fileSystem: FileSystem;
  readonly watcher: Watcher;
  readonly scan: ScanService;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly fetcher: BlockFetcher;
  /** Whether a file of this size lies in any folder of this device. */
  hasFileOfSize(sizeBytes: number): boolean;
  /** Files in other folders of this device that have a content. */
  elsewhere(content: Hash): readonly PartSource[];
  indexSessions(): readonly IndexSession[];
  retention(): Retention;
  received(bytes: number): void;
  /** Whether the root and its marker are there, asked of the disk at this moment. */
  isRootHealthy(root: DiskRoot): boolean;
  /** Whether others' changes at a path are made here. */
  takes(path: RelativePath): boolean;
  /** Whether others are told of changes made here. */
  tells(): boolean;
  /** The watch lost count, or cannot watch everything: `incomplete` with the system's word for why. */
  watchFailed(hint: Exclude<WatchHint, { kind: 'dirty' }>): void;
  written(entries: readonly SignedEntry[]): void;
  shown(path: RelativePath, what: 'written' | 'deleted', author: DeviceKey | undefined): void;
  wake(): void;
}

/** Sets the workers of a folder up over a healthy root; they work when they are asked to. */
export function mountFolder(dependencies: MountDependencies, root: DiskRoot): MountedFolder {
  const { folderId, index, state, rules, losses, fileSystem, clock, random, log, scan, spell } = dependencies;
  const { problems, wake, written } = dependencies;
  const stopped = new AbortController();
  const context: CommitContext = { fileSystem, root, index, clock, random, spell };
  // Whatever fails does so before there is a watch that would have to be closed.
  const traits = probeDisk(fileSystem, root.staging);
  const foldsNames = traits.caseInsensitive || traits.normalises;
  const watch: Watch = dependencies.watcher.open(root.root, (hint) => {
    if (hint.kind === 'dirty') {
      const spelled = root.relativeOf(hint.directory);
      if (spelled !== undefined)
        outward.dirty(spelled === '' ? undefined : (spelled.normalize('NFC') as RelativePath));
    } else dependencies.watchFailed(hint);
    wake();
  });
  const bytes = {
    folderId,
    index,
    fileSystem,
    root,
    spell,
    fetcher: dependencies.fetcher,
    elsewhere: (content: Hash) => dependencies.elsewhere(content),
    fetchManifest: (content: Hash, sizeBytes: number, signal: AbortSignal) =>
      fetchManifest({ folderId, content, sizeBytes }, dependencies.indexSessions(), signal),
    received: (count: number) => dependencies.received(count),
  };
  const isNew = (path: RelativePath): boolean => index.base(path)?.observed === undefined;
  const ahead = createPartsAhead({
    ...bytes,
    clock,
    log,
    isWanted: (path) =>
      isNew(path) && dependencies.takes(path) && rules.obstacleAt(path, 'file') === undefined,
  });
  const telling = createTellingAhead({
    folderId,
    random,
    isNews: (path) => isNew(path) && dependencies.tells() && index.fact('read-first') === 'done',
    hasFileOfSize: (sizeBytes) => dependencies.hasFileOfSize(sizeBytes),
    sessions: () => dependencies.indexSessions(),
  });
  const fetching = createFileFetching({ ...bytes, clock, random, log, ahead });
  const contents = createFolderContents({
    ...bytes,
    scan,
    clock,
    random,
    indexSessions: () => dependencies.indexSessions(),
  });
  const upkeep = createVersionUpkeep({
    context,
    scan,
    journal: dependencies.journal,
    retention: () => dependencies.retention(),
  });
  const isRootHealthy = (): boolean => dependencies.isRootHealthy(root);
  const common = { index, state, fileSystem, root, spell, watch, clock, log, problems, isRootHealthy };
  const outward = createOutward({
    ...common,
    foldsNames,
    written,
    startLosses: losses.startLosses,
    rules,
    telling,
    scan,
    isCommitting: (path) => inward.isCommitting(path),
  });
  const lateWrites = createLateWrites({
    context,
    index,
    state,
    hash: hashOne(scan, stopped.signal),
    keepsChangesHere: () => rules.mode() === 'receive',
    written,
  });
  const inward = createInward({
    ...common,
    random,
    problems: dependencies.inwardProblems,
    retries: dependencies.retries,
    fetching,
    massChange: losses.massChange,
    takes: (path) => dependencies.takes(path),
    foldName: foldsNames ? (name) => foldName(name, traits) : undefined,
    lookAgain(directory, path) {
      outward.dirty(directory);
      if (path !== undefined) outward.suspect(path);
      wake();
    },
    retired: (retired) => lateWrites.retired(retired),
    shown: (path, what, author) => dependencies.shown(path, what, author),
  });
  return {
    root,
    context,
    outward,
    inward,
    fetching,
    contents,
    telling,
    ahead,
    upkeep,
    lateWrites,
    stopped: stopped.signal,
    async unmount() {
      stopped.abort(new SyncError('interrupted'));
      watch.close();
      ahead.stop();
      await fetching.settled();
      losses.startLosses.release();
    },
  };
}
