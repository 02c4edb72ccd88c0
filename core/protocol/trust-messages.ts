import { compareText } from '../base/pure.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from './cbor.ts';
import {
  misshapen,
  readBytes,
  readDeviceKey,
  readHash,
  readHashOrNone,
  readInteger,
  readList,
  readSortedList,
  readTuple,
} from './cbor-read.ts';
import { maxFrameBytes } from './frame-stream.ts';
import { keyToBytes, optionalBytes, prefixed } from './hash-bytes.ts';
import { opLimits } from './membership-op.ts';

/** The messages of `/lockstep/trust/1`: hello, then all `have`, then `ops`, then done, both ways at once; afterwards any of the others as they come. */
export type TrustMessage =
  | TrustHello
  /** Ids of operations this device has; `last` ends them. Sent only if the heads in the two hellos differ. */
  | { readonly kind: 'have'; readonly ids: readonly Hash[]; readonly last: boolean }
  /** Envelopes, each after those it builds on. */
  | { readonly kind: 'ops'; readonly envelopes: readonly Uint8Array[] }
  /** All the other side lacked has been sent; `heads` are the sender's now. */
  | { readonly kind: 'done'; readonly heads: readonly Hash[] }
  | { readonly kind: 'statements'; readonly statements: readonly Statement[] }
  /** Asks the other side to agree that the sender admits it, once more: its admissions do not stand, or would not without another device. */
  | { readonly kind: 'want-consent'; readonly transcript: Hash }
  | { readonly kind: 'consent'; readonly transcript: Hash; readonly consent: Uint8Array }
  /** Asks for lists that revocations name, now or whenever the other side comes to hold them. */
  | { readonly kind: 'want-cuts'; readonly hashes: readonly Hash[] }
  | { readonly kind: 'cut'; readonly list: Uint8Array };

/** The first message of each side. */
export interface TrustHello {
  readonly kind: 'hello';
  /** Undefined while the device is in no group. */
  readonly group: Hash | undefined;
  /** At most {@link trustLimits.maxHeads}; a log with more names some of them. */
  readonly heads: readonly Hash[];
  readonly nonce: Uint8Array;
  /** Random for each run of the program: two at once under one key mean that the key is in two places. */
  readonly instance: Uint8Array;
  /** Numbers of {@link trustFeatures}, each once, rising; unknown ones are ignored. */
  readonly features: readonly number[];
  readonly statement: Statement | undefined;
}

/** What a hello can say beyond version 1. */
export const trustFeatures = {
  /** The sender has met two programs that hold the receiver's key. */
  metInTwoPlaces: 1,
} as const;

/** A device's signed word on how far it has heard; a higher counter replaces a lower one. */
export interface Statement {
  readonly device: DeviceKey;
  readonly counter: number;
  readonly heads: readonly Hash[];
  readonly signature: Uint8Array;
}

/** LIMITS of single messages; frames are well under the protocol's frame limit. */
export const trustLimits = {
  maxHeads: 64,
  maxFeatures: 32,
  maxIdsInFrame: 1024,
  /** Checking a signature takes about a millisecond: a frame's worth must not hold up the program for long. */
  maxOpsInFrame: 14,
  maxStatementsInFrame: 16,
} as const;

/** The version of the trust protocol spoken here. */
export const trustVersion = 1;

const types = {
  hello: 0,
  have: 1,
  ops: 2,
  done: 3,
  statements: 4,
  'want-consent': 5,
  consent: 6,
  'want-cuts': 7,
  cut: 8,
} as const;

/** What a device signs in a statement; bound to its group. */
export function statementSigningBytes(group: Hash, statement: Omit<Statement, 'signature'>): Uint8Array {
  const { device, counter, heads } = statement;
  return prefixed(
    'lockstep statement 1\n',
    encodeCanonical([keyToBytes(group), keyToBytes(device), counter, hashesToCbor(heads)]),
  );
}

/** One frame of `/lockstep/trust/1`; the lists must be within {@link trustLimits}. */
export function encodeTrustMessage(message: TrustMessage): Uint8Array {
  return encodeCanonical([types[message.kind], ...fieldsOf(message)]);
}

function fieldsOf(message: TrustMessage): readonly CborValue[] {
  switch (message.kind) {
    case 'hello':
      return [
        trustVersion,
        optionalBytes(message.group),
        hashesToCbor(message.heads),
        message.nonce,
        message.instance,
        message.features.toSorted((a, b) => a - b),
        message.statement === undefined ? [] : statementToCbor(message.statement),
      ];
    case 'have':
      return [message.ids.map(keyToBytes), message.last ? 1 : 0];
    case 'ops':
      return [message.envelopes];
    case 'done':
      return [hashesToCbor(message.heads)];
    case 'statements':
      return [message.statements.map(statementToCbor)];
    case 'want-consent':
      return [keyToBytes(message.transcript)];
    case 'consent':
      return [keyToBytes(message.transcript), message.consent];
    case 'want-cuts':
      return [message.hashes.map(keyToBytes)];
    case 'cut':
      return [message.list];
  }
}

