import { compareText } from '../base/pure.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from './cbor.ts';
import {
  misshapen,
  readBytes,
  readBytesOrNone,
  readDeviceKey,
  readHash,
  readHashOrNone,
  readInteger,
  readSortedList,
  readTuple,
} from './cbor-read.ts';
import { keyToBytes, noBytes, optionalBytes, prefixed, sha256Of } from './hash-bytes.ts';
import { bodyToCbor, cborToBody, type OpBody, typeOfBody } from './membership-op-body.ts';

/** An operation before it is signed. `deps` are the heads its author had seen. */
export interface OpDraft {
  /** The group, which is the id of its genesis; undefined in the genesis itself. */
  readonly group: Hash | undefined;
  readonly author: DeviceKey;
  /** Place in the author's own chain, from 0; `prev` is the operation before it there. */
  readonly seq: number;
  readonly prev: Hash | undefined;
  readonly deps: readonly Hash[];
  readonly body: OpBody;
}

/** A signed operation as it came in; nothing about its signatures or its right to be is checked yet. */
export interface MembershipOp extends OpDraft {
  readonly id: Hash;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** Made by the group's recovery key; only a reset carries one. */
  readonly recoverySignature: Uint8Array | undefined;
  /** The bytes that are stored and sent. */
  readonly envelope: Uint8Array;
}

/** LIMITS of one operation. They depend on nothing but the operation, so every device agrees on them. */
export const opLimits = { maxEnvelopeBytes: 4096, maxDeps: 8, maxSeq: 1023 } as const;

const opVersion = 1;

/** The bytes an author signs over; lists are put in their canonical order. A draft over {@link opLimits} is refused by {@link decodeOp} later, not here. */
export function encodeOpPayload(draft: OpDraft): Uint8Array {
  return encodeCanonical([
    opVersion,
    optionalBytes(draft.group),
    typeOfBody(draft.body),
    keyToBytes(draft.author),
    draft.seq,
    optionalBytes(draft.prev),
    draft.deps.toSorted(compareText).map(keyToBytes),
    bodyToCbor(draft.body),
  ]);
}

/** The envelope of a payload and its signatures, 64 bytes each. */
export function encodeOpEnvelope(
  payload: Uint8Array,
  signature: Uint8Array,
  recoverySignature?: Uint8Array,
): Uint8Array {
  return encodeCanonical([payload, signature, recoverySignature ?? noBytes]);
}

/** What an author signs: its payload under its own purpose. */
export const opSigningBytes = (payload: Uint8Array): Uint8Array => prefixed('lockstep op 1\n', payload);

/** What the recovery key signs of a reset. */
export const recoverySigningBytes = (payload: Uint8Array): Uint8Array =>
  prefixed('lockstep recovery 1\n', payload);

/** What a joining device signs to agree to be admitted by `sponsor`, to that group, in that pairing and no other. */
export function consentSigningBytes(consent: {
  readonly group: Hash;
  readonly sponsor: DeviceKey;
  readonly key: DeviceKey;
  readonly transcript: Hash;
}): Uint8Array {
  const { group, sponsor, key, transcript } = consent;
  return prefixed('lockstep join 1\n', ...[group, sponsor, key, transcript].map(keyToBytes));
}

/**
 * Reads one envelope: its form and limits, nothing more.
 * Throws SyncError `peer-misbehaved` for a wrong form, `version-unsupported` for a payload of another version.
 */
export function decodeOp(envelope: Uint8Array): MembershipOp {
  const limits = { maxBytes: opLimits.maxEnvelopeBytes, maxItems: 4096 };
  const [payloadValue, signatureValue, recoveryValue] = readTuple(
    decodeCanonical(envelope, limits),
    3,
    'op-envelope',
  );
  const payload = readBytes(payloadValue, 1, opLimits.maxEnvelopeBytes, 'op-payload');
  const signature = readBytes(signatureValue, 64, 64, 'op-signature');
  const recoverySignature = readBytesOrNone(recoveryValue, 64, 'op-recovery-signature');
  const fields = decodeCanonical(payload, limits);
  if (Array.isArray(fields) && typeof fields[0] === 'number' && fields[0] > opVersion)
    throw new SyncError('version-unsupported', { what: 'op', version: fields[0] }, { retry: 'after-user' });
  const [version, groupValue, typeValue, author, seqValue, prevValue, depsValue, body] = readTuple(
    fields,
    8,
    'op-payload',
  );
  readInteger(version, opVersion, opVersion, 'op-version');
  const type = readInteger(typeValue, 0, 0xffff, 'op-type');
  const group = readHashOrNone(groupValue, 'op-group');
  const seq = readInteger(seqValue, 0, opLimits.maxSeq, 'op-seq');
  const prev = readHashOrNone(prevValue, 'op-prev');
  const deps = readSortedList(
    depsValue,
    { min: 0, max: opLimits.maxDeps },
    (item) => readHash(item, 'op-dep'),
    String,
    'op-deps',
  );
  if ((group === undefined) !== (type === 0)) throw misshapen('op-group');
  if ((prev === undefined) !== (seq === 0)) throw misshapen('op-prev');
  if (type === 0 && (seq !== 0 || deps.length > 0)) throw misshapen('op-genesis');
  const decoded = cborToBody(type, body as CborValue);
  if ((recoverySignature !== undefined) !== (decoded.kind === 'reset'))
    throw misshapen('op-recovery-signature');
  const id = sha256Of(prefixed('lockstep op id 1\n', payload));
  return {
    id,
    group,
    author: readDeviceKey(author, 'op-author'),
    seq,
    prev,
    deps,
    body: decoded,
    payload,
    signature,
    recoverySignature,
    envelope,
  };
}
