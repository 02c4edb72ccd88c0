import { hash } from 'node:crypto';
import type { BaseRow } from '../../model/base-row.ts';
import type { Observed } from '../../model/disk.ts';
import type { Entry, Member } from '../../model/entry.ts';
import type { DeviceKey, FolderId, Hash, IncarnationId } from '../../model/ids.ts';
import { emptyPast } from '../../model/past.ts';
import { type RelativePath, relativePath } from '../../model/path.ts';
import type { ChangeSet, SignedEntry } from '../folder-index.ts';

/** Made-up hashes, keys and entries for the tests of this room; entries travel as JSON here, since the real form is another room's. */
export const sampleHash = (what: string): Hash => hash('sha256', what, 'hex') as Hash;
export const sampleKey = (what: string): DeviceKey => hash('sha256', `device ${what}`, 'hex') as DeviceKey;
export const sampleIncarnation = (what: string): IncarnationId =>
  hash('sha256', `incarnation ${what}`, 'hex').slice(0, 16) as IncarnationId;
export const sampleFolder = '00112233445566778899aabbccddeeff' as FolderId;
export const path = (text: string): RelativePath => relativePath(text);

interface EntryWishes {
  readonly device?: string;
  readonly counter?: number;
  /** What the file holds; null makes a tombstone. */
  readonly bytes?: string | null;
  readonly changeSet?: string;
}

/** A signed entry for a file or tombstone. */
export function sampleEntry(where: string, wishes: EntryWishes = {}): SignedEntry {
  const { device = 'a', counter = 1, bytes = 'hello', changeSet = 'set' } = wishes;
  const dot = { incarnation: sampleIncarnation(device), counter };
  const shared = {
    path: path(where),
    dot,
    past: { vector: [dot], except: [] },
    changedAt: counter,
    from: [],
    found: false,
  };
  const entry: Entry =
    bytes === null
      ? { ...shared, kind: 'tombstone' }
      : {
          ...shared,
          kind: 'file',
          file: {
            sizeBytes: bytes.length,
            executable: false,
            modifiedAtNs: 1_700_000_000_123_456_789n,
            content: sampleHash(bytes),
          },
        };
  const encoded = Buffer.from(
    JSON.stringify(entry, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
  );
  const member = parseSample(encoded, sampleKey(device));
  return {
    member,
    bytes: new Uint8Array(encoded),
    changeSet: sampleHash(changeSet),
    position: counter % 1024,
  };
}

/** Reads what {@link sampleEntry} wrote. */
export function parseSample(bytes: Uint8Array, author: DeviceKey): Member {
  const entry = JSON.parse(Buffer.from(bytes).toString(), (key, value: unknown) =>
    key === 'modifiedAtNs' ? BigInt(String(value).slice(0, -1)) : value,
  ) as Entry;
  return { entry, author, hash: sampleHash(`${author} ${Buffer.from(bytes).toString('hex')}`) };
}

/** A change set for {@link sampleEntry}'s `changeSet`. */
export function sampleChangeSet(name: string, hashes?: Uint8Array): ChangeSet {
  return {
    id: sampleHash(name),
    author: sampleKey('a'),
    count: 3,
    root: sampleHash(`root of ${name}`),
    signature: new Uint8Array(64).fill(7),
    hashes,
  };
}

/** What a disk may say of a file, with numbers beyond 2^53 and beyond 63 bits. */
export function sampleObserved(inode = 18_446_744_073_709_551_615n): Observed {
  return {
    kind: 'file',
    sizeBytes: 5,
    modifiedAtNs: -62_135_596_800_000_000_001n,
    changedAtNs: 1_763_000_000_123_456_789n,
    inode,
    device: 2_053n,
    mode: 0o644,
    links: 1,
  };
}

/** A base row for a held file. */
export function sampleBase(where: string, wishes: Partial<BaseRow> = {}): BaseRow {
  return {
    path: path(where),
    status: 'held',
    shown: sampleHash(`entry at ${where}`),
    content: { kind: 'file', content: sampleHash('hello'), sizeBytes: 5 },
    seen: emptyPast,
    observed: sampleObserved(),
    ...wishes,
  };
}
