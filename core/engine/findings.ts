import type { FolderIndex, SignedEntry } from '../file-index/file-index.ts';
import { type BaseRow, wasLeftOut } from '../model/base-row.ts';
import type { Observed } from '../model/disk.ts';
import { sameContent } from '../model/entry.ts';
import type { RelativePath } from '../model/path.ts';
import type { Finding } from '../reconcile/reconcile.ts';
import type { FolderState, LocalWrite } from './folder-state.ts';
import type { Problems } from './problems.ts';

/** What a pass over the disk found out, gathered to be recorded in few transactions. */
export interface Findings {
  /** Takes in what a look at a path means; `observed` is that look, `diskName` the spelling found. */
  take(
    path: RelativePath,
    finding: Finding,
    seen: { readonly observed: Observed | undefined; readonly diskName: string | undefined },
  ): void;
  /** Something else to record with the next flush. */
  record(run: () => void): void;
  size(): number;
  /** Records all of it, durably, and passes the new entries on. */
  flush(): void;
}

/** What findings are recorded in. */
export interface FindingsDependencies {
  readonly index: FolderIndex;
  readonly state: FolderState;
  readonly problems: Problems;
  isRootHealthy(): boolean;
  /** Whether what is changed here stays here, as in a folder that only receives. */
  keepsChangesHere(): boolean;
  /** Nothing was found at a path, and nothing proves that nothing is there: it has to be looked at again. */
  unproven(path: RelativePath): void;
  written(entries: readonly SignedEntry[]): void;
}

/** Nothing found yet. */
export function createFindings(dependencies: FindingsDependencies): Findings {
  const { index, state, problems } = dependencies;
  let records: (() => void)[] = [];
  let writes: LocalWrite[] = [];
  const record = (run: () => void): void => void records.push(run);

  /** The evidence for a deletion, taken at the last moment: the root is ours and there, and no directory above the path failed to be listed. */
  const isProvenAbsent = (path: RelativePath): boolean =>
    !problems.isInDoubt(path) && dependencies.isRootHealthy();

  /** What rules left out until now is held again once a look has shown it to be as its row says. */
  const takeOn = (path: RelativePath): void => {
    const row = index.base(path);
    if (row === undefined || !wasLeftOut(row)) return;
    record(() => {
      index.putBase({ ...row, status: 'held' });
      state.reconsider(path);
    });
  };

  return {
    take(path, finding, { observed, diskName }) {
      if (observed === undefined && !isProvenAbsent(path)) {
        dependencies.unproven(path);
        return;
      }
      switch (finding.kind) {
        case 'needs-content':
        case 'special':
          return;
        case 'unchanged':
          if (index.intent(path) !== undefined) record(() => index.removeIntent(path));
          takeOn(path);
          return;
        case 'redo-intent':
          // Its row told of what our own commit took away: with the row gone, absence is no deletion.
          record(() => {
            index.removeIntent(path);
            index.removeBase(path);
            state.reconsider(path);
          });
          return;
        case 'adopt':
          record(() => {
            index.removeIntent(path);
            if (finding.row === undefined) index.removeBase(path);
            else index.putBase(withDiskName({ ...finding.row, observed }, diskName));
            state.reconsider(path);
          });
          return;
        case 'write':
          if (index.intent(path) !== undefined) record(() => index.removeIntent(path));
          if (dependencies.keepsChangesHere()) {
            const { content, seen } = finding;
            const row = { path, status: 'local-change', shown: undefined, content, seen, observed } as const;
            record(() => {
              index.putBase(withDiskName(row, diskName));
              state.reconsider(path);
            });
            return;
          }
          writes.push({
            path,
            content: finding.content,
            observed,
            seen: finding.seen,
            from: finding.from,
            found: finding.found,
            ...(diskName === undefined ? {} : { diskName }),
          });
      }
    },
    record,
    size: () => records.length + writes.length,
    flush() {
      if (records.length + writes.length === 0) return;
      // A root that vanished meanwhile has no deletions, whatever its directories said.
      const isHealthy = dependencies.isRootHealthy();
      const sound = writes.filter((write) => isHealthy || write.content !== undefined);
      for (const { path } of writes.filter((write) => !sound.includes(write))) dependencies.unproven(path);
      const entries = index.transaction(() => {
        for (const run of records) run();
        return state.write(withMoves(sound, index));
      });
      records = [];
      writes = [];
      if (entries.length > 0) dependencies.written(entries);
    },
  };
}

/** Says of each deleted file where it went: to a path that has its inode and its content, and is its only name. */
function withMoves(writes: readonly LocalWrite[], index: FolderIndex): readonly LocalWrite[] {
  const came = new Map(
    writes.flatMap((write) =>
      write.observed?.kind === 'file' ? [[write.observed.inode, write] as const] : [],
    ),
  );
  const placesOf = (inode: bigint): readonly Pick<LocalWrite, 'path' | 'content' | 'observed'>[] => {
    const now = came.get(inode);
    return [...(now === undefined ? [] : [now]), ...index.baseByInode(inode)];
  };
  return writes.map((write) => {
    const before = write.content === undefined ? index.base(write.path) : undefined;
    if (before?.observed === undefined || before.content?.kind !== 'file') return write;
    const { observed, content } = before;
    const place = placesOf(observed.inode).find(
      (other) =>
        other.path !== write.path &&
        other.observed?.device === observed.device &&
        other.observed.links === 1 &&
        sameContent(other.content, content),
    );
    return place === undefined ? write : { ...write, movedTo: place.path };
  });
}

function withDiskName({ diskName: _, ...row }: BaseRow, diskName: string | undefined): BaseRow {
  return diskName === undefined ? row : { ...row, diskName };
}
