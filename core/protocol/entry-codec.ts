import { hash as hashOnce } from 'node:crypto';
import { bytesToHex, concatBytes, hexToBytes } from '../base/pure.ts';
import { type Entry, maxFrom, type Member } from '../model/entry.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, Hash, HashPrefix, IncarnationId } from '../model/ids.ts';
import {
  compareDots,
  counterOf,
  type Dot,
  maxPastExceptions,
  maxPastIncarnations,
  type Past,
  pastHas,
} from '../model/past.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from './cbor.ts';
import { misshapen, readBytes, readInteger, readList, readTuple } from './cbor-read.ts';
import { maxEntryBytes, maxLinkTargetBytes } from './limits.ts';
import { bytesToText, readPath, textToBytes } from './text-codec.ts';

const version = 1;
const kindCodes = { file: 0, directory: 1, symlink: 2, tombstone: 3 } as const;
const limits = { maxBytes: maxEntryBytes, maxItems: 2048 };
/** LIMIT: fields of later versions that may follow the known ones in an array. */
const maxUnknownFields = 16;
const hashDomain = new TextEncoder().encode('lockstep entry 1\n');
const nsPerSecond = 1_000_000_000n;
/** LIMIT: seconds whose nanoseconds fit in 64 bits, as disks and stores keep them: years 1677 to 2262. */
const maxSeconds = 9_223_372_035;

/**
 * The bytes an author hashes, signs and relays for `entry`. A modification time outside the years 1677 to 2262 is cut to that span,
 * so take the {@link Member} from {@link decodeEntry}. An entry the decoder would refuse throws as there.
 */
export function encodeEntry(entry: Entry): Uint8Array {
  const bytes = encodeCanonical([
    version,
    kindCodes[entry.kind],
    textToBytes(entry.path),
    hexToBytes(entry.dot.incarnation),
    entry.dot.counter,
    [dotsToCbor(entry.past.vector), dotsToCbor(entry.past.except)],
    entry.changedAt,
    concatBytes(entry.from.map(hexToBytes)),
    entry.found ? 1 : 0,
    bodyToCbor(entry),
  ]);
  readEntry(bytes);
  return bytes;
}

/**
 * What `author`'s bytes say, checked in every part: form, path, limits, order, and that the past holds the write itself.
 * Unknown fields at the end of the entry or its body are passed over. Throws SyncError `peer-misbehaved` with the fault in `what`,
 * or `version-unsupported` for an entry of a later format.
 */
export function decodeEntry(bytes: Uint8Array, author: DeviceKey): Member {
  return { entry: readEntry(bytes), author, hash: entryHash(bytes, author) };
}

/** The entry's name in the index and in change sets: SHA-256 over a domain, the author's key and the bytes. */
export function entryHash(bytes: Uint8Array, author: DeviceKey): Hash {
  return hashOnce('sha256', concatBytes([hashDomain, hexToBytes(author), bytes])) as Hash;
}

function bodyToCbor(entry: Entry): CborValue {
  switch (entry.kind) {
    case 'file': {
      const { sizeBytes, executable, modifiedAtNs, content } = entry.file;
      return [sizeBytes, executable ? 1 : 0, nsToCbor(modifiedAtNs), hexToBytes(content)];
    }
    case 'symlink':
      return [textToBytes(entry.symlink.target)];
    case 'directory':
      return [];
    case 'tombstone':
      return entry.movedTo === undefined ? [] : [textToBytes(entry.movedTo)];
  }
}

function nsToCbor(modifiedAtNs: bigint): CborValue {
  const nanoseconds = ((modifiedAtNs % nsPerSecond) + nsPerSecond) % nsPerSecond;
  const seconds = Number((modifiedAtNs - nanoseconds) / nsPerSecond);
  if (seconds > maxSeconds) return [maxSeconds, 999_999_999];
  if (seconds < -maxSeconds) return [-maxSeconds, 0];
  return [seconds, Number(nanoseconds)];
}

