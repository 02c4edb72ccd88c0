import type { Observed } from './disk.ts';
import type { Content } from './entry.ts';
import type { Hash } from './ids.ts';
import type { Past } from './past.ts';
import type { RelativePath } from './path.ts';

/**
 * Whether this disk shows the path as the view wants it, or why not.
 * `ignored` by the ignore rules, `unselected` top directory, `name` this disk cannot hold beside another, `space` is short,
 * `kind` cannot exist on this disk, `implied` directory that exists only for what lives below it, `lingering` directory the view no longer
 * wants that holds something ignored or unknown, `waiting` for a person, `local-change` kept here only.
 */
export type BaseStatus =
  | 'held'
  | 'ignored'
  | 'unselected'
  | 'name'
  | 'space'
  | 'kind'
  | 'implied'
  | 'lingering'
  | 'waiting'
  | 'local-change';

/** Whether rules kept the path out: what its row says of the disk may be long over. */
export function wasLeftOut({ status }: Pick<BaseRow, 'status'>): boolean {
  return status === 'ignored' || status === 'unselected';
}

/** What this device last made true at a path. */
export interface BaseRow {
  readonly path: RelativePath;
  readonly status: BaseStatus;
  /** Hash of the entry shown; undefined where no entry is shown (an implied or lingering directory, nothing yet). */
  readonly shown: Hash | undefined;
  /** What the shown entry put there; undefined where nothing is. */
  readonly content: Content | undefined;
  /** The writes that were before the user's eyes here: what their next write will stand upon. */
  readonly seen: Past;
  /** The disk's own account after the last commit or scan; undefined where nothing is on disk. */
  readonly observed: Observed | undefined;
  /** The last component as this disk spells it, when it differs from the path's. */
  readonly diskName?: string;
}

/** What of a row a listing is compared with. */
export type BaseLook = Pick<BaseRow, 'path' | 'status' | 'observed' | 'diskName'>;

/**
 * What a commit is about to do at a path, recorded before it is done. It only tells which disk states are ours;
 * it is never carried out blindly and never believed over the disk.
 */
export interface Intent {
  readonly path: RelativePath;
  /** Name in the staging directory of what is to come, or undefined when something is only to go. */
  readonly stagedName: string | undefined;
  /** Identity of what is to come, as staged. */
  readonly staged: Observed | undefined;
  /** Identity of what is to be replaced, undefined if nothing is there. */
  readonly replaced: Observed | undefined;
  /** The name the replaced file gets in the version store, and whether it is to stay there. */
  readonly version: { readonly storedName: string; readonly keep: boolean } | undefined;
  /** The base row to be recorded once the disk shows it; undefined when the path is to be given up. */
  readonly becomes: BaseRow | undefined;
}
