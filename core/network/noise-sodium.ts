import { createHash } from 'node:crypto';
import type { Sodium } from 'sodium-native';
import { type ICryptoInterface, pureJsCrypto } from '@chainsafe/libp2p-noise';

const tagBytes = 16;
/** LIMIT: the longest message of Noise. */
const noiseMessageBytes = 65_535;

/** What Noise hands over: bytes, or a list of them. */
type Bytes = Uint8Array | (Iterable<Uint8Array> & { readonly byteLength: number; subarray(): Uint8Array });

const flat = (data: Bytes): Uint8Array => (data instanceof Uint8Array ? data : data.subarray());
const orNone = (data: Uint8Array): Uint8Array | null => (data.byteLength === 0 ? null : data);

/** Noise's primitives with ChaCha20-Poly1305 by libsodium: three times as fast as what Electron has otherwise. Undefined where the addon cannot be loaded; libp2p's own choice then works too, only slower. */
export async function loadSodiumNoise(): Promise<ICryptoInterface | undefined> {
  let sodium: Sodium;
  try {
    sodium = (await import('sodium-native')).default;
  } catch {
    return undefined;
  }
  const scratch = Buffer.allocUnsafeSlow(noiseMessageBytes);
  /** The same bytes in one piece, until this is called again: what sealing and opening read is needed no longer than they take. */
  const gathered = (data: Bytes): Uint8Array => {
    if (data instanceof Uint8Array || data.byteLength > scratch.length) return flat(data);
    let at = 0;
    for (const piece of data) {
      scratch.set(piece, at);
      at += piece.length;
    }
    return scratch.subarray(0, at);
  };
  return {
    ...pureJsCrypto,
    hashSHA256: (data) => createHash('sha256').update(flat(data)).digest(),
    chaCha20Poly1305Encrypt(plaintext, nonce, additional, key) {
      const message = gathered(plaintext);
      const sealed = Buffer.allocUnsafeSlow(message.byteLength + tagBytes);
      sodium.crypto_aead_chacha20poly1305_ietf_encrypt(
        sealed,
        message,
        orNone(additional),
        null,
        nonce,
        flat(key),
      );
      return sealed;
    },
    chaCha20Poly1305Decrypt(ciphertext, nonce, additional, key, target) {
      const sealed = gathered(ciphertext);
      if (sealed.byteLength < tagBytes) throw new Error('sealed message is shorter than its tag');
      // libsodium may decrypt in place, so a target inside `ciphertext` is fine. A wrong tag throws.
      const message = target ?? Buffer.allocUnsafeSlow(sealed.byteLength - tagBytes);
      sodium.crypto_aead_chacha20poly1305_ietf_decrypt(
        message,
        null,
        sealed,
        orNone(additional),
        nonce,
        flat(key),
      );
      return message;
    },
  };
}
