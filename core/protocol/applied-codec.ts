import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '../base/pure.ts';
import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import type { VectorItem } from '../model/past.ts';
import { readVector } from './announcement-codec.ts';
import { type CborValue, encodeCanonical } from './cbor.ts';
import { misshapen, readBytes, readDeviceKey, readInteger, readList } from './cbor-read.ts';
import { dotsToCbor, readFlag } from './entry-codec.ts';
import { keyToBytes, prefixed } from './hash-bytes.ts';

/** A device's word on how much of a folder its disk has shown. */
export interface AppliedStatement {
  readonly device: DeviceKey;
  /** Rises with every word of the device on the folder; its clock's milliseconds, so that a lost index does not set it back. */
  readonly serial: number;
  /** Per incarnation the counter up to which its disk has shown every write; undefined: the device does not keep the folder. */
  readonly applied: readonly VectorItem[] | undefined;
  readonly signature: Uint8Array;
}

/** LIMIT: statements in one frame, one for each device a group may ever have. */
export const maxAppliedStatements = 256;

/** The bytes a device signs for its word on a folder of a group. */
export function appliedSigningBytes(
  group: Hash,
  folderId: FolderId,
  { device, serial, applied }: Omit<AppliedStatement, 'signature'>,
): Uint8Array {
  return prefixed(
    'lockstep applied 1\n',
    encodeCanonical([
      keyToBytes(group),
      hexToBytes(folderId),
      keyToBytes(device),
      serial,
      applied === undefined ? 0 : 1,
      dotsToCbor(applied ?? []),
    ]),
  );
}

/** What devices compare of the words they know: undefined if they know none. `statements` are one for each device. */
export function appliedDigest(
  statements: readonly Pick<AppliedStatement, 'device' | 'serial'>[],
): Hash | undefined {
  if (statements.length === 0) return undefined;
  const lines = statements.map(({ device, serial }) => `${device} ${serial}\n`).sort();
  return bytesToHex(sha256(prefixed(`lockstep applied known 1\n${lines.join('')}`))) as Hash;
}

/** A statement as it is sent. */
export function appliedToCbor({ device, serial, applied, signature }: AppliedStatement): CborValue {
  return [keyToBytes(device), serial, applied === undefined ? 0 : 1, dotsToCbor(applied ?? []), signature];
}

/** Reads a statement; whether its signature is the device's is for trust to say. Throws SyncError `peer-misbehaved`. */
export function readApplied(value: CborValue): AppliedStatement {
  const [device, serial, keeps, vector, signature] = readList(value, 5, 16, (item) => item, 'applied');
  const applied = readVector(vector, 'applied');
  const isKept = readFlag(keeps, 'applied');
  if (!isKept && applied.length > 0) throw misshapen('applied');
  return {
    device: readDeviceKey(device, 'applied'),
    serial: readInteger(serial, 1, Number.MAX_SAFE_INTEGER, 'applied'),
    applied: isKept ? applied : undefined,
    signature: readBytes(signature, 64, 64, 'applied'),
  };
}
