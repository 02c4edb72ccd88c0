import type { WalkRequest } from './listing.ts';
import type { PackedListings } from './pack-listings.ts';
import type { HashRequest, HashResult, ReadSoFar } from './scan-service.ts';

/** LIMIT: how many batches of a job may be on their way before one must have been taken. */
export const batchesUnderway = 4;

/** What a job is to do. */
export type ScanWork =
  | { readonly kind: 'walk'; readonly request: WalkRequest }
  | { readonly kind: 'hash'; readonly requests: readonly HashRequest[] };

/** What the scan thread is told. */
export type ScanOrder =
  | { readonly kind: 'start'; readonly job: number; readonly work: ScanWork }
  /** One batch has been taken: another may follow. */
  | { readonly kind: 'taken'; readonly job: number }
  | { readonly kind: 'stop'; readonly job: number };

/** What the scan thread tells. */
export type ScanNews =
  | { readonly kind: 'listings'; readonly job: number; readonly packed: PackedListings }
  | { readonly kind: 'hashed'; readonly job: number; readonly results: readonly HashResult[] }
  | ({ readonly kind: 'reading'; readonly job: number } & ReadSoFar)
  | { readonly kind: 'done'; readonly job: number }
  /** The job threw what it should not: a bug. `what` is the error's stack. */
  | { readonly kind: 'broken'; readonly job: number; readonly what: string };
