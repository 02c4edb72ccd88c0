import { createCipheriv, createDecipheriv } from 'node:crypto';
import { concatBytes, equalBytes, invariant } from '../base/pure.ts';
import type { DeviceKey } from '../model/ids.ts';
import {
  bytesToDeviceKey,
  type CborValue,
  decodeCanonical,
  encodeCanonical,
  keyToBytes,
  readBytes,
  readChoice,
  readInteger,
  readTuple,
  sha256Of,
} from '../protocol/protocol.ts';
import { createIdentity } from './identity.ts';

/** What the secret that opens a sealed key comes from. */
export type SealKind = (typeof sealKinds)[number];

/** What a sealed key says without being opened. */
export interface SealedKeyHead {
  readonly kind: SealKind;
  readonly deviceKey: DeviceKey;
  /** What finds the secret again; its form is the kind's own. */
  readonly handle: Uint8Array;
}

/** LIMIT: the longest handle; a sealed secret of the system's store has a few hundred bytes. */
export const maxHandleBytes = 4096;
/** LIMIT: a sealed key in a file. */
export const maxSealedKeyBytes = maxHandleBytes + 256;

const version = 1;
const sealKinds = ['os-store', 'keyring', 'passphrase'] as const;
const cipher = 'aes-256-gcm';
const secretBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * The file of a key that `secret` (32 bytes, used for nothing else) opens: canonical `[version, kind, deviceKey:32, handle, nonce:12, sealed:48, check:32]`. The
 * seed is sealed by AES-256-GCM with all before the nonce as associated data; check is the SHA-256 of the array without it, so that damage is told from a wrong secret.
 */
export function sealSeed(parts: {
  readonly seed: Uint8Array;
  readonly kind: SealKind;
  readonly handle: Uint8Array;
  readonly secret: Uint8Array;
  /** 12 random bytes. */
  readonly nonce: Uint8Array;
}): Uint8Array {
  const { seed, kind, handle, secret, nonce } = parts;
  invariant(
    secret.length === secretBytes && nonce.length === nonceBytes,
    'secret and nonce have their length',
  );
  invariant(handle.length <= maxHandleBytes, 'a handle is short');
  const head = headOf({ kind, handle, deviceKey: createIdentity(seed).deviceKey });
  const sealing = createCipheriv(cipher, secret, nonce).setAAD(encodeCanonical(head));
  const body = concatBytes([sealing.update(seed), sealing.final(), sealing.getAuthTag()]);
  const all = [...head, nonce, body];
  return encodeCanonical([...all, checkOf(all)]);
}

/** What the file of a sealed key says; undefined if it is none, or damaged. Never throws. */
export function readSealedKey(file: Uint8Array): SealedKeyHead | undefined {
  return parse(file)?.head;
}

/** The seed in the file of a sealed key; undefined if `secret` is not the one it was sealed with, or the file was changed. Never throws. */
export function openSealedSeed(file: Uint8Array, secret: Uint8Array): Uint8Array | undefined {
  const parsed = parse(file);
  if (parsed === undefined || secret.length !== secretBytes) return undefined;
  const { head, nonce, body } = parsed;
  const opening = createDecipheriv(cipher, secret, nonce, { authTagLength: tagBytes })
    .setAAD(encodeCanonical(headOf(head)))
    .setAuthTag(body.subarray(-tagBytes));
  try {
    const seed = concatBytes([opening.update(body.subarray(0, -tagBytes)), opening.final()]);
    return createIdentity(seed).deviceKey === head.deviceKey ? seed : undefined;
  } catch {
    return undefined;
  }
}

function headOf({ kind, deviceKey, handle }: SealedKeyHead): readonly CborValue[] {
  return [version, sealKinds.indexOf(kind), keyToBytes(deviceKey), handle];
}

function checkOf(values: readonly CborValue[]): Uint8Array {
  return keyToBytes(sha256Of(encodeCanonical(values)));
}

function parse(
  file: Uint8Array,
): { readonly head: SealedKeyHead; readonly nonce: Uint8Array; readonly body: Uint8Array } | undefined {
  try {
    const value = decodeCanonical(file, { maxBytes: maxSealedKeyBytes, maxItems: 8 });
    const values = readTuple(value, 7, 'sealed-key');
    const [itsVersion, kind, deviceKey, handle, nonce, body, check] = values;
    readInteger(itsVersion, version, version, 'sealed-key-version');
    if (!equalBytes(readBytes(check, 32, 32, 'sealed-key-check'), checkOf(values.slice(0, -1))))
      return undefined;
    return {
      head: {
        kind: readChoice(kind, sealKinds, 'sealed-key-kind'),
        deviceKey: bytesToDeviceKey(readBytes(deviceKey, 32, 32, 'sealed-key-device')),
        handle: readBytes(handle, 0, maxHandleBytes, 'sealed-key-handle'),
      },
      nonce: readBytes(nonce, nonceBytes, nonceBytes, 'sealed-key-nonce'),
      body: readBytes(body, secretBytes + tagBytes, secretBytes + tagBytes, 'sealed-key-body'),
    };
  } catch {
    return undefined;
  }
}
