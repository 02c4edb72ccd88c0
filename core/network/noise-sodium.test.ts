import fc from 'fast-check';
import { pureJsCrypto } from '@chainsafe/libp2p-noise';
import { Uint8ArrayList } from 'uint8arraylist';
import { expect, test } from 'vitest';
import { hexToBytes } from '../base/base.ts';
import { loadSodiumNoise } from './noise-sodium.ts';

const sodium = await loadSodiumNoise();
if (sodium === undefined) throw new Error('sodium-native does not load here');

const plain = (data: Uint8Array | { subarray(): Uint8Array }): Uint8Array =>
  Uint8Array.from(data instanceof Uint8Array ? data : data.subarray());

test('[NW17] the example of RFC 8439 section 2.8.2 comes out', () => {
  const message = new TextEncoder().encode(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
  );
  const additional = hexToBytes('50515253c0c1c2c3c4c5c6c7');
  const key = Uint8Array.from({ length: 32 }, (_, index) => 0x80 + index);
  const nonce = hexToBytes('070000004041424344454647');
  const sealed = plain(sodium.chaCha20Poly1305Encrypt(message, nonce, additional, key));
  expect(sealed.subarray(0, 8)).toEqual(hexToBytes('d31a8d34648e60db'));
  expect(sealed.subarray(-16)).toEqual(hexToBytes('1ae10b594f09e26a7e902ecbd0600691'));
  expect(plain(sodium.chaCha20Poly1305Decrypt(sealed, nonce, additional, key))).toEqual(message);
});

test('[NW17] it seals and opens as the library’s own does, in pieces and in place, and no changed byte passes', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 3_000 }),
      bytes(12),
      fc.uint8Array({ maxLength: 40 }),
      bytes(32),
      fc.nat(),
      (message, nonce, additional, key, flip) => {
        const cut = flip % (message.length + 1);
        const pieces = new Uint8ArrayList(message.subarray(0, cut), message.subarray(cut));
        const sealed = plain(sodium.chaCha20Poly1305Encrypt(pieces as never, nonce, additional, key));
        expect(sealed).toEqual(plain(pureJsCrypto.chaCha20Poly1305Encrypt(message, nonce, additional, key)));
        const spoilt = sealed.slice();
        spoilt[flip % spoilt.length] = (spoilt[flip % spoilt.length] as number) ^ 1;
        expect(() => sodium.chaCha20Poly1305Decrypt(spoilt, nonce, additional, key)).toThrow(Error);
        const target = sealed.subarray(0, message.length);
        expect(plain(sodium.chaCha20Poly1305Decrypt(sealed, nonce, additional, key, target))).toEqual(
          message,
        );
      },
    ),
    { numRuns: 60 },
  );
  const nothing = new Uint8Array(0);
  expect(() =>
    sodium.chaCha20Poly1305Decrypt(nothing, new Uint8Array(12), nothing, new Uint8Array(32)),
  ).toThrow(Error);
});
