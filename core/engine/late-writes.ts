import {
  type CommitContext,
  createRetiredWatch,
  type HashFile,
  type LateWrite,
  type Retired,
} from '../apply/apply.ts';
import type { FolderIndex, SignedEntry } from '../file-index/file-index.ts';
import { isExecutable } from '../model/disk.ts';
import { fromOfWrite } from '../reconcile/reconcile.ts';
import type { DecidedWrite, FolderState } from './folder-state.ts';

/** Writes that a program makes, through a handle it still holds, to a file that sync has already put into the version store. */
export interface LateWrites {
  retired(retired: Retired): void;
  /** Looks at what is due; after a whole scan at everything. What somebody wrote becomes a write of theirs upon what they had seen. */
  look(afterScan: boolean): Promise<void>;
  /** Monotonic milliseconds of the next look, undefined if none is due. */
  nextAt(): number | undefined;
}

/** Watches over the files retired in one folder under one root. */
export function createLateWrites(dependencies: {
  readonly context: CommitContext;
  readonly index: FolderIndex;
  readonly state: FolderState;
  readonly hash: HashFile;
  /** Whether what is changed here stays here: then it stays in the version store too. */
  keepsChangesHere(): boolean;
  written(entries: readonly SignedEntry[]): void;
}): LateWrites {
  const { context, index, state, hash, written } = dependencies;
  const watch = createRetiredWatch(context);
  return {
    retired: (retired) => watch.add([retired]),
    async look(afterScan) {
      const due = watch.nextAt();
      if (!afterScan && (due === undefined || due > context.clock.monotonic())) return;
      const entries: SignedEntry[] = [];
      await watch.look({
        afterScan,
        hash,
        record: (writes) =>
          void entries.push(
            ...state.decide(
              dependencies.keepsChangesHere() ? [] : writes.map((write) => decidedOf(index, write)),
            ),
          ),
      });
      if (entries.length > 0) written(entries);
    },
    nextAt: () => watch.nextAt(),
  };
}

function decidedOf(index: FolderIndex, write: LateWrite): DecidedWrite {
  const from = write.shown === undefined ? [] : (index.entry(write.shown)?.member.entry.from ?? []);
  return {
    path: write.path,
    content: write.content,
    executable: isExecutable(write.observed.mode),
    modifiedAtNs: write.observed.modifiedAtNs,
    from: fromOfWrite([{ content: write.before, from }], write.content),
    seen: write.seen,
  };
}
