import fc from 'fast-check';
import { piecesOf } from '../../chunker/chunker.ts';
import { SyncError } from '../../model/errors.ts';
import { createByteQueue } from '../../network/byte-queue.ts';
import { createFrameReader, endHeader, FrameError, frameHeader } from '../../network/frame-codec.ts';
import {
  type BlockAnswer,
  type BlockRequest,
  type CborValue,
  type CutPosition,
  decodeBlockAnswer,
  decodeBlockRequest,
  decodeCanonical,
  decodeCutList,
  decodeEntry,
  decodeIndexMessage,
  decodeOp,
  decodePieces,
  decodePairMessage,
  decodeProfile,
  decodeTrustMessage,
  encodeBlockAnswer,
  encodeBlockRequest,
  encodeCanonical,
  encodeCutList,
  encodeEntry,
  encodeIndexMessage,
  encodeOpEnvelope,
  encodeOpPayload,
  encodePairMessage,
  encodePieces,
  encodeProfile,
  encodeTrustMessage,
  type IndexMessage,
  maxFrameBytes,
  misshapen,
  type MembershipOp,
  type PairMessage,
  type Profile,
  type TrustMessage,
} from '../../protocol/protocol.ts';
import { entry } from '../../protocol/testing/arbitrary-entries.ts';
import { blockAnswer, blockRequest, message } from '../../protocol/testing/arbitrary-messages.ts';
import {
  filled,
  fullestCutList,
  fullProfile,
  pairMessages,
  trustMessages,
} from '../../protocol/testing/sample-messages.ts';
import { bodies, envelopeOf } from '../../protocol/testing/sample-ops.ts';
import type { Entry } from '../../model/entry.ts';
import { deviceKey, folderId, incarnationId } from '../../model/ids.ts';
import {
  deviceKeyToText,
  invitationToText,
  openSealedSeed,
  readSealedKey,
  recoverySeedToWords,
  sealSeed,
  textToDeviceKey,
  textToInvitation,
  wordsToRecoverySeed,
} from '../../trust/trust.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { identityOf } from '../trust-world.ts';
import type { FuzzTarget } from './fuzz-target.ts';

const author = deviceKey('a1'.repeat(32));
const cborLimits = { maxBytes: 1024 * 1024, maxItems: 32 * 1024 };
/** LIMIT: one real message of each kind in many shapes; more of them add nothing that mutation does not. */
const drawn = { seed: 7, numRuns: 300 };
const frameLimit = maxFrameBytes['/lockstep/ctl/1'];
const sealSecret = new Uint8Array(32).fill(9);
const hostKey = identityOf('host').deviceKey;

