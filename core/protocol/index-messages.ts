import { concatBytes, hexToBytes, unreachable } from '../base/pure.ts';
import type { FolderId, Hash } from '../model/ids.ts';
import { type Announcement, announcementToCbor, readAnnouncement } from './announcement-codec.ts';
import { type AppliedStatement, appliedToCbor, maxAppliedStatements, readApplied } from './applied-codec.ts';
import { type AnswerStatus, nameOfCode, readFolderId, readStatus, statusCodes } from './answer-status.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from './cbor.ts';
import {
  misshapen,
  readBytes,
  readBytesOrNone,
  readChoice,
  readDeviceKey,
  readHash,
  readInteger,
  readList,
} from './cbor-read.ts';
import type { WireChangeSet } from './change-set.ts';
import { chunkListToCbor, readChunkList } from './chunk-list.ts';
import { type ChunksAhead, chunksAheadToCbor, readChunksAhead } from './chunks-ahead.ts';
import { maxFrameBytes } from './frame-stream.ts';
import { noBytes } from './hash-bytes.ts';
import {
  maxChangeSetEntries,
  maxEntriesPerFrame,
  maxEntryBytes,
  maxManifestChunks,
  maxPrefixesPerRequest,
} from './limits.ts';
import { pack, unpack } from './packing.ts';
import {
  nodeToCbor,
  prefixToBytes,
  readKeys,
  readNode,
  readPrefix,
  type TrieName,
  tries,
  type WireTrieNode,
} from './trie-codec.ts';

/** One entry in an `entries` message: its set by place in that message, its place in the set, and the proof if the list is not known to the receiver. */
export interface WireEntry {
  readonly set: number;
  readonly position: number;
  readonly bytes: Uint8Array;
  readonly proof: Uint8Array | undefined;
}

/** Whether more of an answer follows, this is the last of a full answer, or it stops here unfinished. */
export type AnswerEnding = 'more' | 'end' | 'refused';

/** Why a device ends the conversation. */
export type ByeReason = 'stopping' | 'replaced' | 'not-allowed' | 'misbehaved' | 'other';

/** The messages of `/lockstep/ctl/1`. `id` is the asker's; 0 marks entries nobody asked for. */
export type IndexMessage =
  | { readonly type: 'announce'; readonly announcement: Announcement }
  | { readonly type: 'withdraw'; readonly folderId: FolderId }
  | {
      readonly type: 'get-nodes';
      readonly id: number;
      readonly folderId: FolderId;
      readonly trie: TrieName;
      readonly prefixes: readonly string[];
    }
  | {
      readonly type: 'nodes';
      readonly id: number;
      /** One for each prefix asked, undefined where no path lies; none at all if the request is refused. */
      readonly nodes: readonly (WireTrieNode | undefined)[];
    }
  | {
      readonly type: 'get-entries';
      readonly id: number;
      readonly folderId: FolderId;
      readonly prefixes: readonly string[];
      readonly keys: readonly string[];
    }
  | {
      readonly type: 'entries';
      readonly id: number;
      readonly folderId: FolderId;
      readonly sets: readonly WireChangeSet[];
      readonly entries: readonly WireEntry[];
      readonly ending: AnswerEnding;
    }
  | {
      readonly type: 'get-manifest';
      readonly id: number;
      readonly folderId: FolderId;
      readonly content: Hash;
    }
  | {
      readonly type: 'manifest';
      readonly id: number;
      readonly status: AnswerStatus;
      readonly sizeBytes: number;
      readonly totalChunks: number;
      readonly firstChunk: number;
      readonly hashes: Uint8Array;
      readonly sizes: Uint32Array;
    }
  | {
      readonly type: 'applied';
      readonly folderId: FolderId;
      readonly statements: readonly AppliedStatement[];
    }
  | { readonly type: 'ahead'; readonly chunks: ChunksAhead }
  | { readonly type: 'bye'; readonly reason: ByeReason };

