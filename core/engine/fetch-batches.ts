import type { RelativePath } from '../model/path.ts';
import type { Operation } from '../plan/plan.ts';
import type { Urgency } from '../transfer/transfer.ts';

/** LIMIT: files put together at a time, and the bytes they have together, unless one alone has more. */
export const filesInBatch = 256;
const bytesInBatch = 32 * 1024 * 1024;
/** LIMIT: a larger file comes after all others of the folder. */
const largeBytes = 1024 * 1024;

/** A file to be put together. */
export type FileOperation = Extract<Operation, { kind: 'place-file' }>;

/** How soon a batch of a folder's own is wanted. */
export type Turn = Exclude<Urgency, 'waited-for'>;

/** Files that are put together at a time. */
export interface Batch {
  readonly turn: Turn;
  readonly batch: readonly FileOperation[];
}

/** Files together that are wanted equally soon, the newest first, so that a person's few edits do not wait behind a film. */
export function batchesOf(
  operations: readonly FileOperation[],
  recent: ReadonlySet<RelativePath> | undefined,
): readonly Batch[] {
  const turnOf = ({ path, wanted }: FileOperation): Turn =>
    wanted.sizeBytes > largeBytes ? 'later' : recent?.has(path) === true ? 'recent' : 'soon';
  const newestFirst = [...operations].sort(
    (a, b) =>
      Number(b.wanted.modifiedAtNs > a.wanted.modifiedAtNs) -
      Number(b.wanted.modifiedAtNs < a.wanted.modifiedAtNs),
  );
  const batches: (Batch & { readonly batch: FileOperation[]; bytes: number })[] = [];
  for (const operation of newestFirst) {
    const turn = turnOf(operation);
    const { sizeBytes } = operation.wanted;
    const last = batches.findLast((batch) => batch.turn === turn);
    if (last === undefined || last.batch.length >= filesInBatch || last.bytes + sizeBytes > bytesInBatch)
      batches.push({ turn, batch: [operation], bytes: sizeBytes });
    else {
      last.batch.push(operation);
      last.bytes += sizeBytes;
    }
  }
  return batches;
}
