import type { KeptVersion } from '../file-index/file-index.ts';
import { DiskError } from '../filesystem/filesystem.ts';
import type { Observed } from '../model/disk.ts';
import { type Content, contentOf, isLiving, sameContent } from '../model/entry.ts';
import type { Hash } from '../model/ids.ts';
import { oneChunkBytes } from '../model/manifest.ts';
import { emptyPast, type Past } from '../model/past.ts';
import type { RelativePath } from '../model/path.ts';
import type { CommitContext } from './commit.ts';
import type { Retired } from './outcome.ts';
import type { HashFile } from './sweep.ts';

/** When a retired file is looked at again, milliseconds after it was retired; and once more after the next whole scan. */
const looksAfterMs = [1_000, 60_000] as const;
/** LIMIT: files watched at a time; beyond, the oldest that had their timed looks are let go before the scan. */
const maxWatched = 10_000;
/** LIMIT: rows read at a time. */
const rowsAtATime = 1_000;
/** Names the last kept version that has had all its looks. */
const lookedFact = 'retired-looked-at';

/** What a user wrote, through a handle opened before, to a file that sync had already taken out of the folder. Its bytes are a kept version. */
export interface LateWrite {
  readonly path: RelativePath;
  readonly content: Content;
  /** What it was written over, and the entry that had shown it here, if that is still known. */
  readonly before: Content;
  readonly shown: Hash | undefined;
  /** The writes its author had before their eyes. */
  readonly seen: Past;
  /** The file in the version store. */
  readonly observed: Observed;
  readonly version: KeptVersion;
}

/** Looks again at what commits have retired. */
export interface RetiredWatch {
  /** Begins to watch what a commit has just retired. */
  add(retired: readonly Retired[]): void;
  /** When the next look is due: monotonic milliseconds, undefined if none is. */
  nextAt(): number | undefined;
  /**
   * Looks at what is due; after a whole scan, at everything, for the last time. A changed file that has come to rest becomes a version of its new
   * content, in one transaction with what `record` makes of the write; one still being written to is looked at again a second later.
   */
  look(options: {
    readonly afterScan: boolean;
    readonly hash: HashFile;
    readonly record: (writes: readonly LateWrite[]) => void;
  }): Promise<void>;
}

interface Watched {
  readonly path: RelativePath;
  readonly seen: Past;
  readonly shown: Hash | undefined;
  version: KeptVersion;
  /** Monotonic milliseconds; undefined when only the scan is still to come. */
  nextAt: number | undefined;
  looks: number;
}

/** Makes the watch; versions kept before a stop, whose looks are not all done, are watched from the start. */
export function createRetiredWatch(context: CommitContext): RetiredWatch {
  const { index, clock } = context;
  const watched = new Map<number, Watched>();
  let highest = Number(index.fact(lookedFact) ?? 0);

  const watch = (version: KeptVersion, seen: Past, shown: Hash | undefined): void => {
    highest = Math.max(highest, version.id);
    watched.set(version.id, {
      path: version.path,
      version,
      seen,
      shown,
      looks: 0,
      nextAt: clock.monotonic() + looksAfterMs[0],
    });
    for (const [id, { nextAt }] of watched) {
      if (watched.size <= maxWatched) break;
      if (nextAt === undefined) watched.delete(id);
    }
  };
  /** Versions kept before a stop, or by a recovery: what their users had seen is what the entry they showed had. */
  const catchUp = (): void => {
    for (let rows = index.versions(highest, rowsAtATime); rows.length > 0; ) {
      for (const version of rows) {
        const same = index
          .members(version.path)
          .find(({ entry }) => isLiving(entry) && sameContent(contentOf(entry), version.content));
        watch(version, same?.entry.past ?? emptyPast, same?.hash);
      }
      rows = index.versions(highest, rowsAtATime);
    }
  };
  catchUp();

  /** The look of a file that changed since it was retired; undefined if it did not, or shares its inode with a living one, or is gone. */
  const changedLook = ({ version }: Watched): Observed | undefined => {
    if (version.storedName === undefined || version.content.kind !== 'file') return undefined;
    try {
      const now = context.fileSystem.look(context.root.versionAt(version.storedName));
      if (now?.kind !== 'file' || now.links > 1) return undefined;
      return now.sizeBytes === version.content.sizeBytes && now.modifiedAtNs === version.modifiedAtNs
        ? undefined
        : now;
    } catch (error) {
      if (error instanceof DiskError) return undefined;
      throw error;
    }
  };

  /** Whether this look is done; false if the file has not come to rest. */
  const lookAt = async (
    item: Watched,
    hash: HashFile,
    record: (writes: readonly LateWrite[]) => void,
  ): Promise<boolean> => {
    const observed = changedLook(item);
    const { version, path, seen, shown } = item;
    if (observed === undefined || version.storedName === undefined) return true;
    const read = await hash(context.root.versionAt(version.storedName), observed);
    if (read === undefined) return false;
    if (!index.versionsOf(path).some(({ id }) => id === version.id)) return true;
    const { manifest } = read;
    const content: Content = { kind: 'file', content: read.content, sizeBytes: manifest.sizeBytes };
    index.transaction(() => {
      if (manifest.sizeBytes > oneChunkBytes) index.putManifest(read.content, manifest);
      index.removeVersion(version.id);
      const { id: _, ...row } = { ...version, content, modifiedAtNs: observed.modifiedAtNs };
      item.version = { ...row, id: index.addVersion(row) };
      if (!sameContent(content, version.content))
        record([{ path, content, before: version.content, shown, seen, observed, version: item.version }]);
    });
    watched.delete(version.id);
    watched.set(item.version.id, item);
    highest = Math.max(highest, item.version.id);
    return true;
  };

  return {
    add(retired) {
      catchUp();
      for (const { path, versionId, row } of retired) {
        const version = index.versionsOf(path).find(({ id }) => id === versionId);
        if (version !== undefined) watch(version, row.seen, row.shown);
      }
    },
    nextAt() {
      let next: number | undefined;
      for (const { nextAt } of watched.values())
        if (nextAt !== undefined && (next === undefined || nextAt < next)) next = nextAt;
      return next;
    },
    async look({ afterScan, hash, record }) {
      catchUp();
      const now = clock.monotonic();
      for (const item of Array.from(watched.values())) {
        const isTimed = item.nextAt !== undefined;
        if (!afterScan && !(item.nextAt !== undefined && item.nextAt <= now)) continue;
        const isDone = await lookAt(item, hash, record);
        if (!isDone) item.nextAt = now + looksAfterMs[0];
        else if (!isTimed && afterScan) watched.delete(item.version.id);
        else if (item.nextAt !== undefined && item.nextAt <= now) {
          item.looks += 1;
          const after = looksAfterMs[item.looks];
          item.nextAt = after === undefined ? undefined : now + after;
        }
      }
      const done = watched.size === 0 ? highest : Math.min(...watched.keys()) - 1;
      if (String(done) !== (index.fact(lookedFact) ?? '0'))
        index.transaction(() => index.setFact(lookedFact, String(done)));
    },
  };
}