const codes = {
  announce: 1,
  'get-nodes': 2,
  nodes: 3,
  'get-entries': 4,
  entries: 5,
  'get-manifest': 6,
  manifest: 7,
  bye: 8,
  withdraw: 9,
  applied: 10,
  ahead: 12,
} as const satisfies Record<IndexMessage['type'], number>;
/** A frame around another one that is packed. */
const packedCode = 11;
/** LIMIT: what is shorter is not worth packing, nor is what does not lose an eighth. */
const leastPackedBytes = 1024;
const byeCodes: Readonly<Record<ByeReason, number>> = {
  other: 0,
  stopping: 1,
  replaced: 2,
  'not-allowed': 3,
  misbehaved: 4,
};
const endings: readonly AnswerEnding[] = ['end', 'more', 'refused'];
const big = Number.MAX_SAFE_INTEGER;
const limits = { maxBytes: maxFrameBytes['/lockstep/ctl/1'], maxItems: 32 * 1024 };
/** LIMIT: a proof in a full set has at most ten hashes. */
const maxProofBytes = 32 * Math.ceil(Math.log2(maxChangeSetEntries));

/** The frame that says `message`; entries are packed where that pays. The rest is hashes, or short. */
export function encodeIndexMessage(message: IndexMessage): Uint8Array {
  const plain = encodeCanonical([codes[message.type], ...messageToCbor(message)]);
  if (message.type !== 'entries' || plain.length < leastPackedBytes) return plain;
  const packed = encodeCanonical([packedCode, plain.length, pack(plain)]);
  return packed.length < plain.length * 0.875 ? packed : plain;
}

function messageToCbor(message: IndexMessage): CborValue[] {
  switch (message.type) {
    case 'announce':
      return announcementToCbor(message.announcement);
    case 'withdraw':
      return [hexToBytes(message.folderId)];
    case 'applied':
      return [hexToBytes(message.folderId), message.statements.map(appliedToCbor)];
    case 'get-nodes': {
      const { id, folderId, trie, prefixes } = message;
      return [id, hexToBytes(folderId), tries.indexOf(trie), prefixes.map(prefixToBytes)];
    }
    case 'nodes':
      return [message.id, message.nodes.map(nodeToCbor)];
    case 'get-entries': {
      const { id, folderId, prefixes, keys } = message;
      return [id, hexToBytes(folderId), prefixes.map(prefixToBytes), concatBytes(keys.map(hexToBytes))];
    }
    case 'entries': {
      const { id, folderId, sets, entries, ending } = message;
      const setValues = sets.map((set) => [
        hexToBytes(set.author),
        set.count,
        hexToBytes(set.root),
        set.signature,
        set.hashes ?? noBytes,
      ]);
      const entryValues = entries.map(({ set, position, bytes, proof }) =>
        proof === undefined ? [set, position, bytes] : [set, position, bytes, proof],
      );
      return [id, hexToBytes(folderId), setValues, entryValues, endings.indexOf(ending)];
    }
    case 'get-manifest':
      return [message.id, hexToBytes(message.folderId), hexToBytes(message.content)];
    case 'manifest': {
      const { id, status, sizeBytes, totalChunks, firstChunk } = message;
      return [id, statusCodes[status], sizeBytes, totalChunks, firstChunk, ...chunkListToCbor(message)];
    }
    case 'ahead':
      return chunksAheadToCbor(message.chunks);
    case 'bye':
      return [byeCodes[message.reason]];
    default:
      return unreachable(message);
  }
}

/**
 * The message in a frame; undefined for a type of a later version. Fields after the known ones are passed over.
 * Throws SyncError `peer-misbehaved` with the fault in `what` for everything else.
 */
export function decodeIndexMessage(frame: Uint8Array): IndexMessage | undefined {
  const fields = readFields(frame);
  if (fields[0] !== packedCode) return readMessage(fields);
  const sizeBytes = readInteger(fields[1], 1, limits.maxBytes, 'packed');
  const inner = readFields(unpack(readBytes(fields[2], 1, limits.maxBytes, 'packed'), sizeBytes));
  if (inner[0] === packedCode) throw misshapen('packed');
  return readMessage(inner);
}

function readFields(frame: Uint8Array): readonly CborValue[] {
  return readList(decodeCanonical(frame, limits), 1, 64, (item) => item, 'message');
}

