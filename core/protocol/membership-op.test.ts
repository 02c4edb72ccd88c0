import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToHex } from '../base/pure.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from './cbor.ts';
import { decodeOp, encodeOpEnvelope, encodeOpPayload, type OpDraft } from './membership-op.ts';
import type { OpBody } from './membership-op-body.ts';
import { bodies, draftOf, envelopeOf, filled, id, key } from './testing/sample-ops.ts';

function faultOf(envelope: Uint8Array): string {
  try {
    decodeOp(envelope);
  } catch (error) {
    if (error instanceof SyncError)
      return error.code === 'peer-misbehaved' ? String(error.facts.what) : error.code;
    throw error;
  }
  return 'accepted';
}

/** The envelope of a good admit whose payload fields were changed. */
function changed(change: (fields: CborValue[]) => void): Uint8Array {
  const payload = encodeOpPayload(draftOf(bodies[2] as OpBody));
  const fields = [...(decodeCanonical(payload, { maxBytes: 9999, maxItems: 999 }) as CborValue[])];
  change(fields);
  return encodeOpEnvelope(encodeCanonical(fields), filled(64));
}

describe('membership operations', () => {
  test('[PR3] [A3] [A4] whatever bytes come, they are refused, or are the only ones that say it', () => {
    const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), take: fc.nat(3) });
    let read = 0;
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.array(change, { maxLength: 4 }), (body, changes) => {
        const bytes = [...envelopeOf(body)];
        for (const { at, byte, take } of changes) bytes.splice(at % bytes.length, take, byte);
        const envelope = Uint8Array.from(bytes);
        if (faultOf(envelope) !== 'accepted') return;
        read += 1;
        const op = decodeOp(envelope);
        expect(encodeOpEnvelope(op.payload, op.signature, op.recoverySignature)).toEqual(envelope);
        // Of a later type nothing of the body is kept.
        const isKnown = op.body.kind !== 'unknown';
        expect(isKnown ? encodeOpPayload(op) : op.payload).toEqual(op.payload);
      }),
      { numRuns: 2000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  test('[PR3] the bytes of a founding never change', () => {
    const { id: opId, payload } = decodeOp(envelopeOf(bodies[1] as OpBody));
    expect(bytesToHex(payload)).toBe(
      `88014000${`5820${'01'.repeat(32)}`}004080${`825820${'03'.repeat(32)}50${'05'.repeat(16)}`}`,
    );
    expect(opId).toBe('542b0081729557b2b38d2737f5274d53146e3a1dc9c83de678988d400c17416f');
  });

  test('[PR3] who may do what in a folder is said of a device, and the cut of a device', () => {
    const folder = bodies.find((body) => body.kind === 'folder' && body.verb === 'grant') as OpBody;
    expect(faultOf(envelopeOf({ ...folder, verb: 'create', cut: undefined } as OpBody))).toBe('folder-key');
    expect(faultOf(envelopeOf({ ...folder, key: undefined } as OpBody))).toBe('folder-cut');
  });

  test.each(bodies)('[PR3] $kind comes back as it was', (body) => {
    const envelope = envelopeOf(body);
    const { id: opId, payload, signature, recoverySignature, envelope: kept, ...draft } = decodeOp(envelope);
    expect(draft).toEqual(draftOf(body));
    expect(opId).toMatch(/^[0-9a-f]{64}$/);
    expect(encodeOpEnvelope(payload, signature, recoverySignature)).toEqual(envelope);
    expect(kept).toBe(envelope);
  });

  test('[PR3] sets are written in one order', () => {
    const [a, b] = [id(3), id(4)];
    const merge = draftOf({ kind: 'merge' });
    expect(encodeOpPayload({ ...merge, deps: [b, a] })).toEqual(encodeOpPayload({ ...merge, deps: [a, b] }));
  });

  test.each([
    ['deps in another order', changed((fields) => (fields[6] = [filled(32, 4), filled(32, 3)])), 'op-deps'],
    ['a dep twice', changed((fields) => (fields[6] = [filled(32, 4), filled(32, 4)])), 'op-deps'],
    ['no group', changed((fields) => (fields[1] = new Uint8Array(0))), 'op-group'],
    ['a half group', changed((fields) => (fields[1] = filled(31))), 'op-group'],
    ['seq 0 with a prev', changed((fields) => (fields[4] = 0)), 'op-prev'],
    ['a later seq without a prev', changed((fields) => (fields[5] = new Uint8Array(0))), 'op-prev'],
    [
      'a genesis with a past',
      changed((fields) => ([fields[1], fields[2]] = [new Uint8Array(0), 0])),
      'op-genesis',
    ],
    ['a field too many', changed((fields) => fields.push(0)), 'op-payload'],
    [
      'a method that does not exist',
      changed((fields) => (fields[7] = [filled(32), 3, filled(32), filled(64)])),
      'admit-method',
    ],
    [
      'a short consent',
      changed((fields) => (fields[7] = [filled(32), 1, filled(32), filled(63)])),
      'admit-consent',
    ],
    ['version 0', changed((fields) => (fields[0] = 0)), 'op-version'],
    ['a recovery signature on an admit', envelopeOf(bodies[2] as OpBody, true), 'op-recovery-signature'],
    ['a reset without one', envelopeOf(bodies[4] as OpBody, false), 'op-recovery-signature'],
    ['no array', encodeCanonical(1), 'op-envelope'],
  ])('[PR3] refuses %s', (_says, envelope, fault) => {
    expect(faultOf(envelope)).toBe(fault);
  });

  test('[PR4] refuses what is over a limit', () => {
    const merge = draftOf({ kind: 'merge' });
    const of = (draft: OpDraft): string => faultOf(encodeOpEnvelope(encodeOpPayload(draft), filled(64)));
    const ids = (count: number): Hash[] => Array.from({ length: count }, (_, i) => id(i));
    const keys = (count: number): DeviceKey[] => Array.from({ length: count }, (_, i) => key(i));
    const revoke = (count: number, cut?: Hash): OpBody => ({
      kind: 'revoke',
      targets: keys(count).map((target) => ({ key: target, keep: undefined, cut })),
      reason: 'lost',
    });
    const reset = (count: number): Uint8Array => envelopeOf({ kind: 'reset', keep: keys(count) });
    expect(of({ ...merge, deps: ids(8) })).toBe('accepted');
    expect(of({ ...merge, deps: ids(9) })).toBe('op-deps');
    expect(of({ ...merge, seq: 1023 })).toBe('accepted');
    expect(of({ ...merge, seq: 1024 })).toBe('op-seq');
    expect(faultOf(envelopeOf(revoke(48)))).toBe('accepted');
    expect(faultOf(envelopeOf(revoke(49)))).toBe('revoke-targets');
    expect(faultOf(envelopeOf(revoke(0)))).toBe('revoke-targets');
    expect(faultOf(reset(64))).toBe('accepted');
    expect(faultOf(reset(65))).toBe('reset-keep');
    expect(faultOf(reset(0))).toBe('reset-keep');
    expect(faultOf(new Uint8Array(5120))).toBe('cbor-too-long');
  });

  test('[PR5] reads an operation of a later type, and nothing of its body', () => {
    const envelope = changed((fields) => {
      fields[2] = 17;
      fields[7] = [1, [2, filled(3)]];
    });
    expect(decodeOp(envelope).body).toEqual({ kind: 'unknown', type: 17 });
  });

  test('[PR5] does not go on with an operation of a later version', () => {
    expect(faultOf(changed((fields) => (fields[0] = 2)))).toBe('version-unsupported');
    expect(faultOf(encodeOpEnvelope(encodeCanonical([2]), filled(64)))).toBe('version-unsupported');
  });
});
