import { inPages } from '../base/pure.ts';
import type { FolderIndex } from '../file-index/file-index.ts';
import type { BaseRow } from '../model/base-row.ts';
import { isExecutable } from '../model/disk.ts';
import { fromOfWrite } from '../reconcile/reconcile.ts';
import type { DecidedWrite } from './folder-state.ts';

/** LIMIT: rows read from the index at a time. */
const rowsAtATime = 1_000;

/** What was changed here and is kept from the others. */
export function localChanges(index: FolderIndex): readonly BaseRow[] {
  return [...inPages<BaseRow>((last) => index.baseByStatus('local-change', last?.path, rowsAtATime))];
}

/** The write that makes what a row says is here count for all. */
export function writeOfRow(index: FolderIndex, row: BaseRow, seen: DecidedWrite['seen']): DecidedWrite {
  const { path, observed } = row;
  const content = observed === undefined ? undefined : row.content;
  const view = index.view(path);
  const winner = view?.winner === undefined ? undefined : index.entry(view.winner)?.member.entry;
  return {
    path,
    content,
    executable: observed !== undefined && isExecutable(observed.mode),
    modifiedAtNs: observed?.modifiedAtNs ?? 0n,
    from: fromOfWrite([{ content: view?.content, from: winner?.from ?? [] }], content),
    seen,
  };
}

/** Takes rows out of what is kept here: their writes follow. Inside a transaction. */
export function holdAgain(index: FolderIndex, rows: readonly BaseRow[]): void {
  for (const row of rows) index.putBase({ ...row, status: 'held', shown: undefined });
}