/** Reads one frame of `/lockstep/trust/1`. Throws SyncError `peer-misbehaved`, or `version-unsupported` for another version's hello. */
export function decodeTrustMessage(frame: Uint8Array): TrustMessage {
  const message = decodeCanonical(frame, {
    maxBytes: maxFrameBytes['/lockstep/trust/1'],
    maxItems: 2048,
  });
  if (!Array.isArray(message)) throw misshapen('trust-message');
  const [type, ...fields] = message as readonly CborValue[];
  switch (readInteger(type, 0, 0xffff, 'trust-type')) {
    case types.hello:
      return readHello(fields);
    case types.have: {
      const [ids, last] = readTuple(fields, 2, 'trust-have');
      return {
        kind: 'have',
        ids: readList(ids, 0, trustLimits.maxIdsInFrame, (id) => readHash(id, 'trust-id'), 'trust-ids'),
        last: readInteger(last, 0, 1, 'trust-last') === 1,
      };
    }
    case types.ops: {
      const [envelopes] = readTuple(fields, 1, 'trust-ops');
      const readEnvelope = (value: CborValue): Uint8Array =>
        readBytes(value, 1, opLimits.maxEnvelopeBytes, 'op-envelope');
      return {
        kind: 'ops',
        envelopes: readList(envelopes, 1, trustLimits.maxOpsInFrame, readEnvelope, 'trust-ops'),
      };
    }
    case types.done: {
      const [heads] = readTuple(fields, 1, 'trust-done');
      return { kind: 'done', heads: readHeads(heads) };
    }
    case types.statements: {
      const [statements] = readTuple(fields, 1, 'trust-statements');
      return {
        kind: 'statements',
        statements: readList(
          statements,
          1,
          trustLimits.maxStatementsInFrame,
          readStatement,
          'trust-statements',
        ),
      };
    }
    case types['want-consent']: {
      const [transcript] = readTuple(fields, 1, 'trust-want-consent');
      return { kind: 'want-consent', transcript: readHash(transcript, 'trust-transcript') };
    }
    case types.consent: {
      const [transcript, consent] = readTuple(fields, 2, 'trust-consent');
      return {
        kind: 'consent',
        transcript: readHash(transcript, 'trust-transcript'),
        consent: readBytes(consent, 64, 64, 'trust-consent'),
      };
    }
    case types['want-cuts']: {
      const [hashes] = readTuple(fields, 1, 'trust-want-cuts');
      const readOne = (hash: CborValue): Hash => readHash(hash, 'trust-cut-hash');
      return {
        kind: 'want-cuts',
        hashes: readList(hashes, 1, trustLimits.maxIdsInFrame, readOne, 'trust-want-cuts'),
      };
    }
    case types.cut: {
      const [list] = readTuple(fields, 1, 'trust-cut');
      return { kind: 'cut', list: readBytes(list, 1, maxFrameBytes['/lockstep/trust/1'], 'trust-cut') };
    }
    default:
      throw misshapen('trust-type');
  }
}

function readHello(fields: readonly CborValue[]): TrustHello {
  const [version] = fields;
  if (typeof version === 'number' && version !== trustVersion)
    throw new SyncError('version-unsupported', { what: 'trust', version }, { retry: 'after-user' });
  const [, group, heads, nonce, instance, features, statement] = readTuple(fields, 7, 'trust-hello');
  return {
    kind: 'hello',
    group: readHashOrNone(group, 'trust-group'),
    heads: readHeads(heads),
    nonce: readBytes(nonce, 32, 32, 'trust-nonce'),
    instance: readBytes(instance, 16, 16, 'trust-instance'),
    features: readSortedList(
      features,
      { min: 0, max: trustLimits.maxFeatures },
      (feature) => readInteger(feature, 0, 0xffff, 'trust-feature'),
      (feature) => String(feature).padStart(5, '0'),
      'trust-features',
    ),
    statement:
      Array.isArray(statement) && statement.length === 0 ? undefined : readStatement(statement as CborValue),
  };
}

function readStatement(value: CborValue): Statement {
  const [device, counter, heads, signature] = readTuple(value, 4, 'statement');
  return {
    device: readDeviceKey(device, 'statement-device'),
    counter: readInteger(counter, 0, Number.MAX_SAFE_INTEGER, 'statement-counter'),
    heads: readHeads(heads),
    signature: readBytes(signature, 64, 64, 'statement-signature'),
  };
}

function statementToCbor({ device, counter, heads, signature }: Statement): CborValue {
  return [keyToBytes(device), counter, hashesToCbor(heads), signature];
}

function readHeads(value: CborValue | undefined): readonly Hash[] {
  const limits = { min: 0, max: trustLimits.maxHeads };
  return readSortedList(value, limits, (id) => readHash(id, 'trust-head'), String, 'trust-heads');
}

function hashesToCbor(hashes: readonly Hash[]): CborValue {
  return hashes.toSorted(compareText).map(keyToBytes);
}
