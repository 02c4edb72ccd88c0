import { openPart, versionName } from '../apply/apply.ts';
import { type Clock, createBreather, createLimiter, type Random, randomHex } from '../base/base.ts';
import { chunkCountOf, hashAt } from '../chunker/chunker.ts';
import {
  DiskError,
  type DiskPath,
  type FileSystem,
  type ReadHandle,
  removeQuietly,
} from '../filesystem/filesystem.ts';
import { isSameObserved, type Observed } from '../model/disk.ts';
import type { Content } from '../model/entry.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import { type Manifest, oneChunkBytes } from '../model/manifest.ts';
import type { RelativePath } from '../model/path.ts';
import type { BlockItem } from '../protocol/protocol.ts';
import type { HashRequest, ScanService } from '../scanner/scanner.ts';
import type { BlockFetcher, IndexSession } from '../transfer/transfer.ts';
import { type LocalDisks, localSources, manifestHere } from './content-sources.ts';

/** LIMIT: contents fetched at a time, beside what the folder itself is fetching. */
const fetchesAtATime = 4;
/** LIMIT: copies of one content looked at. */
const copiesLookedAt = 4;
/** LIMIT: how long a device may take to say whether it has something, milliseconds. */
const answerMs = 5_000;
/** LIMIT: what is left free on the disk for everything else. */
const reserveBytes = 64 * 1024 * 1024;

/** A file's content that a person wants back. */
export interface WantedContent {
  readonly path: RelativePath;
  readonly content: Hash;
  readonly sizeBytes: number;
  readonly executable: boolean;
  readonly modifiedAtNs: bigint;
}

