import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes } from '../base/pure.ts';
import { type DeviceKey, deviceKey, type Hash, hash } from '../model/ids.ts';

const utf8 = new TextEncoder();

/** `prefix` followed by `parts`: what is hashed or signed for one purpose never stands for another. */
export function prefixed(prefix: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes([utf8.encode(prefix), ...parts]);
}

/** SHA-256 of `bytes`. */
export function sha256Of(bytes: Uint8Array): Hash {
  return bytesToHash(sha256(bytes));
}

/** The 32 bytes of a hash or a device key, as they are sent. */
export function keyToBytes(key: Hash | DeviceKey): Uint8Array {
  return hexToBytes(key);
}

/** The hash that 32 bytes are. */
export function bytesToHash(bytes: Uint8Array): Hash {
  return hash(bytesToHex(bytes));
}

/** The device key that 32 bytes are; whether it is a usable key is for trust to say. */
export function bytesToDeviceKey(bytes: Uint8Array): DeviceKey {
  return deviceKey(bytesToHex(bytes));
}

/** What stands for "none" where a hash or a key is optional. */
export const noBytes = new Uint8Array(0);

/** The 32 bytes, or {@link noBytes}. */
export function optionalBytes(key: Hash | DeviceKey | undefined): Uint8Array {
  return key === undefined ? noBytes : keyToBytes(key);
}
