import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToHex, hexToBytes } from '../base/pure.ts';
import { SyncError } from '../model/errors.ts';
import { deviceKey } from '../model/ids.ts';
import { deviceKeyBegins, deviceKeyToText, keyWords, textToDeviceKey } from './device-key-text.ts';
import { createIdentity, isUsableKey, verifyStrict } from './identity.ts';
import { recoveryKeyFromSeed, recoverySeedToWords, wordsToRecoverySeed } from './recovery.ts';

const seed = hexToBytes('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
const smallOrderKeys = [
  `01${'00'.repeat(31)}`,
  `ecff${'ff'.repeat(29)}7f`,
  '00'.repeat(32),
  `${'00'.repeat(31)}80`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
];

describe('identity', () => {
  test('[TR1] a seed gives its key and its signatures (RFC 8032, test 1)', () => {
    const identity = createIdentity(seed);
    expect(identity.deviceKey).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
    const signature = identity.sign(new Uint8Array(0));
    expect(bytesToHex(signature).startsWith('e5564300c360ac729086e2cc806e828a84877f1eb8e5d974')).toBe(true);
    expect(verifyStrict(signature, new Uint8Array(0), identity.deviceKey)).toBe(true);
    expect(verifyStrict(signature, Uint8Array.of(1), identity.deviceKey)).toBe(false);
    expect(verifyStrict(signature.subarray(1), new Uint8Array(0), identity.deviceKey)).toBe(false);
  });

  test.each(smallOrderKeys)('[TR1] [A2] the small-order key %s signs nothing', (text) => {
    const key = deviceKey(text);
    const signature = new Uint8Array(64);
    signature[0] = 1;
    expect(verifyStrict(signature, Uint8Array.of(1, 2), key)).toBe(false);
    expect(isUsableKey(key)).toBe(false);
  });

  test('[TR1] [A2] a signature others take for good over any message is refused', () => {
    const publicKey = hexToBytes(`01${'00'.repeat(31)}`);
    const signature = new Uint8Array(64);
    signature[0] = 1;
    expect(ed25519.verify(signature, Uint8Array.of(1, 2), publicKey)).toBe(true);
    expect(verifyStrict(signature, Uint8Array.of(1, 2), deviceKey(bytesToHex(publicKey)))).toBe(false);
  });

  test('[TR1] [A2] keys and signatures in another encoding are refused', () => {
    const key = deviceKey(`ee${'ff'.repeat(30)}7f`);
    expect(isUsableKey(key)).toBe(false);
    expect(isUsableKey(deviceKey('02'.padEnd(64, '0')))).toBe(false);
    const identity = createIdentity(seed);
    const signature = identity.sign(Uint8Array.of(1));
    // S + L is another encoding of the same signature.
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = BigInt(`0x${bytesToHex(signature.slice(32).toReversed())}`) + order;
    const malleated = signature.slice();
    for (let i = 32; i < 64; i++, s >>= 8n) malleated[i] = Number(s & 255n);
    expect(verifyStrict(signature, Uint8Array.of(1), identity.deviceKey)).toBe(true);
    expect(verifyStrict(malleated, Uint8Array.of(1), identity.deviceKey)).toBe(false);
  });
});

describe('device key text', () => {
  const key = createIdentity(seed).deviceKey;
  const text = deviceKeyToText(key);
  const fails = (wrong: string): boolean => {
    try {
      return textToDeviceKey(wrong) !== key;
    } catch (error) {
      return error instanceof SyncError && error.code === 'bad-argument';
    }
  };

  test('[TR2] is eight groups of seven, and never changes', () => {
    expect(text).toBe('25NJQAM-CWEFLPV-KL73J4S-ZAHHIHO-C4XT3KT-CGJNPAI-NGR5YHK-ENAAI22');
    expect(keyWords(key).join(' ')).toBe('coconut memory letter typical glow solar');
  });

  test('[TR2] is read back however it was typed', () => {
    const sloppy = text
      .toLowerCase()
      .replaceAll('-', ' ')
      .replaceAll('o', '0')
      .replaceAll('i', '1')
      .replaceAll('b', '8');
    for (const typed of [
      text,
      text.replaceAll('-', ''),
      sloppy,
      ` ${text}\n`,
      text.replaceAll('-', '\u2011'),
    ])
      expect(textToDeviceKey(typed)).toBe(key);
  });

  test('[TR2] every key comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const some = createIdentity(bytes).deviceKey;
        expect(textToDeviceKey(deviceKeyToText(some))).toBe(some);
      }),
      { numRuns: 20 },
    );
  });

  test('[TR2] a wrong character, two swapped ones, and a missing one are seen', () => {
    const plain = text.replaceAll('-', '');
    for (let i = 0; i < plain.length; i++) {
      const other = plain[i] === 'A' ? 'C' : 'A';
      expect(fails(plain.slice(0, i) + other + plain.slice(i + 1)), `wrong at ${i}`).toBe(true);
      expect(fails(plain.slice(0, i) + plain.slice(i + 1)), `missing at ${i}`).toBe(true);
      const swapped = plain.slice(0, i) + (plain[i + 1] ?? '') + plain[i] + plain.slice(i + 2);
      expect(swapped === plain || fails(swapped), `swapped at ${i}`).toBe(true);
    }
    expect(fails(`${text}A`)).toBe(true);
    expect(fails('')).toBe(true);
    expect(fails(text.replace('T', '!'))).toBe(true);
  });

  test('[TR2] a beginning of seven characters finds a key', () => {
    expect(deviceKeyBegins(key, text.slice(0, 7).toLowerCase())).toBe(true);
    expect(deviceKeyBegins(key, text.slice(0, 9))).toBe(true);
    expect(deviceKeyBegins(key, text.slice(0, 6))).toBe(false);
    expect(deviceKeyBegins(key, 'AAAAAAA')).toBe(false);
  });

  test('[TR2] other keys have other words', () => {
    expect(keyWords(key)).toHaveLength(6);
    expect(keyWords(createIdentity(new Uint8Array(32)).deviceKey)).not.toEqual(keyWords(key));
  });
});

describe('recovery code', () => {
  const recoverySeed = hexToBytes('000102030405060708090a0b0c0d0e0f');
  const words = recoverySeedToWords(recoverySeed);

  test('[TR3] is twelve words, and gives the same key for ever', () => {
    expect(words.split(' ')).toHaveLength(12);
    expect(wordsToRecoverySeed(`  ${words.toUpperCase().replaceAll(' ', '  \n')} `)).toEqual(recoverySeed);
    expect(recoveryKeyFromSeed(recoverySeed).deviceKey).toBe(
      'c423db7dbe449bddb8c78549023a0cd84a4eda3be31d3c1eed1e17168bb02af5',
    );
  });

  test.each([words.slice(1), `${words} ${words}`, words.split(' ').toReversed().join(' '), ''])(
    '[TR3] refuses %j and does not repeat it',
    (wrong) => {
      let error: unknown;
      try {
        wordsToRecoverySeed(wrong);
      } catch (caught) {
        error = caught;
      }
      expect(error).toMatchObject({ code: 'bad-argument', facts: { what: 'recovery-code' } });
      expect((error as Error).cause).toBeUndefined();
    },
  );
});
