import { inPages } from '../base/pure.ts';
import type { BaseRow } from '../model/base-row.ts';
import { isBelow, type RelativePath } from '../model/path.ts';
import type { AttachedFolder } from './folders.ts';
import { holdAgain, localChanges, writeOfRow } from './local-changes.ts';
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
  const refused = folder.mode === 'send' ? notTaken(folder, paths) : [];
  const writes = [
    ...kept.map((row) => writeOfRow(index, row, row.seen)),
    ...refused.map((path) => writeOfRow(index, index.base(path) ?? blank(path), 'everything')),
  ];
  if (writes.length === 0) return 0;
  session.act({ kind: 'resolved', path: undefined }, writes, {
    before: () => holdAgain(index, kept),
    isAccepted: true,
  });
  return writes.length;
}

/** Puts what the group has in place of what is here, which goes into the version store. Returns how many paths that were. */
export function revertHere(folder: AttachedFolder, paths: readonly RelativePath[] | undefined): number {
  const session = sessionOf(folder);
  const { index } = folder;
  const kept = keptHere(folder, paths);
  const refused = folder.mode === 'send' ? notTaken(folder, paths) : [];
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
  return localChanges(index).filter(({ path }) => isAmong(path, paths));
}

/** What others have changed and is not taken here. */
function notTaken({ index }: AttachedFolder, paths: readonly RelativePath[] | undefined): RelativePath[] {
  const page = (last: { readonly path: RelativePath } | undefined) => index.pending(last?.path, rowsAtATime);
  return [...inPages(page)].map(({ path }) => path).filter((path) => isAmong(path, paths));
}

function isAmong(path: RelativePath, paths: readonly RelativePath[] | undefined): boolean {
  return paths === undefined || paths.some((top) => path === top || isBelow(path, top));
}

function blank(path: RelativePath): BaseRow {
  const seen = { vector: [], except: [] };
  return { path, status: 'held', shown: undefined, content: undefined, seen, observed: undefined };
}
