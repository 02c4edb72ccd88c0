import { ed25519 } from '@noble/curves/ed25519.js';
import { hexToBytes, invariant } from '../base/pure.ts';
import type { DeviceKey } from '../model/ids.ts';
import { bytesToDeviceKey } from '../protocol/protocol.ts';

/** A key that can sign: a device's own, or a group's recovery key. The private half stays inside. */
export interface Identity {
  readonly deviceKey: DeviceKey;
  /** Ed25519 signature of `message`, 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/** The identity of a 32-byte seed; the same seed always gives the same key. */
export function createIdentity(seed: Uint8Array): Identity {
  invariant(seed.length === 32, 'a seed has 32 bytes');
  const secret = seed.slice();
  return {
    deviceKey: bytesToDeviceKey(ed25519.getPublicKey(secret)),
    sign: (message) => ed25519.sign(message, secret),
  };
}

/**
 * Whether `signature` is `signer`'s over `message`. Never throws.
 * The only verifier of signatures: other Ed25519 implementations disagree about odd keys, and devices that disagree would split the group.
 * Strict (RFC 8032 encodings), and no signature by a small-order key, which would be valid for any message, counts.
 */
export function verifyStrict(signature: Uint8Array, message: Uint8Array, signer: DeviceKey): boolean {
  if (signature.length !== 64) return false;
  return ed25519.verify(signature, message, hexToBytes(signer), { zip215: false });
}

/** Whether a key can belong to a device: a canonical point of the curve, not of small order. */
export function isUsableKey(key: DeviceKey): boolean {
  try {
    return !ed25519.Point.fromBytes(hexToBytes(key), false).isSmallOrder();
  } catch {
    return false;
  }
}
