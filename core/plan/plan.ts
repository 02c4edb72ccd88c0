/** Front door: decisions in, ordered and bounded operations out. Pure. */
export type { Displaced, FileSource, Operation } from './operation.ts';
export { type BaseLookup, type FolderPlan, type PlanInput, planFolder } from './plan-folder.ts';
export {
  isMassChange,
  lossOf,
  type MassChangeLimits,
  massChangeLimits,
  massChangeSpanMs,
  mostWithin,
} from './safety-stop.ts';