/** The bytes behind contents: on this disk, in its version store, and with the devices connected now. */
export interface FolderContents {
  /** Those of `wanted` that lie on this disk; kept versions are read and checked, since another program may have changed them. */
  here(wanted: readonly WantedContent[], signal: AbortSignal): Promise<ReadonlySet<Hash>>;
  /**
   * Brings what is not here into the version store, from whoever has it; what nobody connected has is `missing`.
   * Rejects with SyncError `no-space` or `disk-failed`, or the signal's reason; what came by then stays.
   */
  obtain(
    wanted: readonly WantedContent[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<Hash, 'here' | 'fetched' | 'missing'>>;
  /** Bytes of a content that lies on this disk from `offset` on, at most `lengthBytes`; undefined when none of its copies is there any more. */
  read(content: Hash, offset: number, lengthBytes: number): Uint8Array | undefined;
  /** Puts new bytes into the version store as a version of a path; resolves to what they are. Rejects as `obtain` does. */
  keep(
    path: RelativePath,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<Extract<Content, { kind: 'file' }>>;
  /** The connected devices that can give a content, by key. */
  holders(content: Hash, sizeBytes: number, signal: AbortSignal): Promise<readonly DeviceKey[]>;
}

/** What finding contents needs. */
export interface FolderContentsDependencies extends LocalDisks {
  readonly folderId: FolderId;
  readonly fileSystem: FileSystem;
  readonly scan: ScanService;
  readonly clock: Clock;
  readonly random: Random;
  readonly fetcher: BlockFetcher;
  indexSessions(): readonly IndexSession[];
  fetchManifest(content: Hash, sizeBytes: number, signal: AbortSignal): Promise<Manifest | undefined>;
  received(bytes: number): void;
}

/** The contents of one folder under one healthy root. */
export function createFolderContents(dependencies: FolderContentsDependencies): FolderContents {
  const { folderId, index, fileSystem, root, spell, scan, clock, random, fetcher } = dependencies;
  const limiter = createLimiter(fetchesAtATime);
  const underWay = new Map<Hash, Promise<boolean>>();

  const isHeld = (content: Hash): boolean =>
    index.pathsHolding(content, copiesLookedAt).some(({ path, observed }) => {
      const now = quietly(() => fileSystem.look(root.at(spell(path))));
      return now !== undefined && observed !== undefined && isSameObserved(now, observed, true);
    });

  const here = async (wanted: readonly WantedContent[], signal: AbortSignal): Promise<ReadonlySet<Hash>> => {
    const found = new Set<Hash>();
    const requests: HashRequest[] = [];
    const names: Hash[] = [];
    for (const { content, sizeBytes } of distinct(wanted)) {
      if (sizeBytes === 0 || isHeld(content)) {
        found.add(content);
        continue;
      }
      for (const { storedName } of index.versionsHolding(content).slice(0, copiesLookedAt)) {
        if (storedName === undefined) continue;
        requests.push({ id: names.length, diskPath: root.versionAt(storedName) });
        names.push(content);
      }
    }
    if (requests.length === 0) return found;
    for await (const result of scan.hash(requests, signal)) {
      const content = names[result.id];
      if (result.kind === 'read' && content === result.content) found.add(content);
    }
    return found;
  };

  /** Whether it lies in the version store now. */
  const fetchOne = async (wanted: WantedContent, signal: AbortSignal): Promise<boolean> => {
    const { content, sizeBytes } = wanted;
    const manifest =
      manifestHere(dependencies, content, sizeBytes) ??
      (await dependencies.fetchManifest(content, sizeBytes, signal));
    if (manifest === undefined) return false;
    if (fileSystem.space(root.root).freeBytes - reserveBytes < sizeBytes)
      throw new SyncError('no-space', { path: root.root }, { retry: 'after-user' });
    const name = `kept-${content.slice(0, 40)}.part`;
    const sources = localSources(dependencies, content, undefined);
    const breathe = createBreather(clock, signal);
    // Whoever wants it asks again some day, or never.
    const drop = (): void => removeQuietly(fileSystem, root.stagedAt(name));
    const part = await openPart({ fileSystem, root, name, manifest, sources, breathe }).catch(
      (error: unknown) => {
        drop();
        throw error;
      },
    );
    let isOpen = true;
    try {
      const items = new Map<BlockItem, number>();
      for (const chunk of part.missing()) {
        const block = { content, offset: part.offsetOf(chunk), sizeBytes: manifest.sizes[chunk] ?? 0 };
        items.set({ ...block, hash: hashAt(manifest, chunk) }, chunk);
      }
      if (items.size > 0)
        await fetcher.fetch({
          folderId,
          urgency: 'waited-for',
          items: [...items.keys()],
          signal,
          onBlock(item, block) {
            if (part.put(items.get(item) as number, block)) dependencies.received(block.bytes.length);
          },
        });
      if (part.missingCount() > 0) return false;
      // Sealing closes it.
      isOpen = false;
      part.seal({ mode: wanted.executable ? 0o700 : 0o600, modifiedAtNs: wanted.modifiedAtNs });
    } finally {
      if (isOpen) {
        part.close();
        drop();
      }
    }
    await store(name, wanted, manifest);
    return true;
  };

  /** Moves a whole file from staging into the version store. */
  const store = async (name: string, wanted: WantedContent, manifest: Manifest): Promise<void> => {
    const { path, content, sizeBytes, executable, modifiedAtNs } = wanted;
    const storedName = versionName(index, random, path);
    await fileSystem.flushFiles([root.stagedAt(name)]);
    fileSystem.renameNew(root.stagedAt(name), root.versionAt(storedName));
    await fileSystem.flushDirectories([root.staging, root.versions]);
    index.transaction(() => {
      if (sizeBytes > oneChunkBytes) index.putManifest(content, manifest);
      index.addVersion({
        path,
        content: { kind: 'file', content, sizeBytes },
        storedName,
        replacedAt: clock.now(),
        replacedBy: undefined,
        reason: 'fetched',
        executable,
        modifiedAtNs,
      });
    });
  };

  const asSyncError = (error: unknown): unknown => {
    if (!(error instanceof DiskError)) return error;
    const code = error.code === 'ENOSPC' || error.code === 'EDQUOT' ? 'no-space' : 'disk-failed';
    return new SyncError(code, { path: root.root, cause: error.code }, { cause: error });
  };

  /** Writes bytes to a file of their own in staging, and reads them back as the scanner would. */
  const keepBytes = async (
    path: RelativePath,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<Extract<Content, { kind: 'file' }>> => {
    const name = `own-${randomHex(random, 16)}.part`;
    const handle = fileSystem.create(root.stagedAt(name), 0o600);
    try {
      handle.write(bytes, 0);
    } finally {
      handle.close();
    }
    for await (const result of scan.hash([{ id: 0, diskPath: root.stagedAt(name) }], signal)) {
      if (result.kind !== 'read') break;
      const { content, manifest, observed } = result;
      const file = { kind: 'file', content, sizeBytes: observed.sizeBytes } as const;
      const { modifiedAtNs } = observed;
      await store(
        name,
        { path, content, sizeBytes: file.sizeBytes, executable: false, modifiedAtNs },
        manifest,
      );
      return file;
    }
    throw new DiskError('EIO', 'hash', root.stagedAt(name));
  };

  const fetchOnce = (wanted: WantedContent, signal: AbortSignal): Promise<boolean> => {
    const known = underWay.get(wanted.content);
    if (known !== undefined) return known;
    const run = limiter
      .run(() => fetchOne(wanted, signal), signal)
      .catch((error: unknown) => {
        throw asSyncError(error);
      })
      .finally(() => underWay.delete(wanted.content));
    underWay.set(wanted.content, run);
    return run;
  };

  /** Reads one copy; undefined unless it looks as `expected` before and after. */
  const readCopy = (
    path: DiskPath,
    expected: Observed | undefined,
    read: (handle: ReadHandle) => Uint8Array,
  ): Uint8Array | undefined =>
    quietly(() => {
      const handle = fileSystem.openRead(path);
      try {
        const isAsExpected = (): boolean =>
          expected === undefined || isSameObserved(handle.look(), expected, true);
        if (!isAsExpected()) return undefined;
        const bytes = read(handle);
        return isAsExpected() ? bytes : undefined;
      } finally {
        handle.close();
      }
    });

  return {
    here,
    read(content, offset, lengthBytes) {
      const read = (handle: ReadHandle): Uint8Array => {
        const bytes = new Uint8Array(Math.max(0, Math.min(lengthBytes, handle.look().sizeBytes - offset)));
        return bytes.subarray(0, handle.read(bytes, offset));
      };
      for (const { path, observed } of index.pathsHolding(content, copiesLookedAt)) {
        const bytes = observed && readCopy(root.at(spell(path)), observed, read);
        if (bytes !== undefined) return bytes;
      }
      for (const { storedName } of index.versionsHolding(content).slice(0, copiesLookedAt)) {
        const bytes =
          storedName === undefined ? undefined : readCopy(root.versionAt(storedName), undefined, read);
        if (bytes !== undefined) return bytes;
      }
      return undefined;
    },
    async obtain(wanted, signal) {
      const present = await here(wanted, signal);
      const results = distinct(wanted).map(async (content) => {
        if (present.has(content.content)) return [content.content, 'here'] as const;
        const came = await fetchOnce(content, signal);
        return [content.content, came ? 'fetched' : 'missing'] as const;
      });
      return new Map(await Promise.all(results));
    },
    async keep(path, bytes, signal) {
      try {
        return await keepBytes(path, bytes, signal);
      } catch (error) {
        throw asSyncError(error);
      }
    },
    async holders(content, sizeBytes, signal) {
      const late = new AbortController();
      const cancel = clock.after(answerMs, () => late.abort(new SyncError('timed-out', { what: 'holders' })));
      const patience = AbortSignal.any([signal, late.signal]);
      try {
        const answers = dependencies.indexSessions().map(async (session) => {
          const manifest = await session
            .requestManifest({ folderId, content, sizeBytes }, patience)
            .catch(() => undefined);
          return manifest === undefined || chunkCountOf(manifest) === 0 ? [] : [session.peer];
        });
        return [...new Set((await Promise.all(answers)).flat())].sort();
      } finally {
        cancel();
      }
    },
  };
}

function distinct(wanted: readonly WantedContent[]): readonly WantedContent[] {
  return [...new Map(wanted.map((each) => [each.content, each])).values()];
}

function quietly<T>(call: () => T | undefined): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof DiskError) return undefined;
    throw error;
  }
}
