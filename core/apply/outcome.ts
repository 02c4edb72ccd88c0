import type { BaseRow } from '../model/base-row.ts';
import type { Problem } from '../model/problem.ts';
import type { RelativePath } from '../model/path.ts';

/** What became of one operation. */
export type Outcome =
  /** The disk shows it and the index knows. `retired` is the file it took away, if one is kept. */
  | {
      readonly kind: 'done';
      readonly path: RelativePath;
      readonly base: BaseRow | undefined;
      readonly retired?: Retired;
    }
  /** The disk is no longer as the index knew it: nothing was touched, the outward path goes first. */
  | { readonly kind: 'changed-underneath'; readonly path: RelativePath }
  /** It could not be done; nothing was lost. */
  | { readonly kind: 'problem'; readonly path: RelativePath; readonly problem: Problem };

/** A file a commit has just moved into the version store: whoever still has it open may go on writing to it there. */
export interface Retired {
  readonly path: RelativePath;
  /** The number of its kept version. */
  readonly versionId: number;
  /** The row it had: what a write through an open handle stands upon. */
  readonly row: BaseRow;
}