function readEntry(bytes: Uint8Array): Entry {
  const fields = readOpen(decodeCanonical(bytes, limits), 1, 10 + maxUnknownFields, 'entry');
  if (readInteger(fields[0], 1, Number.MAX_SAFE_INTEGER, 'entry-version') !== version)
    throw new SyncError('version-unsupported', { what: 'entry' });
  readOpen(fields, 10, 10 + maxUnknownFields, 'entry');
  const kind = readInteger(fields[1], 0, 3, 'entry-kind');
  const dot = readDot(fields[3], fields[4]);
  const past = readPast(fields[5]);
  if (!pastHas(past, dot)) throw misshapen('entry-past-without-dot');
  const common = {
    path: readPath(fields[2], 'entry-path'),
    dot,
    past,
    changedAt: readInteger(fields[6], 0, Number.MAX_SAFE_INTEGER, 'entry-changed-at'),
    from: readFrom(fields[7]),
    found: readFlag(fields[8], 'entry-found'),
  };
  switch (kind) {
    case kindCodes.file:
      return { kind: 'file', ...common, file: readFile(fields[9]) };
    case kindCodes.directory:
      readOpen(fields[9], 0, maxUnknownFields, 'entry-directory');
      return { kind: 'directory', ...common };
    case kindCodes.symlink: {
      const [target] = readOpen(fields[9], 1, 1 + maxUnknownFields, 'entry-symlink');
      return { kind: 'symlink', ...common, symlink: { target: readTarget(target) } };
    }
    default: {
      const [movedTo] = readOpen(fields[9], 0, 1 + maxUnknownFields, 'entry-tombstone');
      const isStill = movedTo === undefined || (movedTo instanceof Uint8Array && movedTo.length === 0);
      return isStill
        ? { kind: 'tombstone', ...common }
        : { kind: 'tombstone', ...common, movedTo: readPath(movedTo, 'entry-moved-to') };
    }
  }
}

function readFile(value: CborValue | undefined) {
  const body = readOpen(value, 4, 4 + maxUnknownFields, 'entry-file');
  const time = readTuple(body[2], 2, 'entry-modified-at');
  const seconds = readInteger(time[0], -maxSeconds, maxSeconds, 'entry-modified-at');
  const nanoseconds = readInteger(time[1], 0, 999_999_999, 'entry-modified-at');
  return {
    sizeBytes: readInteger(body[0], 0, Number.MAX_SAFE_INTEGER, 'entry-size'),
    executable: readFlag(body[1], 'entry-executable'),
    modifiedAtNs: BigInt(seconds) * nsPerSecond + BigInt(nanoseconds),
    content: bytesToHex(readBytes(body[3], 32, 32, 'entry-content')) as Hash,
  };
}

function readTarget(value: CborValue | undefined): string {
  const target = bytesToText(readBytes(value, 1, maxLinkTargetBytes, 'entry-target'), 'entry-target');
  if (target.includes('\0')) throw misshapen('entry-target');
  return target;
}

function readFrom(value: CborValue | undefined): HashPrefix[] {
  const packed = readBytes(value, 0, maxFrom * 8, 'entry-from');
  if (packed.length % 8 !== 0) throw misshapen('entry-from');
  const hex = bytesToHex(packed);
  return Array.from({ length: packed.length / 8 }, (_, i) => hex.slice(i * 16, i * 16 + 16) as HashPrefix);
}

function readPast(value: CborValue | undefined): Past {
  const [vectorValue, exceptValue] = readTuple(value, 2, 'entry-past');
  const vector = readDots(vectorValue, maxPastIncarnations, 'entry-past');
  const except = readDots(exceptValue, maxPastExceptions, 'entry-past');
  for (let i = 1; i < vector.length; i++)
    if (vector[i]?.incarnation === vector[i - 1]?.incarnation) throw misshapen('entry-past');
  for (const hole of except)
    if (hole.counter > counterOf(vector, hole.incarnation)) throw misshapen('entry-past');
  return { vector, except };
}

/** Dots strictly in order, so none twice. */
export function readDots(value: CborValue | undefined, maxDots: number, what: string): Dot[] {
  const dots = readList(
    value,
    0,
    maxDots,
    (item) => {
      const [incarnation, counter] = readTuple(item, 2, what);
      return readDot(incarnation, counter);
    },
    what,
  );
  for (let i = 1; i < dots.length; i++)
    if (compareDots(dots[i - 1] as Dot, dots[i] as Dot) >= 0) throw misshapen(what);
  return [...dots];
}

/** The value {@link readDots} reads. */
export function dotsToCbor(dots: readonly Dot[]): CborValue {
  return dots.map(({ incarnation, counter }) => [hexToBytes(incarnation), counter]);
}

/** One dot from its two values. */
export function readDot(incarnation: CborValue | undefined, counter: CborValue | undefined): Dot {
  return {
    incarnation: bytesToHex(readBytes(incarnation, 8, 8, 'dot')) as IncarnationId,
    counter: readInteger(counter, 1, Number.MAX_SAFE_INTEGER, 'dot'),
  };
}

/** 0 or 1 as a truth. */
export function readFlag(value: CborValue | undefined, what: string): boolean {
  return readInteger(value, 0, 1, what) === 1;
}

/** An array of at least `known` values, whatever they are. */
function readOpen(
  value: CborValue | undefined,
  known: number,
  max: number,
  what: string,
): readonly CborValue[] {
  return readList(value, known, max, (item) => item, what);
}
