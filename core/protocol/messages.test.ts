import { describe, expect, test } from 'vitest';
import { SyncError } from '../model/errors.ts';
import { encodeCanonical } from './cbor.ts';
import { cleanName, deviceNameLimits, folderNameLimits } from './claimed-name.ts';
import { maxFrameBytes } from './frame-stream.ts';
import { decodePairMessage, encodePairMessage } from './pair-messages.ts';
import { decodeProfile, encodeProfile } from './profile-messages.ts';
import { filled, fullProfile, ids, pairMessages, trustMessages } from './testing/sample-messages.ts';
import { decodeTrustMessage, encodeTrustMessage } from './trust-messages.ts';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof SyncError) return error.code;
    throw error;
  }
  return 'accepted';
}

const helloWithFeatures = (features: readonly number[]) => [
  0,
  1,
  filled(0),
  [],
  filled(32),
  filled(16),
  features,
  [],
];

describe('messages', () => {
  test.each(trustMessages)('[PR6] trust $kind comes back and fits', (message) => {
    const frame = encodeTrustMessage(message);
    expect(frame.length).toBeLessThanOrEqual(maxFrameBytes['/lockstep/trust/1']);
    expect(decodeTrustMessage(frame)).toEqual(message);
  });

  test.each(pairMessages)('[PR6] pair $kind comes back and fits', (message) => {
    const frame = encodePairMessage(message);
    expect(frame.length).toBeLessThanOrEqual(maxFrameBytes['/lockstep/pair/1']);
    expect(decodePairMessage(frame)).toEqual(message);
  });

  test('[PR6] the fullest profile comes back and fits', () => {
    const frame = encodeProfile(fullProfile);
    expect(frame.length).toBeLessThanOrEqual(maxFrameBytes['/lockstep/profile/1']);
    expect(decodeProfile(frame)).toEqual(fullProfile);
  });

  test('[PR6] flags of a later version are ignored', () => {
    const frame = encodeCanonical([0, filled(0), 0, [[filled(16), filled(1), 0xfff9]]]);
    expect(decodeProfile(frame).folders[0]).toMatchObject({ sends: true, receives: false, paused: false });
  });

  test.each([
    ['an unknown message', encodeCanonical([9])],
    ['no array', encodeCanonical(1)],
    ['nothing in it', encodeCanonical([])],
    ['a field too many', encodeCanonical([3, [], 0])],
    ['heads not in order', encodeCanonical([3, [filled(32), filled(32)]])],
    ['features not in order', encodeCanonical(helloWithFeatures([2, 1]))],
    ['a feature twice', encodeCanonical(helloWithFeatures([1, 1]))],
    ['too many heads', encodeCanonical([3, ids(65).map((id) => Buffer.from(id, 'hex'))])],
    ['an empty list of operations', encodeCanonical([2, []])],
    ['an operation over the limit', encodeCanonical([2, [filled(4097)]])],
    ['a short consent', encodeCanonical([6, filled(32), filled(63)])],
    ['a wish for no list', encodeCanonical([7, []])],
    ['an empty list', encodeCanonical([8, filled(0)])],
    ['a wish for no consent', encodeCanonical([5, filled(0)])],
    ['no CBOR', filled(3)],
  ])('[PR6] refuses a trust message with %s', (_says, frame) => {
    expect(codeOf(() => decodeTrustMessage(frame))).toBe('peer-misbehaved');
  });

  test.each([
    ['an invitation without a ticket', encodeCanonical([0, 1, 1, filled(3), filled(0)])],
    ['a ticket without an invitation', encodeCanonical([0, 1, 0, filled(3), filled(16)])],
    ['a name of 10 kB', encodeCanonical([0, 1, 0, filled(10_000), filled(0)])],
    ['a name over the limit', encodeCanonical([0, 1, 0, filled(257), filled(0)])],
    ['an unknown refusal', encodeCanonical([8, 99])],
    ['an unknown message', encodeCanonical([99])],
  ])('[PR6] refuses a pair message with %s', (_says, frame) => {
    expect(codeOf(() => decodePairMessage(frame))).toBe('peer-misbehaved');
  });

  test('[PR6] a hello of another version is told apart, whatever else stands in it', () => {
    expect(codeOf(() => decodeTrustMessage(encodeCanonical([0, 2, 1, 2, 3])))).toBe('version-unsupported');
    expect(codeOf(() => decodePairMessage(encodeCanonical([0, 2])))).toBe('version-unsupported');
  });

  test.each([
    ['Anna\u202egpj.exe', 'Annagpj.exe'],
    ['\u2066Studio\u2069-\u200bMac\u0007', 'Studio-Mac'],
    ['  two \r\n lines\u2028here ', 'two lines here'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['e\u0301', '\u00e9'],
    ['x'.repeat(100), 'x'.repeat(64)],
    ['\u{1F600}'.repeat(100), '\u{1F600}'.repeat(64)],
    ['\u0000', ''],
  ])('[PR7] %j is shown as %j', (name, shown) => {
    expect(cleanName(name, deviceNameLimits)).toBe(shown);
    const hello = { kind: 'hello', method: 'sas', claimedName: name, ticket: undefined } as const;
    expect(decodePairMessage(encodePairMessage(hello))).toMatchObject({ claimedName: shown });
  });

  test('[PR7] a name is cut between characters, and is never over its bytes', () => {
    const cut = cleanName('\u{1F600}'.repeat(200), folderNameLimits);
    expect(cut).toBe('\u{1F600}'.repeat(63));
    expect(new TextEncoder().encode(cut).length).toBeLessThanOrEqual(folderNameLimits.maxBytes);
  });

  test('[PR7] bytes that are no text do not break the message', () => {
    const frame = encodeCanonical([0, 1, 0, Uint8Array.of(0x41, 0xff, 0xe2, 0x80, 0xae, 0x42), filled(0)]);
    expect(decodePairMessage(frame)).toMatchObject({ claimedName: 'A\ufffdB' });
  });
});