function readMessage(fields: readonly CborValue[]): IndexMessage | undefined {
  const code = readInteger(fields[0], 0, big, 'message-type');
  const id = (min: number): number => readInteger(fields[1], min, big, 'message-id');
  switch (code) {
    case codes.announce:
      return { type: 'announce', announcement: readAnnouncement(fields) };
    case codes.withdraw:
      return { type: 'withdraw', folderId: readFolderId(fields[1]) };
    case codes.applied:
      return {
        type: 'applied',
        folderId: readFolderId(fields[1]),
        statements: readList(fields[2], 1, maxAppliedStatements, readApplied, 'applied'),
      };
    case codes['get-nodes']:
      return {
        type: 'get-nodes',
        id: id(1),
        folderId: readFolderId(fields[2]),
        trie: readChoice(fields[3], tries, 'trie'),
        prefixes: readList(fields[4], 1, maxPrefixesPerRequest, readPrefix, 'prefixes'),
      };
    case codes.nodes:
      return {
        type: 'nodes',
        id: id(1),
        nodes: readList(fields[2], 0, maxPrefixesPerRequest, readNode, 'nodes'),
      };
    case codes['get-entries']:
      return {
        type: 'get-entries',
        id: id(1),
        folderId: readFolderId(fields[2]),
        prefixes: readList(fields[3], 0, maxPrefixesPerRequest, readPrefix, 'prefixes'),
        keys: readKeys(fields[4]),
      };
    case codes.entries:
      return readEntries(fields, id(0));
    case codes['get-manifest']:
      return {
        type: 'get-manifest',
        id: id(1),
        folderId: readFolderId(fields[2]),
        content: readHash(fields[3], 'content'),
      };
    case codes.manifest:
      return readManifest(fields, id(1));
    case codes.ahead:
      return { type: 'ahead', chunks: readChunksAhead(fields) };
    case codes.bye:
      return { type: 'bye', reason: nameOfCode(byeCodes, readInteger(fields[1], 0, big, 'bye'), 'other') };
    default:
      return undefined;
  }
}

function readEntries(fields: readonly CborValue[], id: number): IndexMessage {
  const sets = readList(fields[3], 0, maxEntriesPerFrame, readSet, 'sets');
  return {
    type: 'entries',
    id,
    folderId: readFolderId(fields[2]),
    sets,
    entries: readList(
      fields[4],
      0,
      maxEntriesPerFrame,
      (item) => {
        const [place, position, bytes, proof] = readList(item, 3, 4, (part) => part, 'entry-place');
        const set = readInteger(place, 0, sets.length - 1, 'entry-place');
        return {
          set,
          position: readInteger(position, 0, (sets[set] as WireChangeSet).count - 1, 'entry-place'),
          bytes: readBytes(bytes, 1, maxEntryBytes, 'entry'),
          proof: proof === undefined ? undefined : readBytes(proof, 0, maxProofBytes, 'entry-proof'),
        };
      },
      'entries',
    ),
    ending: readChoice(fields[5], endings, 'ending'),
  };
}

function readSet(value: CborValue): WireChangeSet {
  const [author, count, root, signature, hashes] = readList(value, 5, 16, (item) => item, 'change-set');
  const entries = readInteger(count, 1, maxChangeSetEntries, 'change-set');
  return {
    author: readDeviceKey(author, 'author'),
    count: entries,
    root: readHash(root, 'change-set'),
    signature: readBytes(signature, 64, 64, 'change-set-signature'),
    hashes: readBytesOrNone(hashes, entries * 32, 'change-set-hashes'),
  };
}

function readManifest(fields: readonly CborValue[], id: number): IndexMessage {
  const status = readStatus(fields[2]);
  const totalChunks = readInteger(fields[4], 0, maxManifestChunks, 'manifest');
  const firstChunk = readInteger(fields[5], 0, maxManifestChunks, 'manifest');
  const { hashes, sizes } = readChunkList(fields[6], fields[7], 'manifest');
  if (firstChunk + sizes.length > totalChunks) throw misshapen('manifest');
  return {
    type: 'manifest',
    id,
    status,
    sizeBytes: readInteger(fields[3], 0, big, 'manifest'),
    totalChunks,
    firstChunk,
    hashes,
    sizes,
  };
}
