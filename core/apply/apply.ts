/** Front door of `apply`: makes the disk show what was planned, crash-safe, keeping what it replaces. */
export {
  type Commit,
  type CommitContext,
  isSameButRenamed,
  type PlaceCommit,
  type RetireCommit,
} from './commit.ts';
export { commitGroup } from './commit-group.ts';
export { type EditedStretch, editedStretches } from './edited-stretches.ts';
export { type DirectoryRemoval, makeDirectories, removeDirectories } from './directories.ts';
export { type MetadataChange, setMetadata } from './metadata.ts';
export type { Outcome, Retired } from './outcome.ts';
export { versionName } from './private-names.ts';
export { problemOf } from './problems.ts';
export { recoverCommits } from './recover.ts';
export { respell, type Respelling } from './respell.ts';
export { createRetiredWatch, type LateWrite, type RetiredWatch } from './retired.ts';
export type { PartSource } from './part-sources.ts';
export { modeFor, openPart, type PartFile } from './staging.ts';
export { adoptOrphans, type HashFile, sweepStaging } from './sweep.ts';
