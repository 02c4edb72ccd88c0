/** Membership operations of every kind, with signatures that are none. */
import { type DeviceKey, deviceKey, folderId, type Hash, hash } from '../../model/ids.ts';
import { encodeOpEnvelope, encodeOpPayload, type OpDraft } from '../membership-op.ts';
import type { OpBody } from '../membership-op-body.ts';

export const key = (byte: number): DeviceKey => deviceKey(byte.toString(16).padStart(2, '0').repeat(32));
export const id = (byte: number): Hash => hash(byte.toString(16).padStart(2, '0').repeat(32));
export const filled = (length: number, byte = 5): Uint8Array => new Uint8Array(length).fill(byte);

export const bodies: readonly OpBody[] = [
  { kind: 'genesis', recoveryKey: undefined, nonce: filled(16) },
  { kind: 'genesis', recoveryKey: key(3), nonce: filled(16) },
  { kind: 'admit', key: key(4), method: 'typed', transcript: id(5), consent: filled(64) },
  {
    kind: 'revoke',
    targets: [
      { key: key(1), keep: undefined, cut: undefined },
      { key: key(2), keep: id(8), cut: id(9) },
    ],
    reason: 'stolen',
  },
  { kind: 'reset', keep: [key(1), key(2)] },
  {
    kind: 'folder',
    folderId: folderId('ab'.repeat(16)),
    verb: 'create',
    key: undefined,
    mode: 'rw',
    cut: undefined,
  },
  { kind: 'folder', folderId: folderId('ab'.repeat(16)), verb: 'grant', key: key(7), mode: 'ro', cut: id(9) },
  { kind: 'merge' },
  { kind: 'lapse', key: key(6) },
];

export function draftOf(body: OpBody): OpDraft {
  if (body.kind === 'genesis')
    return { group: undefined, author: key(1), seq: 0, prev: undefined, deps: [], body };
  return { group: id(1), author: key(1), seq: 7, prev: id(2), deps: [id(3), id(4)], body };
}

export function envelopeOf(body: OpBody, recovery = body.kind === 'reset'): Uint8Array {
  return encodeOpEnvelope(encodeOpPayload(draftOf(body)), filled(64), recovery ? filled(64, 6) : undefined);
}
