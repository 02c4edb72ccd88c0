import type { FolderIndex } from '../file-index/file-index.ts';
import type { Problem } from '../model/problem.ts';
import type { FolderMode } from './folder-rules.ts';

/** LIMIT: paths listed; the counts are of all. */
const maxListed = 1_000;

/** What is not in step because the folder goes one way only, or because this device may only read it, as problems. */
export function oneWayProblems(
  index: FolderIndex,
  { mode, isReader }: { readonly mode: FolderMode; readonly isReader: boolean },
): readonly Problem[] {
  switch (mode) {
    case 'both':
      return [];
    case 'receive':
      return index
        .baseByStatus('local-change', undefined, maxListed)
        .map(({ path }): Problem => ({ kind: isReader ? 'read-only' : 'local-change', path, where: path }));
    case 'send':
      return index
        .pending(undefined, maxListed)
        .map(({ path }): Problem => ({ kind: 'not-taken', path, where: path }));
  }
}
