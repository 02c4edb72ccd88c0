import type { BaseRow } from '../model/base-row.ts';
import type { Problem } from '../model/problem.ts';
import type { RelativePath } from '../model/path.ts';

/** What became of one operation. */
export type Outcome =
  /** The disk shows it and the index knows. */
  | { readonly kind: 'done'; readonly path: RelativePath; readonly base: BaseRow | undefined }
  /** The disk is no longer as the index knew it: nothing was touched, the outward path goes first. */
  | { readonly kind: 'changed-underneath'; readonly path: RelativePath }
  /** It could not be done; nothing was lost. */
  | { readonly kind: 'problem'; readonly path: RelativePath; readonly problem: Problem };