const text = {
  of: (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1'),
  bytes: (written: string): Uint8Array => new TextEncoder().encode(written),
};
const isBadText = (error: unknown): boolean =>
  error instanceof SyncError && ['invitation-unreadable', 'bad-argument'].includes(error.code);

const indexMessages = fc.sample(message, drawn).map((each: IndexMessage) => encodeIndexMessage(each));

/** Every decoder that takes bytes from another device, or text that a stranger may have written. */
export const fuzzTargets: readonly FuzzTarget[] = [
  {
    name: 'cbor',
    samples: () => [...indexMessages.slice(0, 100), ...bodies.map((body) => envelopeOf(body))],
    decode: (bytes) => decodeCanonical(bytes, cborLimits),
    encode: (value: CborValue) => encodeCanonical(value),
    isExact: true,
  },
  {
    name: 'operation',
    samples: () => bodies.map((body) => envelopeOf(body)),
    decode: decodeOp,
    encode: (op: MembershipOp) =>
      op.body.kind === 'unknown'
        ? op.envelope
        : encodeOpEnvelope(encodeOpPayload(op), op.signature, op.recoverySignature),
    isExact: true,
  },
  {
    name: 'cut list',
    samples: () => [
      fullestCutList,
      encodeCutList([
        { folderId: folderId('ab'.repeat(16)), incarnation: incarnationId('01'.repeat(8)), counter: 7 },
      ]),
    ],
    decode: decodeCutList,
    encode: (positions: readonly CutPosition[]) => encodeCutList(positions),
    isExact: true,
  },
  {
    name: 'trust message',
    samples: () => trustMessages.map(encodeTrustMessage),
    decode: decodeTrustMessage,
    encode: (each: TrustMessage) => encodeTrustMessage(each),
  },
  {
    name: 'pair message',
    samples: () => pairMessages.map(encodePairMessage),
    decode: decodePairMessage,
    encode: (each: PairMessage) => encodePairMessage(each),
  },
  {
    name: 'profile',
    samples: () => [
      encodeProfile(fullProfile),
      encodeProfile({ ...fullProfile, deviceName: 'desk', folders: fullProfile.folders.slice(0, 2) }),
    ],
    decode: decodeProfile,
    encode: (profile: Profile) => encodeProfile(profile),
  },
  {
    name: 'entry',
    samples: () => fc.sample(entry, drawn).map((each: Entry) => encodeEntry(each)),
    decode: (bytes) => decodeEntry(bytes, author).entry,
    encode: (each: Entry) => encodeEntry(each),
  },
  {
    name: 'index message',
    samples: () => indexMessages,
    decode: decodeIndexMessage,
    encode: (each: IndexMessage) => encodeIndexMessage(each),
    // A packed one may be as long as the largest frame.
    mayReserve: frameLimit,
  },
  {
    name: 'block request',
    samples: () => fc.sample(blockRequest, drawn).map((each: BlockRequest) => encodeBlockRequest(each)),
    decode: decodeBlockRequest,
    encode: (each: BlockRequest) => encodeBlockRequest(each),
  },
  {
    name: 'block answer',
    samples: () => fc.sample(blockAnswer, drawn).map((each: BlockAnswer) => encodeBlockAnswer(each)),
    decode: decodeBlockAnswer,
    encode: (each: BlockAnswer) => encodeBlockAnswer(each),
  },
  {
    name: 'list of pieces',
    samples: () => ['a', 'b'].map((seed) => encodePieces(piecesOf(createSeededRandom(seed).bytes(20_000)))),
    decode: (bytes) => decodePieces(bytes, 20_000),
    encode: encodePieces,
    isExact: true,
  },
  {
    name: 'frames',
    samples: () => [0, 1, 126, 127, 128, 5_000].map(framed),
    decode: readFrames,
    // Room for a frame is made when its length is known, and never more than the protocol's limit.
    mayReserve: frameLimit,
    isRefusal: (error) => error instanceof FrameError,
  },
  {
    name: 'sealed key',
    samples: () =>
      (['os-store', 'keyring', 'passphrase'] as const).map((kind, i) =>
        sealSeed({
          seed: filled(32),
          kind,
          handle: new Uint8Array(i * 20).fill(i),
          secret: sealSecret,
          nonce: new Uint8Array(12).fill(i),
        }),
      ),
    decode(file) {
      const seed = openSealedSeed(file, sealSecret);
      const head = readSealedKey(file);
      if (head === undefined) throw misshapen('sealed-key');
      return { head, seed };
    },
  },
  {
    name: 'invitation',
    samples: () =>
      [['/ip4/192.168.1.2/tcp/4001'], ['/ip6/fe80::1/tcp/1', '/ip4/10.0.0.1/tcp/2'], []].map((addresses) =>
        text.bytes(invitationToText({ hostKey, secret: new Uint8Array(16).fill(3), addresses })),
      ),
    decode: (bytes) => textToInvitation(text.of(bytes)),
    isRefusal: isBadText,
  },
  {
    name: 'device key',
    samples: () => [text.bytes(deviceKeyToText(hostKey))],
    decode: (bytes) => textToDeviceKey(text.of(bytes)),
    isRefusal: isBadText,
  },
  {
    name: 'recovery words',
    samples: () => [1, 2, 3].map((byte) => text.bytes(recoverySeedToWords(new Uint8Array(16).fill(byte)))),
    decode: (bytes) => wordsToRecoverySeed(text.of(bytes)),
    isRefusal: isBadText,
  },
];

/** Frames of this size and smaller ones, as they stand on the wire, and the end. */
function framed(size: number): Uint8Array {
  const frames = [size, 3, 0].flatMap((each) => [frameHeader(each), new Uint8Array(each).fill(7)]);
  return Buffer.concat([...frames, endHeader]);
}

/** All frames in bytes that come in pieces; undefined if none is whole. */
function readFrames(bytes: Uint8Array): readonly number[] | undefined {
  const queue = createByteQueue();
  const reader = createFrameReader(frameLimit);
  const sizes: number[] = [];
  for (let at = 0; at < bytes.length; at += 1 + (bytes[at] as number)) {
    queue.push(bytes.subarray(at, at + 1 + (bytes[at] as number)));
    for (let frame = reader.next(queue); frame !== undefined; frame = reader.next(queue)) {
      if (frame === 'end') return sizes;
      sizes.push(frame.length);
    }
  }
  return sizes.length === 0 ? undefined : sizes;
}
