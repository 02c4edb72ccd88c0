/** Front door: decisions in, ordered and bounded operations out. Pure. */
export type { Displaced, FileSource, Operation } from './operation.ts';
export { type BaseLookup, type FolderPlan, type PlanInput, planFolder } from './plan-folder.ts';
export { lossesOf, type PlanLosses, safetyCount, safetyShare, safetyStop } from './safety-stop.ts';
