import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { ed25519 as exact } from '@noble/curves/ed25519.js';
import { bytesToHex } from '../base/base.ts';

export * from '@noble/curves/ed25519.js';

/** What stands before a key's 32 bytes in PKCS #8 and in SPKI. */
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');

const privateKeys = new Map<string, KeyObject>();
const publicKeys = new Map<string, KeyObject>();

/**
 * The product's Ed25519 with signing and verifying by the system's, which is some twenty times as fast. Both sign alike; they may judge alike only what
 * honest devices sign, so what the system refuses is judged again by the product's. For simulated worlds only, where nobody makes odd keys.
 */
export const ed25519 = {
  ...exact,
  getPublicKey: (secret: Uint8Array): Uint8Array =>
    new Uint8Array(
      createPublicKey(privateKey(secret))
        .export({ format: 'der', type: 'spki' })
        .subarray(publicPrefix.length),
    ),
  sign: (message: Uint8Array, secret: Uint8Array): Uint8Array =>
    new Uint8Array(sign(null, message, privateKey(secret))),
  verify: (
    signature: Uint8Array,
    message: Uint8Array,
    key: Uint8Array,
    options?: { readonly zip215?: boolean },
  ): boolean =>
    verify(null, message, publicKey(key), signature) || exact.verify(signature, message, key, options),
};

function privateKey(secret: Uint8Array): KeyObject {
  return keyFor(privateKeys, secret, () =>
    createPrivateKey({ key: Buffer.concat([privatePrefix, secret]), format: 'der', type: 'pkcs8' }),
  );
}

function publicKey(key: Uint8Array): KeyObject {
  return keyFor(publicKeys, key, () =>
    createPublicKey({ key: Buffer.concat([publicPrefix, key]), format: 'der', type: 'spki' }),
  );
}

function keyFor(known: Map<string, KeyObject>, bytes: Uint8Array, make: () => KeyObject): KeyObject {
  const name = bytesToHex(bytes);
  const found = known.get(name) ?? make();
  if (known.size > 1_000) known.clear();
  known.set(name, found);
  return found;
}
