import type { FolderIndex } from '../file-index/file-index.ts';
import { type IndexRun, maxIndexRuns } from '../protocol/protocol.ts';

/** Runs of this index, newest last, and the latest of every other incarnation that was told of. */
const ownFact = 'runs';
const othersFact = 'runs-of-others';
/** LIMIT: runs of this index remembered. */
const maxOwnRuns = 64;

/**
 * What a peer's word about the runs of indexes says: `rolled-back-here`, it knows a run of this very index that this index does not, so this one is an old copy;
 * `rolled-back-there`, the peer's own index is one; `fine` else.
 */
export type RunVerdict = 'fine' | 'rolled-back-here' | 'rolled-back-there';

/** Which run of which index devices have seen, so that a restored or copied index is noticed before it gives out a counter twice. */
export interface IndexRuns {
  /** All of them, this index's own first. */
  all(): readonly IndexRun[];
  /** Takes in what a peer says, its own first; durable. */
  heard(told: readonly IndexRun[]): RunVerdict;
}

/**
 * Begins a run of an index; durable. `run` is drawn at random, `generation` rises with every run of one index file that others may have heard of: one that was ended
 * before makes way for the next.
 */
export function beginIndexRun(index: FolderIndex, own: IndexRun): void {
  const runs = readRuns(index, ownFact).filter(
    ({ incarnation, generation }) => incarnation === own.incarnation && generation < own.generation,
  );
  index.transaction(() => index.setFact(ownFact, JSON.stringify([...runs, own].slice(-maxOwnRuns))));
}

/** Opens what the index knows of runs; one must have begun. */
export function openIndexRuns(index: FolderIndex): IndexRuns {
  const own = readRuns(index, ownFact);
  const current = own.at(-1);
  let others = readRuns(index, othersFact);

  const judgeOwn = (told: IndexRun): RunVerdict => {
    const same = own.find(({ generation }) => generation === told.generation);
    if (same !== undefined) return same.run === told.run ? 'fine' : 'rolled-back-here';
    return told.generation > (current?.generation ?? 0) ? 'rolled-back-here' : 'fine';
  };
  const isOlder = (told: IndexRun): boolean => {
    const known = others.find(({ incarnation }) => incarnation === told.incarnation);
    if (known === undefined) return false;
    return (
      known.generation > told.generation || (known.generation === told.generation && known.run !== told.run)
    );
  };

  return {
    all: () => (current === undefined ? [] : [current, ...others]).slice(0, maxIndexRuns),
    heard(told) {
      const aboutMe = told.filter(({ incarnation }) => incarnation === current?.incarnation);
      if (aboutMe.some((each) => judgeOwn(each) === 'rolled-back-here')) return 'rolled-back-here';
      const [theirs] = told;
      if (theirs !== undefined && theirs.incarnation !== current?.incarnation && isOlder(theirs))
        return 'rolled-back-there';
      const fresh = told.filter(
        (each) =>
          each.incarnation !== current?.incarnation &&
          !others.some(
            (known) => known.incarnation === each.incarnation && known.generation >= each.generation,
          ),
      );
      if (fresh.length > 0) {
        const names = new Set(fresh.map(({ incarnation }) => incarnation));
        others = [...others.filter(({ incarnation }) => !names.has(incarnation)), ...fresh].slice(
          -maxIndexRuns,
        );
        index.transaction(() => index.setFact(othersFact, JSON.stringify(others)));
      }
      return 'fine';
    },
  };
}

function readRuns(index: FolderIndex, fact: string): readonly IndexRun[] {
  return JSON.parse(index.fact(fact) ?? '[]') as IndexRun[];
}
