import type { BaseRow } from '../model/base-row.ts';
import type { Operation } from './operation.ts';

/** How much of a folder a plan takes away. */
export interface PlanLosses {
  /** Files and symlinks that go and are not moved elsewhere. */
  readonly removals: number;
  /** Files and symlinks whose content is replaced. */
  readonly replacements: number;
}

/** LIMIT: a quarter of what is here is more than people usually delete on purpose, and the share at which asking is not yet noise. */
export const safetyShare = 0.25;
/** LIMIT: up to this many a person restores by hand from the version store; asking about less would teach them to say yes. */
export const safetyCount = 100;

/** Counts what `operations` would take from the disk [PL12]; an empty file is no loss. */
export function lossesOf(operations: readonly Operation[]): PlanLosses {
  let removals = 0;
  let replacements = 0;
  for (const operation of operations) {
    if (operation.kind === 'retire') {
      if (isEmptyFile(operation.from.row)) continue;
      if (operation.reason === 'deleted') removals += 1;
      else replacements += 1;
    } else if ((operation.kind === 'place-file' || operation.kind === 'place-symlink') && operation.replaces)
      replacements += 1;
  }
  return { removals, replacements };
}

/**
 * Whether a plan may go ahead or a person is to be asked [PL13]: it asks when removals and replacements together are more than both
 * `share` of the held files and `count`, or take every one of more than two files.
 */
export function safetyStop(
  plan: PlanLosses & {
    readonly heldFiles: number;
    readonly share?: number;
    readonly count?: number;
  },
): 'go' | 'ask' {
  const { removals, replacements, heldFiles, share = safetyShare, count = safetyCount } = plan;
  const lost = removals + replacements;
  if (heldFiles > 2 && removals >= heldFiles) return 'ask';
  return lost > count && lost > heldFiles * share ? 'ask' : 'go';
}

function isEmptyFile({ content }: BaseRow): boolean {
  return content?.kind === 'file' && content.sizeBytes === 0;
}
