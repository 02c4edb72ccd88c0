/** Front door: what is at a path, what the user had seen there, and what a change on either side means. Pure. */
export {
  type AdoptReason,
  classifyPath,
  type Finding,
  type ScannedPath,
  type WriteReason,
} from './classify.ts';
export { rowOfView } from './row-of-view.ts';
export { prefixOfContent } from './content-prefix.ts';
export {
  type Decision,
  decideInward,
  type InwardPath,
  type Obstacle,
  type WantedFile,
  type WantedSymlink,
} from './inward.ts';
export {
  type ComingFloor,
  isForgettable,
  nextFloor,
  type Vector,
  withoutForgotten,
  withoutOld,
} from './floor.ts';
export { type MergedMembers, mergeMembers } from './merge.ts';
export { type LeftBehind, leftBehind } from './moves.ts';
export { maxMembers, resolvePast, seenSetOf, unionOf, writePast } from './seen.ts';
export { type PathView, viewOf } from './view.ts';
export {
  type EditedFrom,
  fromOfWrite,
  isClockDistrusted,
  maxClockLeadMs,
  stampChange,
  stampFound,
} from './write-facts.ts';
