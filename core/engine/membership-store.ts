import { concatBytes } from '../base/base.ts';
import {
  appendDurably,
  type DiskPath,
  type FileSystem,
  joinDisk,
  readWholeFile,
  writeFileAtomically,
} from '../filesystem/filesystem.ts';
import { cutListHash } from '../protocol/protocol.ts';

/** The membership log's files: each envelope with its length before it, appended and flushed one by one; beside it when each came, and the lists that removals name. */
export interface MembershipStore {
  /** The envelopes read at the start, in the order they were accepted. */
  readonly envelopes: readonly Uint8Array[];
  /** When the envelope of this number, from 0, came, wall milliseconds; undefined if that is not known. */
  heardAt(position: number): number | undefined;
  /** The lists of cuts read at the start, in any order. */
  readonly cuts: readonly Uint8Array[];
  /** Appends envelopes that came at `now`; durable when it resolves, in the order of calls. */
  append(envelopes: readonly Uint8Array[], now: number): Promise<void>;
  /** Keeps a list of cuts; durable when it resolves. */
  keepCut(list: Uint8Array): Promise<void>;
  /** Forgets the group: the files are set aside under names with `suffix`, not destroyed. */
  setAside(suffix: string): Promise<void>;
}

/** LIMIT: the log's own cap of 8 MiB with the length fields. */
const maxStoreBytes = 9 * 1024 * 1024;
/** LIMIT: far above the longest list of cuts. */
const maxCutBytes = 64 * 1024;
const timeBytes = 8;
const cutName = /^membership\.cut-[0-9a-f]{16}$/;

/** Opens `membership` in `home`; an end torn off by a crash is left out and overwritten by the next append. */
export function openMembershipStore(fileSystem: FileSystem, home: DiskPath): MembershipStore {
  const path = joinDisk(home, 'membership');
  const timesPath = joinDisk(home, 'membership.times');
  const { envelopes, wholeBytes } = splitEnvelopes(
    readWholeFile(fileSystem, path, { maxBytes: maxStoreBytes }) ?? new Uint8Array(),
  );
  const times = splitTimes(
    readWholeFile(fileSystem, timesPath, { maxBytes: maxStoreBytes }) ?? new Uint8Array(),
  ).slice(0, envelopes.length);
  // A crash between the two files leaves envelopes without a time.
  while (times.length < envelopes.length) times.push(0);
  const cuts = cutNames(fileSystem, home).flatMap(
    (name) => readWholeFile(fileSystem, joinDisk(home, name), { maxBytes: maxCutBytes }) ?? [],
  );
  let atBytes = wholeBytes;
  let appending: Promise<unknown> = Promise.resolve();
  return {
    envelopes,
    heardAt: (position) => times[position] || undefined,
    cuts,
    append(more, now) {
      const bytes = concatBytes(more.flatMap((envelope) => [lengthField(envelope.length), envelope]));
      const appended = appending.then(async () => {
        const before = times.length;
        times.push(...more.map(() => now));
        atBytes = await appendDurably(fileSystem, path, bytes, { atBytes, mode: 0o600 });
        // Each append writes all that an earlier crash may have left out.
        const missing = before === 0 ? 0 : Math.min(before, sizeOf(fileSystem, timesPath) / timeBytes);
        const fields = concatBytes(times.slice(missing).map(timeField));
        await appendDurably(fileSystem, timesPath, fields, { atBytes: missing * timeBytes, mode: 0o600 });
      });
      appending = appended.catch(() => {});
      return appended;
    },
    keepCut: (list) =>
      writeFileAtomically(
        fileSystem,
        joinDisk(home, `membership.cut-${cutListHash(list).slice(0, 16)}`),
        list,
        0o600,
      ),
    setAside(suffix) {
      const moved = appending.then(() => {
        for (const name of ['membership', 'membership.times', ...cutNames(fileSystem, home)]) {
          const place = joinDisk(home, name);
          if (fileSystem.look(place) !== undefined)
            fileSystem.rename(place, joinDisk(home, `${name}.${suffix}`));
        }
        atBytes = 0;
        times.length = 0;
      });
      appending = moved.catch(() => {});
      return moved;
    },
  };
}

function cutNames(fileSystem: FileSystem, home: DiskPath): string[] {
  return fileSystem
    .list(home)
    .flatMap((listed) => ('name' in listed && cutName.test(listed.name) ? [listed.name] : []));
}

function sizeOf(fileSystem: FileSystem, path: DiskPath): number {
  return Math.floor((fileSystem.look(path)?.sizeBytes ?? 0) / timeBytes) * timeBytes;
}

function timeField(time: number): Uint8Array {
  const field = new Uint8Array(timeBytes);
  new DataView(field.buffer).setFloat64(0, time);
  return field;
}

function splitTimes(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / timeBytes) }, (_, i) =>
    view.getFloat64(i * timeBytes),
  );
}

function lengthField(length: number): Uint8Array {
  const field = new Uint8Array(4);
  new DataView(field.buffer).setUint32(0, length);
  return field;
}

function splitEnvelopes(bytes: Uint8Array): {
  readonly envelopes: Uint8Array[];
  readonly wholeBytes: number;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const envelopes: Uint8Array[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const end = at + 4 + view.getUint32(at);
    if (end > bytes.length) break;
    envelopes.push(bytes.slice(at + 4, end));
    at = end;
  }
  return { envelopes, wholeBytes: at };
}
