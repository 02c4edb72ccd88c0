import { SyncError } from '../model/errors.ts';
import type { Hash } from '../model/ids.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from './cbor.ts';
import {
  misshapen,
  readBytes,
  readBytesOrNone,
  readChoice,
  readHash,
  readInteger,
  readTuple,
} from './cbor-read.ts';
import { deviceNameLimits, nameToBytes, readName } from './claimed-name.ts';
import { keyToBytes, noBytes } from './hash-bytes.ts';
import type { PairingMethod } from './membership-op-body.ts';

/**
 * The messages of `/lockstep/pair/1` between a joiner J and a host H, one frame each:
 * J hello · by method: sas H commitment, J nonce, H nonce; invite H nonce, J nonce, J proof, H proof; typed H nonce, J nonce ·
 * H pending · H offer · J consent · H admitted, then as many frames as it says, each one envelope of the log in order.
 * By `sas` H waits before its commitment until a person there has chosen J, and after `pending` until one has typed J's six digits.
 * Either side may end it with `refuse` instead of its next message.
 */
export type PairMessage =
  | PairHello
  /** H's promise of its nonce, before it sees J's. */
  | { readonly kind: 'commitment'; readonly commitment: Uint8Array }
  | { readonly kind: 'nonce'; readonly nonce: Uint8Array }
  /** That the sender knows the invitation's secret. */
  | { readonly kind: 'proof'; readonly proof: Uint8Array }
  /** Both sides know all they need of each other; a person at H may be asked. */
  | { readonly kind: 'pending' }
  /** The group J may join, and what H calls itself. */
  | { readonly kind: 'offer'; readonly group: Hash; readonly claimedName: string }
  | { readonly kind: 'consent'; readonly consent: Uint8Array }
  /** J is a member: the log follows, in `ops` frames. */
  | { readonly kind: 'admitted'; readonly ops: number }
  | { readonly kind: 'refuse'; readonly reason: PairRefusal };

/** The first message, from the joiner. */
export interface PairHello {
  readonly kind: 'hello';
  readonly method: PairingMethod;
  /** What J calls itself, unproved. */
  readonly claimedName: string;
  /** Which invitation J holds; it does not give the secret away. Undefined for the other methods. */
  readonly ticket: Uint8Array | undefined;
}

/** Why a pairing ends without a new member. */
export type PairRefusal = (typeof refusals)[number];

/** The version of the pairing protocol spoken here. */
export const pairVersion = 1;

/** LIMIT: bytes of one message; the frames of the log that follow may have 4096. */
const maxMessageBytes = 1024;

/** LIMIT: operations a joiner takes with the log; what a log can hold at most. */
export const maxPairedOps = 16_384;

const types = {
  hello: 0,
  commitment: 1,
  nonce: 2,
  proof: 3,
  pending: 4,
  offer: 5,
  consent: 6,
  admitted: 7,
  refuse: 8,
} as const;
const methods: readonly PairingMethod[] = ['sas', 'invite', 'typed'];
const refusals = [
  'closed',
  'invitation-used',
  'declined',
  'wrong-proof',
  'version',
  'busy',
  'failed',
  'wrong-code',
  'expired',
] as const;

/** One frame of `/lockstep/pair/1`. */
export function encodePairMessage(message: PairMessage): Uint8Array {
  return encodeCanonical([types[message.kind], ...fieldsOf(message)]);
}

function fieldsOf(message: PairMessage): readonly CborValue[] {
  switch (message.kind) {
    case 'hello':
      return [
        pairVersion,
        methods.indexOf(message.method),
        nameToBytes(message.claimedName, deviceNameLimits),
        message.ticket ?? noBytes,
      ];
    case 'commitment':
      return [message.commitment];
    case 'nonce':
      return [message.nonce];
    case 'proof':
      return [message.proof];
    case 'pending':
      return [];
    case 'offer':
      return [keyToBytes(message.group), nameToBytes(message.claimedName, deviceNameLimits)];
    case 'consent':
      return [message.consent];
    case 'admitted':
      return [message.ops];
    case 'refuse':
      return [refusals.indexOf(message.reason)];
  }
}

/** Reads one frame of `/lockstep/pair/1`; names come out cleaned. Throws SyncError `peer-misbehaved`, or `version-unsupported` for another version's hello. */
export function decodePairMessage(frame: Uint8Array): PairMessage {
  const message = decodeCanonical(frame, { maxBytes: maxMessageBytes, maxItems: 16 });
  if (!Array.isArray(message)) throw misshapen('pair-message');
  const [type, ...fields] = message as readonly CborValue[];
  const only = (): CborValue => readTuple(fields, 1, 'pair-message')[0] as CborValue;
  switch (readInteger(type, 0, 0xffff, 'pair-type')) {
    case types.hello:
      return readHello(fields);
    case types.commitment:
      return { kind: 'commitment', commitment: readBytes(only(), 32, 32, 'pair-commitment') };
    case types.nonce:
      return { kind: 'nonce', nonce: readBytes(only(), 32, 32, 'pair-nonce') };
    case types.proof:
      return { kind: 'proof', proof: readBytes(only(), 32, 32, 'pair-proof') };
    case types.pending:
      readTuple(fields, 0, 'pair-pending');
      return { kind: 'pending' };
    case types.offer: {
      const [group, name] = readTuple(fields, 2, 'pair-offer');
      return {
        kind: 'offer',
        group: readHash(group, 'pair-group'),
        claimedName: readName(name, deviceNameLimits, 'pair-name'),
      };
    }
    case types.consent:
      return { kind: 'consent', consent: readBytes(only(), 64, 64, 'pair-consent') };
    case types.admitted:
      return { kind: 'admitted', ops: readInteger(only(), 2, maxPairedOps, 'pair-ops') };
    case types.refuse:
      return { kind: 'refuse', reason: readChoice(only(), refusals, 'pair-refusal') };
    default:
      throw misshapen('pair-type');
  }
}

function readHello(fields: readonly CborValue[]): PairHello {
  const [version] = fields;
  if (typeof version === 'number' && version !== pairVersion)
    throw new SyncError('version-unsupported', { what: 'pair', version }, { retry: 'after-user' });
  const [, method, name, ticketValue] = readTuple(fields, 4, 'pair-hello');
  const ticket = readBytesOrNone(ticketValue, 16, 'pair-ticket');
  const hello = {
    kind: 'hello',
    method: readChoice(method, methods, 'pair-method'),
    claimedName: readName(name, deviceNameLimits, 'pair-name'),
    ticket,
  } as const;
  if ((ticket !== undefined) !== (hello.method === 'invite')) throw misshapen('pair-ticket');
  return hello;
}
