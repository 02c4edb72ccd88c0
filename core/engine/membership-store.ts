import { concatBytes } from '../base/base.ts';
import {
  appendDurably,
  type DiskPath,
  type FileSystem,
  joinDisk,
  readWholeFile,
} from '../filesystem/filesystem.ts';

/** The membership log's file: each envelope with its length before it, appended and flushed one by one. */
export interface MembershipStore {
  /** The envelopes read at the start, in the order they were accepted. */
  readonly envelopes: readonly Uint8Array[];
  /** Appends envelopes; durable when it resolves, in the order of calls. */
  append(envelopes: readonly Uint8Array[]): Promise<void>;
  /** Forgets the group: the file is set aside under a name with `suffix`, not destroyed. */
  setAside(suffix: string): Promise<void>;
}

/** LIMIT: the log's own cap of 8 MiB with the length fields. */
const maxStoreBytes = 9 * 1024 * 1024;

/** Opens `membership` in `home`; an end torn off by a crash is left out and overwritten by the next append. */
export function openMembershipStore(fileSystem: FileSystem, home: DiskPath): MembershipStore {
  const path = joinDisk(home, 'membership');
  const { envelopes, wholeBytes } = splitEnvelopes(
    readWholeFile(fileSystem, path, { maxBytes: maxStoreBytes }) ?? new Uint8Array(),
  );
  let atBytes = wholeBytes;
  let appending: Promise<unknown> = Promise.resolve();
  return {
    envelopes,
    append(more) {
      const bytes = concatBytes(more.flatMap((envelope) => [lengthField(envelope.length), envelope]));
      const appended = appending.then(async () => {
        atBytes = await appendDurably(fileSystem, path, bytes, { atBytes, mode: 0o600 });
      });
      appending = appended.catch(() => {});
      return appended;
    },
    setAside(suffix) {
      const moved = appending.then(() => {
        if (fileSystem.look(path) !== undefined)
          fileSystem.rename(path, joinDisk(home, `membership.${suffix}`));
        atBytes = 0;
      });
      appending = moved.catch(() => {});
      return moved;
    },
  };
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
