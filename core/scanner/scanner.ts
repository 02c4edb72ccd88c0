/** Front door of `scanner`: what is on disk, and how it differs from what was last recorded. */
export { compareListing, type ListingChanges, type ObservedChange } from './compare-listing.ts';
export {
  ignoreFile,
  type IgnorePattern,
  ignorePatterns,
  type IgnoreRules,
  makeIgnoreRules,
} from './ignore-rules.ts';
export { createInlineScanService } from './inline-scan-service.ts';
export type { DirectoryListing, ListedEntry, WalkRequest } from './listing.ts';
export type { HashRequest, HashResult, ReadSoFar, ScanService } from './scan-service.ts';
export { createSettler, type SettledPath, type Settler } from './settle.ts';
export { createThreadScanService } from './thread-scan-service.ts';
export { walkDirectory } from './walk.ts';
