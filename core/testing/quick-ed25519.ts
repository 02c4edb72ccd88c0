import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { ed25519 as exact } from '@noble/curves/ed25519.js';
import { bytesToHex, equalBytes } from '../base/base.ts';

export * from '@noble/curves/ed25519.js';

/** What stands before a key's 32 bytes in PKCS #8 and in SPKI. */
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** LIMIT: signatures whose judgement is remembered: a world's devices all judge the same ones. */
const maxJudged = 20_000;
interface Judged {
  readonly message: Uint8Array;
  readonly key: Uint8Array;
  readonly isRight: boolean;
}
const judged = new Map<string, Judged>();

/** LIMIT: keys whose other form is remembered. */
const maxKeys = 1_000;
const ownKeys = new Map<string, Uint8Array>();
const privateKeys = new Map<string, KeyObject>();
const publicKeys = new Map<string, KeyObject>();

/**
 * The product's Ed25519 with signing and verifying by the system's, which is some twenty times as fast. Both sign alike; they may judge alike only what
 * honest devices sign, so what the system refuses is judged again by the product's, and each signature once. For simulated worlds only, where nobody makes odd keys.
 */
export const ed25519 = {
  ...exact,
  getPublicKey,
  sign(message: Uint8Array, secret: Uint8Array): Uint8Array {
    const signature = new Uint8Array(sign(null, message, privateKey(secret)));
    remember(signature, { message: message.slice(), key: getPublicKey(secret), isRight: true });
    return signature;
  },
  /** Strictly, as the product does, whatever the options say. */
  verify(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
    const known = judged.get(nameOf(signature));
    if (known !== undefined && equalBytes(known.message, message) && equalBytes(known.key, key))
      return known.isRight;
    const isRight =
      verify(null, message, publicKey(key), signature) ||
      exact.verify(signature, message, key, { zip215: false });
    remember(signature, { message: message.slice(), key: key.slice(), isRight });
    return isRight;
  },
};

function getPublicKey(secret: Uint8Array): Uint8Array {
  const name = bytesToHex(secret);
  const known = ownKeys.get(name);
  if (known !== undefined) return known.slice();
  const spki = createPublicKey(privateKey(secret)).export({ format: 'der', type: 'spki' });
  const key = new Uint8Array(spki.subarray(publicPrefix.length));
  if (ownKeys.size >= maxKeys) ownKeys.clear();
  ownKeys.set(name, key);
  return key.slice();
}

function nameOf(signature: Uint8Array): string {
  return Buffer.from(signature).toString('latin1');
}

function remember(signature: Uint8Array, judgement: Judged): void {
  if (judged.size >= maxJudged) judged.clear();
  judged.set(nameOf(signature), judgement);
}

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
  if (known.size >= maxKeys) known.clear();
  known.set(name, found);
  return found;
}
