import type { BaseRow } from '../model/base-row.ts';
import type { Member } from '../model/entry.ts';
import type { RelativePath } from '../model/path.ts';
import type { WantedFile, WantedSymlink } from '../reconcile/reconcile.ts';

/** Something on disk that an operation takes away, and the row its path has afterwards (undefined: none). */
export interface Displaced {
  /** The row of what is there now: the identity to check before the disk is touched. */
  readonly row: BaseRow;
  /** The row to record at `row.path` afterwards; `observed` is undefined, since nothing of it is left there. */
  readonly leaves: BaseRow | undefined;
}

/**
 * Where a file's bytes come from. `fetch`: chunks found here or on peers. `move`: the file standing at `from` goes into staging and
 * comes out at the new path; both rows change in one transaction. `copy`: a file that stands at `path` when the operation's turn
 * comes. `kept`: an earlier operation of this plan has just put these bytes into the version store. If what `copy` or `kept` names is
 * missing, `fetch` is always right.
 */
export type FileSource =
  | { readonly kind: 'fetch' }
  | { readonly kind: 'move'; readonly from: Displaced }
  | { readonly kind: 'copy'; readonly path: RelativePath }
  | { readonly kind: 'kept' };

/**
 * One step towards the view. Each is safe by itself: checked against the identity in its rows, old content into the version store,
 * and done again or left out without harm after a stop. `becomes` is the row to record at `path`, with `observed` (and `diskName`, where
 * the disk spells otherwise) filled in from the disk; in `adopt` and `hold-back` the row is complete.
 */
export type Operation =
  /** Only the row changes. */
  | { readonly kind: 'adopt'; readonly path: RelativePath; readonly becomes: BaseRow | undefined }
  /** The path is not taken on, or given up: only the row changes. */
  | { readonly kind: 'hold-back'; readonly path: RelativePath; readonly becomes: BaseRow }
  /** Gives a thing on disk another spelling in the same slot of its directory, through a temporary name; for a directory, with all it holds. */
  | {
      readonly kind: 'respell';
      readonly path: RelativePath;
      readonly from: Displaced;
      readonly becomes: BaseRow;
    }
  /** Puts a file or symlink into the version store. */
  | {
      readonly kind: 'retire';
      readonly path: RelativePath;
      readonly from: Displaced;
      /** The entry that wants it gone, if one does. */
      readonly member: Member | undefined;
      readonly reason: 'deleted' | 'replaced';
    }
  /** Makes a directory; if one stands there already that is fine. Its status in `becomes` says whether it is held or implied. */
  | { readonly kind: 'make-directory'; readonly path: RelativePath; readonly becomes: BaseRow }
  | {
      readonly kind: 'place-file';
      readonly path: RelativePath;
      readonly member: Member;
      readonly wanted: WantedFile;
      readonly source: FileSource;
      /** The file or symlink it takes the place of; `row.path` differs from `path` when only the spelling does: then the name changes too. */
      readonly replaces: Displaced | undefined;
      readonly becomes: BaseRow;
    }
  | {
      readonly kind: 'place-symlink';
      readonly path: RelativePath;
      readonly member: Member;
      readonly wanted: WantedSymlink;
      /** As in `place-file`. */
      readonly replaces: Displaced | undefined;
      readonly becomes: BaseRow;
    }
  /** Sets mode and modification time of a file whose bytes stay. */
  | {
      readonly kind: 'set-metadata';
      readonly path: RelativePath;
      readonly member: Member;
      readonly wanted: WantedFile;
      readonly replaces: BaseRow;
      readonly becomes: BaseRow;
    }
  /** Removes an empty directory; if something ignored or unknown is in it, it stays and `lingers` is recorded with its `observed`. */
  | {
      readonly kind: 'remove-directory';
      readonly path: RelativePath;
      readonly from: Displaced;
      readonly lingers: BaseRow;
    };
