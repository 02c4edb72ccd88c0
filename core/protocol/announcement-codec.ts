import { bytesToHex, hexToBytes } from '../base/pure.ts';
import type { BaseStatus } from '../model/base-row.ts';
import type { DeviceKey, FolderId, Hash, IncarnationId } from '../model/ids.ts';
import type { Dot, VectorItem } from '../model/past.ts';
import { nameOfCode, readFolderId } from './answer-status.ts';
import type { CborValue } from './cbor.ts';
import {
  misshapen,
  readBytes,
  readDeviceKey,
  readHash,
  readHashOrNone,
  readInteger,
  readList,
  readTuple,
} from './cbor-read.ts';
import { dotsToCbor, readDot, readDots, readFlag } from './entry-codec.ts';
import { noBytes, optionalBytes } from './hash-bytes.ts';
import { maxApprovals, maxIndexRuns, maxLeftOut, maxVectorIncarnations } from './limits.ts';

/** Why paths are not held; `other` is a reason of a later version. */
export type NotHeldReason = Exclude<BaseStatus, 'held'> | 'other';

/** What one device says of one folder: all of it read at one moment. */
export interface Announcement {
  readonly folderId: FolderId;
  /** Root of the trie over the state, and the floor once there is one. */
  readonly stateRoot: Hash;
  /** Up to which counters tombstones may be forgotten; empty while none may. */
  readonly floor: readonly VectorItem[];
  /** Digest of what is quarantined, undefined if nothing is. */
  readonly quarantine: Hash | undefined;
  /** For each incarnation, the counter up to which this device holds every write or one that dominates it. */
  readonly context: readonly VectorItem[];
  /** Root of the trie over what the disk shows and can serve. */
  readonly materialisedRoot: Hash;
  readonly heldPaths: number;
  /** Paths the disk should show and does not yet, and the bytes still to come for them as far as known. */
  readonly needPaths: number;
  readonly needBytes: number;
  /** How many paths are not held, by reason, in the order of the reasons' codes. */
  readonly notHeld: readonly { readonly reason: NotHeldReason; readonly paths: number }[];
  /** Still looking through the disk, or with changes of its own that are no entries yet. */
  readonly busy: boolean;
  /** Up to which writes persons have allowed devices to remove and replace much; in any order. */
  readonly approvals: readonly Approval[];
  /** What the device knows of devices' words on what their disks have shown, as a digest, see `appliedDigest`; undefined if it knows none. */
  readonly applied: Hash | undefined;
  /** The latest run that this device knows of each index of the folder, that of its own first; empty if it tells of none. */
  readonly runs: readonly IndexRun[];
  /** The top directories that this device does not hold by its person's choice: how their keys begin, 8 hexadecimal digits, ascending. */
  readonly leftOut: readonly string[];
  /** Root of the materialised trie without the top directories that the receiver leaves out; undefined if it leaves out none. */
  readonly commonRoot: Hash | undefined;
}

/** One run of one index file: `generation` rises with each, `run` is drawn at random, 16 digits. */
export interface IndexRun {
  readonly incarnation: IncarnationId;
  readonly generation: number;
  readonly run: string;
}

/** A person's word, on any device but the author's, that what it removes and replaces up to this write of an incarnation is meant. */
export interface Approval extends Dot {
  readonly author: DeviceKey;
}

const reasonCodes: Readonly<Record<NotHeldReason, number>> = {
  other: 0,
  ignored: 1,
  unselected: 2,
  name: 3,
  space: 4,
  kind: 5,
  implied: 6,
  lingering: 7,
  waiting: 8,
  'local-change': 9,
};
/** Bytes of a key that are those of the path's top component. */
const topBytes = 4;
const big = Number.MAX_SAFE_INTEGER;

/** The fields of an announcement after its type. */
export function announcementToCbor(a: Announcement): CborValue[] {
  return [
    hexToBytes(a.folderId),
    hexToBytes(a.stateRoot),
    dotsToCbor(a.floor),
    optionalBytes(a.quarantine),
    dotsToCbor(a.context),
    hexToBytes(a.materialisedRoot),
    [a.heldPaths, a.needPaths, a.needBytes],
    a.notHeld.map(({ reason, paths }) => [reasonCodes[reason], paths]),
    a.busy ? 1 : 0,
    a.approvals.map(({ author, incarnation, counter }) => [
      hexToBytes(author),
      hexToBytes(incarnation),
      counter,
    ]),
    optionalBytes(a.applied),
    a.runs.map(({ incarnation, generation, run }) => [hexToBytes(incarnation), generation, hexToBytes(run)]),
    hexToBytes(a.leftOut.join('')),
    optionalBytes(a.commonRoot),
  ];
}

/** The announcement in the fields of a message, its type first. Throws SyncError `peer-misbehaved`. */
export function readAnnouncement(fields: readonly CborValue[]): Announcement {
  const count = (value: CborValue | undefined): number => readInteger(value, 0, big, 'counts');
  const counts = readList(fields[7], 3, 16, count, 'counts');
  return {
    folderId: readFolderId(fields[1]),
    stateRoot: readHash(fields[2], 'state-root'),
    floor: readVector(fields[3], 'floor'),
    quarantine: readHashOrNone(fields[4], 'quarantine'),
    context: readVector(fields[5], 'context'),
    materialisedRoot: readHash(fields[6], 'materialised-root'),
    heldPaths: counts[0] as number,
    needPaths: counts[1] as number,
    needBytes: counts[2] as number,
    notHeld: readList(
      fields[8],
      0,
      32,
      (item) => {
        const [code, paths] = readList(item, 2, 2, count, 'not-held');
        return { reason: nameOfCode(reasonCodes, code as number, 'other'), paths: paths as number };
      },
      'not-held',
    ),
    busy: readFlag(fields[9], 'busy'),
    approvals: readList(fields[10] ?? [], 0, maxApprovals, readApproval, 'approvals'),
    applied: readHashOrNone(fields[11] ?? noBytes, 'applied'),
    runs: readList(fields[12] ?? [], 0, maxIndexRuns, readRun, 'runs'),
    leftOut: readTops(fields[13] ?? noBytes),
    commonRoot: readHashOrNone(fields[14] ?? noBytes, 'common-root'),
  };
}

function readRun(value: CborValue): IndexRun {
  const [incarnation, generation, run] = readTuple(value, 3, 'runs');
  return {
    incarnation: bytesToHex(readBytes(incarnation, 8, 8, 'runs')) as IncarnationId,
    generation: readInteger(generation, 1, big, 'runs'),
    run: bytesToHex(readBytes(run, 8, 8, 'runs')),
  };
}

function readTops(value: CborValue): readonly string[] {
  const packed = bytesToHex(readBytes(value, 0, maxLeftOut * topBytes, 'left-out'));
  if (packed.length % (topBytes * 2) !== 0) throw misshapen('left-out');
  return packed.match(/.{8}/g) ?? [];
}

function readApproval(value: CborValue): Approval {
  const [author, incarnation, counter] = readTuple(value, 3, 'approvals');
  return { author: readDeviceKey(author, 'approvals'), ...readDot(incarnation, counter) };
}

/** Reads a context, a floor or what a device has applied. Throws SyncError `peer-misbehaved`. */
export function readVector(value: CborValue | undefined, what: string): VectorItem[] {
  const vector = readDots(value, maxVectorIncarnations, what);
  for (let i = 1; i < vector.length; i++)
    if (vector[i]?.incarnation === vector[i - 1]?.incarnation) throw misshapen(what);
  return vector;
}
