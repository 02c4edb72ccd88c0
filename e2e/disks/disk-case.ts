import type { DiskTraits } from './disk-kinds.ts';
import type { DiskPair } from './disk-pair.ts';

/** Something that happens to a folder whose other half lies on the disk under test. */
export interface DiskCase {
  readonly name: string;
  /** Whether such a disk can have it at all; every one if not given. */
  readonly when?: (traits: DiskTraits) => boolean;
  /** Whether all disks are alike in it, so that one kind will do. */
  readonly once?: boolean;
  readonly run: (pair: DiskPair) => Promise<void>;
}
