import type { RelativePath } from './path.ts';

/** Why one path is not in step here, or could not be looked at. Sync of everything else goes on. */
export type ProblemKind =
  | 'unreadable'
  | 'unwritable'
  | 'name-not-text'
  | 'name-too-long'
  | 'name-clash'
  | 'name-not-allowed'
  | 'name-reserved'
  | 'special-file'
  | 'link-target-not-text'
  | 'nested-mount'
  | 'changing'
  | 'no-space'
  | 'disk-error'
  | 'no-holder'
  | 'lingering'
  | 'kind-not-supported'
  | 'past-too-large'
  | 'mass-change'
  | 'local-change'
  | 'read-only'
  | 'ignored-change'
  | 'not-taken';

/** One path's trouble. */
export interface Problem {
  readonly kind: ProblemKind;
  /** The path, or undefined for something whose name is no path; then `where` tells. */
  readonly path: RelativePath | undefined;
  /** What to show for it: a disk name made printable. */
  readonly where: string;
  /** The system's own code, such as `EACCES`, where there is one. */
  readonly cause?: string;
}
