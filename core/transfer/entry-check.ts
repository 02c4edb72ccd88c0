import { bytesToHex, equalBytes, hexToBytes } from '../base/pure.ts';
import type { ChangeSet, SignedEntry } from '../file-index/file-index.ts';
import type { Member } from '../model/entry.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import {
  changeSetId,
  checkHashList,
  checkProof,
  decodeEntry,
  entryHash,
  maxListedHashes,
  misshapen,
  type VerifySignature,
  verifyChangeSet,
  type WireChangeSet,
  type WireEntry,
} from '../protocol/protocol.ts';
import { type EntryFrame, isWholeSet } from './entry-frames.ts';

/** Hash lists that came earlier in the same answer, by change set. */
export interface KnownLists {
  readonly lists: Map<Hash, Uint8Array>;
  hashes: number;
}

/** What came of one frame of entries. */
export interface CheckedEntries {
  /** Sets new to this device, or with a list that is new. */
  readonly sets: readonly ChangeSet[];
  readonly entries: readonly SignedEntry[];
  /** Entries were passed over that an honest peer may send: by an author not heard of yet, or of a later format. */
  readonly leftOut: boolean;
}

/** LIMIT: signatures remembered as good, so that a set's head may come in many frames and be verified once. */
const rememberedSignatures = 4096;

/** Checks frames of entries of one folder and peer. */
export interface EntryChecker {
  /** Everything in the frame that may be stored; throws SyncError `peer-misbehaved` if anything in it is not what its author signed, and then none of it may be. */
  check(
    frame: EntryFrame,
    folder: { readonly folderId: FolderId; changeSet(id: Hash): ChangeSet | undefined },
    known: KnownLists,
  ): Promise<CheckedEntries>;
}

/** Lists for a new answer, or for a pushed frame. */
export function noKnownLists(): KnownLists {
  return { lists: new Map(), hashes: 0 };
}

/** A checker that admits the authors `isKnownAuthor` knows. */
export function createEntryChecker(trust: {
  isKnownAuthor(key: DeviceKey): boolean;
  readonly verify: VerifySignature;
}): EntryChecker {
  const goodSignatures = new Set<string>();

  async function checkSignature(wire: WireChangeSet, id: Hash, folderId: FolderId): Promise<void> {
    const name = `${id} ${bytesToHex(wire.signature)}`;
    if (goodSignatures.has(name)) {
      if (wire.hashes !== undefined) checkHashList(wire, wire.hashes);
      return;
    }
    await verifyChangeSet(wire, folderId, trust.verify);
    goodSignatures.add(name);
    for (const oldest of goodSignatures) {
      if (goodSignatures.size <= rememberedSignatures) break;
      goodSignatures.delete(oldest);
    }
  }

  return {
    async check(frame, folder, known) {
      const sets: (ChangeSet | undefined)[] = [];
      const fresh: ChangeSet[] = [];
      const unproved = Map.groupBy(
        frame.entries.filter(({ proof }) => proof === undefined),
        ({ set }) => set,
      );
      let leftOut = false;
      for (const [at, sent] of frame.sets.entries()) {
        if (!trust.isKnownAuthor(sent.author)) {
          leftOut = true;
          sets.push(undefined);
          continue;
        }
        const wire = withList(sent, unproved.get(at) ?? []);
        const id = changeSetId(wire, folder.folderId);
        const stored = folder.changeSet(id);
        if (stored === undefined) await checkSignature(wire, id, folder.folderId);
        else if (wire.hashes !== undefined) checkAgainst(stored, wire.hashes);
        if (wire.hashes !== undefined) remember(known, id, wire.hashes);
        const { author, count, root, signature } = stored ?? wire;
        const hashes = stored?.hashes ?? wire.hashes ?? known.lists.get(id);
        const set = { id, author, count, root, signature, hashes };
        if (stored === undefined || stored.hashes !== hashes) fresh.push(set);
        sets.push(set);
      }
      const entries: SignedEntry[] = [];
      for (const wire of frame.entries) {
        const set = sets[wire.set];
        const entry = set === undefined ? undefined : checkEntry(wire, set);
        if (entry === undefined) leftOut = true;
        else entries.push(entry);
      }
      const named = new Set(entries.map((entry) => entry.changeSet));
      return { sets: fresh.filter((set) => named.has(set.id)), entries, leftOut };
    },
  };
}

/** A set that came without its list, with the one that these entries make if they are all of it. */
function withList(set: WireChangeSet, entries: readonly WireEntry[]): WireChangeSet {
  if (set.hashes !== undefined || !isWholeSet(set.count, entries)) return set;
  const hashes = new Uint8Array(set.count * 32);
  for (const { position, bytes } of entries)
    hashes.set(hexToBytes(entryHash(bytes, set.author)), position * 32);
  return { ...set, hashes };
}

function checkAgainst(stored: ChangeSet, hashes: Uint8Array): void {
  if (stored.hashes === undefined) checkHashList(stored, hashes);
  else if (!equalBytes(stored.hashes, hashes)) throw misshapen('change-set-hashes');
}

function remember(known: KnownLists, id: Hash, hashes: Uint8Array): void {
  if (known.lists.has(id)) return;
  known.hashes += hashes.length / 32;
  if (known.hashes > maxListedHashes) throw misshapen('too-many-hash-lists');
  known.lists.set(id, hashes);
}

function checkEntry(wire: WireEntry, set: ChangeSet): SignedEntry | undefined {
  let member: Member;
  try {
    member = decodeEntry(wire.bytes, set.author);
  } catch (error) {
    if (error instanceof SyncError && error.code === 'version-unsupported') return undefined;
    throw error;
  }
  const at = wire.position * 32;
  const isListed = set.hashes !== undefined && bytesToHex(set.hashes.subarray(at, at + 32)) === member.hash;
  const entry = { member, bytes: wire.bytes, changeSet: set.id, position: wire.position };
  if (isListed) return entry;
  if (set.hashes !== undefined || wire.proof === undefined) throw misshapen('entry-not-in-change-set');
  if (!checkProof(set, wire.position, member.hash, wire.proof)) throw misshapen('entry-proof');
  return { ...entry, proof: wire.proof };
}
