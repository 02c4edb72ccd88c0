import type { BaseRow } from '../model/base-row.ts';
import type { Observed } from '../model/disk.ts';
import type { RelativePath } from '../model/path.ts';
import { seenSetOf } from './seen.ts';
import type { PathView } from './view.ts';

/** The base row of a disk that shows `view`; `undefined` when there is nothing to remember. */
export function rowOfView(
  path: RelativePath,
  view: PathView,
  observed: Observed | undefined,
  diskName?: string,
): BaseRow | undefined {
  if (view.winner === undefined && view.content === undefined) return undefined;
  return {
    path,
    status: view.winner === undefined ? 'implied' : 'held',
    shown: view.winner?.hash,
    content: view.content,
    seen: seenSetOf(view),
    observed,
    ...(diskName === undefined ? {} : { diskName }),
  };
}
