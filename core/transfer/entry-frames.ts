import { invariant } from '../base/pure.ts';
import type { ChangeSet, SignedEntry } from '../file-index/file-index.ts';
import type { Hash } from '../model/ids.ts';
import {
  type ChangeSetTree,
  changeSetTree,
  maxListedHashes,
  proofLength,
  type WireChangeSet,
  type WireEntry,
} from '../protocol/protocol.ts';

/** LIMIT: entries in one frame this device sends: also the batch its receiver stores in one transaction. */
const frameEntries = 512;
/** LIMIT: bytes of entries in one frame, so that with signatures, proofs and lists it stays far below what a frame may have. */
const frameEntryBytes = 128 * 1024;
/** LIMIT: hash lists in one frame, 32 KiB each. */
const frameLists = 8;
/** LIMIT: trees kept to make proofs from, 64 KiB each. */
const keptTrees = 32;
/** How many more frames like this one are expected while an answer goes on: a list pays off sooner then. */
const expectedFrames = 4;

/** The part of a message that carries entries. */
export interface EntryFrame {
  readonly sets: readonly WireChangeSet[];
  readonly entries: readonly WireEntry[];
}

/**
 * Turns entries into frames of one answer, each entry with what proves it: the rest of its set beside it, its set's hash list once, or its own
 * Merkle path, whichever is least.
 */
export interface EntryPacker {
  /** `entries` (one of {@link inFrames}) as one frame; `more` tells that others of the same answer will follow. */
  pack(entries: readonly SignedEntry[], more: boolean): EntryFrame;
}

/** Whether these are all entries of a set of `count`: then they make its hash list. */
export function isWholeSet(count: number, entries: readonly { readonly position: number }[]): boolean {
  return new Set(entries.map(({ position }) => position)).size === count;
}

/** Cuts entries into frames, in order; those of one set that stand together are only cut where no frame could have them all. */
export function inFrames(entries: readonly SignedEntry[]): SignedEntry[][] {
  const frames: SignedEntry[][] = [];
  let bytes = 0;
  for (const run of runsOf(entries)) {
    const last = frames.at(-1);
    if (last !== undefined && isRoom(last.length + run.entries.length, bytes + run.bytes)) {
      last.push(...run.entries);
      bytes += run.bytes;
    } else {
      frames.push(run.entries);
      bytes = run.bytes;
    }
  }
  return frames;
}

/** Entries of one set that stand together, as many as a frame may have. */
function runsOf(entries: readonly SignedEntry[]): { entries: SignedEntry[]; bytes: number }[] {
  const runs: { entries: SignedEntry[]; bytes: number }[] = [];
  for (const entry of entries) {
    const { length } = entry.bytes;
    const last = runs.at(-1);
    const isNext = entry.changeSet === last?.entries[0]?.changeSet;
    if (last !== undefined && isNext && isRoom(last.entries.length + 1, last.bytes + length)) {
      last.entries.push(entry);
      last.bytes += length;
    } else runs.push({ entries: [entry], bytes: length });
  }
  return runs;
}

function isRoom(entries: number, bytes: number): boolean {
  return entries <= frameEntries && bytes <= frameEntryBytes;
}

/** A packer for one answer, or for one pushed frame. */
export function createEntryPacker(changeSet: (id: Hash) => ChangeSet | undefined): EntryPacker {
  const listed = new Set<Hash>();
  let listedHashes = 0;
  const provedBytes = new Map<Hash, number>();
  const trees = new Map<Hash, ChangeSetTree>();

  function proofOf(entry: SignedEntry, set: ChangeSet): Uint8Array {
    if (set.hashes === undefined) {
      invariant(entry.proof !== undefined, 'an entry whose set has no hash list has its proof');
      return entry.proof;
    }
    const tree = trees.get(set.id) ?? changeSetTree(set.hashes);
    trees.delete(set.id);
    trees.set(set.id, tree);
    for (const oldest of trees.keys()) {
      if (trees.size <= keptTrees) break;
      trees.delete(oldest);
    }
    return tree.proofFor(entry.position);
  }

  return {
    pack(entries, more) {
      const bySet = Map.groupBy(entries, (entry) => entry.changeSet);
      const sets: WireChangeSet[] = [];
      const wireEntries: WireEntry[] = [];
      let lists = 0;
      for (const [id, members] of bySet) {
        const set = changeSet(id);
        invariant(set !== undefined, 'every entry has its change set');
        const proofBytes =
          (provedBytes.get(id) ?? 0) +
          members.reduce((sum, member) => sum + proofLength(set.count, member.position), 0);
        const isWhole = isWholeSet(set.count, members);
        const isWorthList = !isWhole && proofBytes * (more ? expectedFrames : 1) > set.count * 32;
        const isRoom = lists < frameLists && listedHashes + set.count <= maxListedHashes;
        let hashes: Uint8Array | undefined;
        if (!listed.has(id) && set.hashes !== undefined && isWorthList && isRoom) {
          hashes = set.hashes;
          lists += 1;
          listed.add(id);
          listedHashes += set.count;
        }
        const isProved = isWhole || listed.has(id);
        if (!isProved) provedBytes.set(id, proofBytes);
        const { author, count, root, signature } = set;
        for (const member of members)
          wireEntries.push({
            set: sets.length,
            position: member.position,
            bytes: member.bytes,
            proof: isProved ? undefined : proofOf(member, set),
          });
        sets.push({ author, count, root, signature, hashes });
      }
      return { sets, entries: wireEntries };
    },
  };
}
