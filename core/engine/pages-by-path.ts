import type { RelativePath } from '../model/path.ts';

/** LIMIT: rows read from the index at a time. */
const rowsAtATime = 1_000;

/** All rows that `page` tells of, which reads `count` of them after a path. */
export function pagesByPath<T extends { readonly path: RelativePath }>(
  page: (after: RelativePath | undefined, count: number) => readonly T[],
): T[] {
  const found: T[] = [];
  for (let rows = page(undefined, rowsAtATime); rows.length > 0; rows = page(rows.at(-1)?.path, rowsAtATime))
    found.push(...rows);
  return found;
}
