import { SyncError } from '../model/errors.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import type { CborValue } from './cbor.ts';
import { bytesToDeviceKey, bytesToHash } from './hash-bytes.ts';

// Each reader takes one decoded value and the form it must have; `what` names the value in the SyncError `peer-misbehaved` for any other form.

/** A whole number from `min` to `max`. */
export function readInteger(value: CborValue | undefined, min: number, max: number, what: string): number {
  if (typeof value !== 'number' || value < min || value > max) throw misshapen(what);
  return value;
}

/** A byte string of `minBytes` to `maxBytes`. */
export function readBytes(
  value: CborValue | undefined,
  minBytes: number,
  maxBytes: number,
  what: string,
): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length < minBytes || value.length > maxBytes)
    throw misshapen(what);
  return value;
}

/** A byte string of exactly `length` bytes, or an empty one, which stands for "none". */
export function readBytesOrNone(
  value: CborValue | undefined,
  length: number,
  what: string,
): Uint8Array | undefined {
  const bytes = readBytes(value, 0, length, what);
  if (bytes.length === 0) return undefined;
  if (bytes.length !== length) throw misshapen(what);
  return bytes;
}

/** An array of exactly `length` values, each of its own form. */
export function readTuple(value: CborValue | undefined, length: number, what: string): readonly CborValue[] {
  return readList(value, length, length, (item) => item, what);
}

/** An array of `minLength` to `maxLength` values of one form. */
export function readList<T>(
  value: CborValue | undefined,
  minLength: number,
  maxLength: number,
  readItem: (item: CborValue) => T,
  what: string,
): readonly T[] {
  if (!Array.isArray(value) || value.length < minLength || value.length > maxLength) throw misshapen(what);
  return (value as readonly CborValue[]).map(readItem);
}

/** A list of `min` to `max` values of one form whose keys rise strictly, so that a set has one encoding. */
export function readSortedList<T>(
  value: CborValue | undefined,
  length: { readonly min: number; readonly max: number },
  readItem: (item: CborValue) => T,
  keyOf: (item: T) => string,
  what: string,
): readonly T[] {
  const items = readList(value, length.min, length.max, readItem, what);
  const keys = items.map(keyOf);
  for (let i = 1; i < keys.length; i++)
    if ((keys[i - 1] as string) >= (keys[i] as string)) throw misshapen(what);
  return items;
}

/** One of `choices`, given by its place. */
export function readChoice<T>(value: CborValue | undefined, choices: readonly T[], what: string): T {
  return choices[readInteger(value, 0, choices.length - 1, what)] as T;
}

/** A hash, 32 bytes. */
export function readHash(value: CborValue | undefined, what: string): Hash {
  return bytesToHash(readBytes(value, 32, 32, what));
}

/** A hash, or undefined for an empty byte string. */
export function readHashOrNone(value: CborValue | undefined, what: string): Hash | undefined {
  const bytes = readBytesOrNone(value, 32, what);
  return bytes && bytesToHash(bytes);
}

/** A device key, 32 bytes. */
export function readDeviceKey(value: CborValue | undefined, what: string): DeviceKey {
  return bytesToDeviceKey(readBytes(value, 32, 32, what));
}

/** A device key, or undefined for an empty byte string. */
export function readDeviceKeyOrNone(value: CborValue | undefined, what: string): DeviceKey | undefined {
  const bytes = readBytesOrNone(value, 32, what);
  return bytes && bytesToDeviceKey(bytes);
}

/** The error for a message that is canonical but has the wrong form. */
export function misshapen(what: string): SyncError {
  return new SyncError('peer-misbehaved', { what });
}
