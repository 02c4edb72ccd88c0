import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToHex } from '../base/pure.ts';
import {
  type CborValue,
  decodeCanonical,
  encodeCanonical,
  keyToBytes,
  sha256Of,
} from '../protocol/protocol.ts';
import { createIdentity } from './identity.ts';
import { newPassphraseHandle, passphraseToSecret } from './passphrase.ts';
import { maxSealedKeyBytes, openSealedSeed, readSealedKey, sealSeed } from './sealed-key.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const kinds = ['os-store', 'keyring', 'passphrase'] as const;
const sealings = fc.record({
  seed: bytes(32),
  kind: fc.constantFrom(...kinds),
  handle: fc.uint8Array({ maxLength: 600 }),
  secret: bytes(32),
  nonce: bytes(12),
});

describe('a sealed key', () => {
  test('[TR39] opens with its secret, and says without it whose it is', () => {
    fc.assert(
      fc.property(sealings, (sealing) => {
        const file = sealSeed(sealing);
        const { seed, kind, handle, secret } = sealing;
        expect(openSealedSeed(file, secret)).toEqual(seed);
        expect(readSealedKey(file)).toEqual({ kind, handle, deviceKey: createIdentity(seed).deviceKey });
        expect(file.length).toBeLessThanOrEqual(maxSealedKeyBytes);
        for (const hidden of [seed, secret]) expect(bytesToHex(file)).not.toContain(bytesToHex(hidden));
      }),
      { numRuns: 50 },
    );
  });

  test('[TR39] gives nothing to another secret, and is not called damaged', () => {
    fc.assert(
      fc.property(sealings, fc.nat(255), (sealing, bit) => {
        const file = sealSeed(sealing);
        const wrong = flipped(sealing.secret, bit);
        expect(openSealedSeed(file, wrong)).toBeUndefined();
        expect(readSealedKey(file)).toBeDefined();
      }),
      { numRuns: 50 },
    );
  });

  test('[TR39] gives nothing with any one bit flipped, cut anywhere, or with something after it', () => {
    const sealing = {
      seed: new Uint8Array(32).fill(1),
      kind: 'keyring' as const,
      handle: new Uint8Array(16).fill(2),
      secret: new Uint8Array(32).fill(3),
      nonce: new Uint8Array(12).fill(4),
    };
    const file = sealSeed(sealing);
    const refused = (changed: Uint8Array): boolean =>
      openSealedSeed(changed, sealing.secret) === undefined && readSealedKey(changed) === undefined;
    const kept: string[] = [];
    for (let bit = 0; bit < file.length * 8; bit += 1)
      if (!refused(flipped(file, bit))) kept.push(`bit ${bit}`);
    for (let end = 0; end < file.length; end += 1)
      if (!refused(file.slice(0, end))) kept.push(`cut at ${end}`);
    if (!refused(Uint8Array.of(...file, 0))) kept.push('longer');
    expect(kept).toEqual([]);
  });

  test('[TR39] gives nothing with any one bit of a part flipped and the check made right again', () => {
    const secret = new Uint8Array(32).fill(3);
    const file = sealSeed({
      seed: new Uint8Array(32).fill(1),
      kind: 'keyring',
      handle: new Uint8Array(16).fill(2),
      secret,
      nonce: new Uint8Array(12).fill(4),
    });
    const parts = (decodeCanonical(file, { maxBytes: 4096, maxItems: 8 }) as readonly CborValue[]).slice(
      0,
      -1,
    );
    const checked = (all: readonly CborValue[]): Uint8Array =>
      encodeCanonical([...all, keyToBytes(sha256Of(encodeCanonical(all)))]);
    expect(openSealedSeed(checked(parts), secret)).toBeDefined();
    expect(openSealedSeed(checked([parts[0] ?? 0, 0, ...parts.slice(2)]), secret)).toBeUndefined();
    const opened: string[] = [];
    for (const [at, part] of parts.entries()) {
      if (!(part instanceof Uint8Array)) continue;
      for (let bit = 0; bit < part.length * 8; bit += 1) {
        const forged = checked(parts.with(at, flipped(part, bit)));
        expect(readSealedKey(forged)).toBeDefined();
        if (openSealedSeed(forged, secret) !== undefined) opened.push(`part ${at}, bit ${bit}`);
      }
    }
    expect(opened).toEqual([]);
  });

  test('[TR39] is not found in what is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        expect(readSealedKey(noise)).toBeUndefined();
        expect(openSealedSeed(noise, new Uint8Array(32))).toBeUndefined();
      }),
    );
  });
});

describe('a passphrase', () => {
  const salt = new Uint8Array(16).fill(7);
  const cheap = newPassphraseHandle(salt, 15);

  test('[TR40] gives one secret with one salt, however its letters are put together', async () => {
    const secret = await passphraseToSecret('caf\u00e9 au lait', cheap);
    expect(secret).toHaveLength(32);
    expect(await passphraseToSecret('cafe\u0301 au lait', cheap)).toEqual(secret);
    const others = await Promise.all([
      passphraseToSecret('cafe au lait', cheap),
      passphraseToSecret('caf\u00e9 au lait', newPassphraseHandle(new Uint8Array(16), 15)),
    ]);
    for (const other of others) expect(other).not.toEqual(secret);
  });

  test('[TR40] costs 128 MiB, and a file may not ask for far less or more', async () => {
    expect(newPassphraseHandle(salt)[0]).toBe(17);
    for (const cost of [0, 14, 21, 255])
      expect(await passphraseToSecret('words', newPassphraseHandle(salt, cost))).toBeUndefined();
    expect(await passphraseToSecret('words', cheap.subarray(1))).toBeUndefined();
    expect(await passphraseToSecret('words', new Uint8Array(0))).toBeUndefined();
  });

  test('[TR40] gives what scrypt gives (a vector by another implementation)', async () => {
    const secret = await passphraseToSecret('correct horse battery staple', cheap);
    expect(Buffer.from(secret ?? []).toString('hex')).toBe(
      '418001f224426b0fda3f6174297a7af6529725d2d4f5192e78bfc8b2851d6e55',
    );
  });
});

function flipped(bytesBefore: Uint8Array, bit: number): Uint8Array {
  const changed = bytesBefore.slice();
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return changed;
}
