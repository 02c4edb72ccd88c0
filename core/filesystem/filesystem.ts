/** Front door of `filesystem`: the only room that touches a disk or names a place on one. */
export { appendDurably } from './append-log.ts';
export { readWholeFile, writeFileAtomically } from './atomic-write.ts';
export { createWatcher } from './create-watcher.ts';
export {
  componentsBetween,
  diskPath,
  isInside,
  isInsideOnDisk,
  joinDisk,
  nameOfDisk,
  parentDisk,
  resolveUserPath,
} from './disk-path.ts';
export { type DiskTraits, probeDisk } from './disk-probe.ts';
export { type DiskRoot, type FolderMarker, openDiskRoot, type ParentFault } from './disk-root.ts';
export {
  DiskError,
  type DiskPath,
  type FileSystem,
  type ListedName,
  type ReadHandle,
  type WriteHandle,
} from './file-system.ts';
export { acquireHomeLock, type HomeLock } from './home-lock.ts';
export { checkName, foldName, type Folding, type NameFault, type NameRules } from './name-rules.ts';
export { createNodeFileSystem } from './node-file-system.ts';
export { removeQuietly } from './remove-quietly.ts';
export type { Watch, Watcher, WatchHint } from './watcher-interface.ts';
