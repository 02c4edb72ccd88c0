/** Front door of `apply`: makes the disk show what was planned, crash-safe, keeping what it replaces. */
export { type Commit, type CommitContext, commitGroup, isSameButRenamed, type PlaceCommit, type RetireCommit } from './commit.ts';
export { type DirectoryRemoval, makeDirectories, removeDirectories, setMetadata } from './directories.ts';
export type { Outcome } from './outcome.ts';
export { problemOf } from './problems.ts';
export { recoverCommits, sweepStaging } from './recover.ts';
export { modeFor, openPart, type PartFile } from './staging.ts';
