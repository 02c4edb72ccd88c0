import type { BaseRow } from '../model/base-row.ts';
import { isExecutable } from '../model/disk.ts';
import { isBelow, type RelativePath } from '../model/path.ts';
import { fromOfWrite } from '../reconcile/reconcile.ts';
import type { DecidedWrite } from './folder-state.ts';
import type { AttachedFolder } from './folders.ts';
import { sessionOf } from './places.ts';

/** LIMIT: rows read from the index at a time. */
const rowsAtATime = 1_000;

/**
 * In a folder that only receives, tells the others of what was changed here at `paths` or below (undefined: everywhere); in one that only sends, makes what is
 * here count, whatever the others have. Returns how many paths that were.
 */
export function acceptHere(folder: AttachedFolder, paths: readonly RelativePath[] | undefined): number {
  const session = sessionOf(folder);
  const { index } = folder;
  const kept = keptHere(folder, paths);
  const refused = folder.settings.mode === 'send' ? notTaken(folder, paths) : [];
  const writes = [
    ...kept.map((row) => writeOf(folder, row, row.seen)),
    ...refused.map((path) => writeOf(folder, index.base(path) ?? blank(path), 'everything')),
  ];
  if (writes.length === 0) return 0;
  session.act({ kind: 'resolved', path: undefined }, writes, {
    before: () => {
      for (const row of kept) index.putBase({ ...row, status: 'held', shown: undefined });
    },
    isAccepted: true,
  });
  return writes.length;
}

/** Puts what the group has in place of what is here, which goes into the version store. Returns how many paths that were. */
export function revertHere(folder: AttachedFolder, paths: readonly RelativePath[] | undefined): number {
  const session = sessionOf(folder);
  const { index } = folder;
  const kept = keptHere(folder, paths);
  const refused = folder.settings.mode === 'send' ? notTaken(folder, paths) : [];
  index.transaction(() => {
    for (const row of kept) {
      if (row.observed === undefined) index.removeBase(row.path);
      else index.putBase({ ...row, status: 'held', shown: undefined });
    }
  });
  session.takeAnyway([...kept.map(({ path }) => path), ...refused]);
  return kept.length + refused.length;
}

/** What was changed here and is kept from the others. */
function keptHere({ index }: AttachedFolder, paths: readonly RelativePath[] | undefined): readonly BaseRow[] {
  return all((after) => index.baseByStatus('local-change', after, rowsAtATime)).filter(({ path }) =>
    isAmong(path, paths),
  );
}

/** What others have changed and is not taken here. */
function notTaken({ index }: AttachedFolder, paths: readonly RelativePath[] | undefined): RelativePath[] {
  return all((after) => index.pending(after, rowsAtATime))
    .map(({ path }) => path)
    .filter((path) => isAmong(path, paths));
}

function all<T extends { readonly path: RelativePath }>(
  page: (after: RelativePath | undefined) => readonly T[],
): T[] {
  const found: T[] = [];
  for (let rows = page(undefined); rows.length > 0; rows = page(rows.at(-1)?.path)) found.push(...rows);
  return found;
}

function isAmong(path: RelativePath, paths: readonly RelativePath[] | undefined): boolean {
  return paths === undefined || paths.some((top) => path === top || isBelow(path, top));
}

function writeOf({ index }: AttachedFolder, row: BaseRow, seen: DecidedWrite['seen']): DecidedWrite {
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

function blank(path: RelativePath): BaseRow {
  const seen = { vector: [], except: [] };
  return { path, status: 'held', shown: undefined, content: undefined, seen, observed: undefined };
}
