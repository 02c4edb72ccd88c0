import type { SeededRandom } from './seeded-random.ts';
import type { DiskTraits } from './world-machine.ts';

/** Disks on which two spellings can be one name, as on macOS and Windows. */
const foldingDisks: readonly DiskTraits[] = [
  { caseInsensitive: true, normalisation: 'insensitive' },
  { normalisation: 'nfd' },
  { nameRules: 'windows', caseInsensitive: true, modes: false, exchange: false },
];

/** A disk that a machine of a world may have; with `isFoldingToo` one that folds names is among those to choose from. */
export function someDisk(random: SeededRandom, isFoldingToo: boolean): DiskTraits {
  return random.pick<DiskTraits>([
    {},
    {},
    { hardLinks: false },
    { exchange: false },
    { exchange: false, hardLinks: false },
    { timeGranularityNs: 2_000_000_000n },
    { modes: false },
    { symlinks: false, modes: false, hardLinks: false, exchange: false, timeGranularityNs: 2_000_000_000n },
    ...(isFoldingToo ? foldingDisks : []),
  ]);
}
