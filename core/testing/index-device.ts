import { createHash } from 'node:crypto';
import { type Random, silentLog } from '../base/base.ts';
import { bytesToHex, concatBytes } from '../base/pure.ts';
import { type FolderIndex, openFolderIndex, type SignedEntry } from '../file-index/file-index.ts';
import { dominates, type Entry } from '../model/entry.ts';
import {
  type DeviceKey,
  deviceKey,
  type FolderId,
  folderId,
  type Hash,
  incarnationId,
} from '../model/ids.ts';
import { extendPast, unionPasts, type VectorItem } from '../model/past.ts';
import { type RelativePath, relativePath } from '../model/path.ts';
import {
  type Announcement,
  type BlockItem,
  appliedDigest,
  type AppliedStatement,
  decodeEntry,
  encodeEntry,
  type FrameStream,
  type IndexMessage,
  decodeIndexMessage,
  signChangeSet,
  type VerifySignature,
} from '../protocol/protocol.ts';
import { isForgettable, withoutOld } from '../reconcile/reconcile.ts';
import {
  createFolderTurns,
  type FolderDoor,
  type IndexExchangeDependencies,
  type IndexSession,
  startIndexSession,
} from '../transfer/transfer.ts';
import type { ManualClock } from './manual-clock.ts';
import { connectInMemory, type TestConnection } from './memory-connection.ts';

export const testFolder = folderId('5a'.repeat(16));

const sha256 = (...parts: (Uint8Array | string)[]): Uint8Array => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return new Uint8Array(digest.digest());
};

/** A seal that anyone could make, and no test makes by accident: it stands in for a signature, quickly. */
export const seal = (key: DeviceKey, bytes: Uint8Array): Uint8Array =>
  concatBytes([sha256(key, bytes), sha256(bytes, key)]);
export const verifySeal: VerifySignature = (signature, bytes, key) =>
  Buffer.compare(signature, seal(key, bytes)) === 0;

/** The key of a device named so. */
export const keyOf = (name: string): DeviceKey => deviceKey(bytesToHex(sha256(`device ${name}`)));

/** Randomness that repeats. */
export function createTestRandom(seed: string): Random {
  let drawn = 0;
  return {
    bytes(length) {
      const parts: Uint8Array[] = [];
      for (let left = length; left > 0; left -= 32) parts.push(sha256(`${seed} ${drawn++}`));
      return concatBytes(parts).slice(0, length);
    },
  };
}

/** A device that has one folder, knows how to merge, and has no disk. */
export interface TestDevice {
  readonly name: string;
  readonly key: DeviceKey;
  readonly index: FolderIndex;
  readonly door: FolderDoor;
  readonly sessions: readonly IndexSession[];
  /** Announcements told as taken over. */
  readonly tookOver: readonly Announcement[];
  /** Authors admitted; empty means all. */
  readonly strangers: Set<DeviceKey>;
  /** Peers put out. */
  readonly revoked: Set<DeviceKey>;
  /** Why `accept` fails, while set. */
  refusal: Error | undefined;
  busy: boolean;
  /** Cannot say of what it is sent whether it counts, and stores none of it. */
  isUndecided: boolean;
  /** Syncs the folder no longer. */
  gaveUp: boolean;
  /** Called after each accepted batch. */
  accepted: (() => void) | undefined;
  /** Writes at these paths in one change set and tells all peers; null deletes. */
  write(paths: readonly string[], content: string | null): readonly SignedEntry[];
  /** Entries not yet stored anywhere, signed. */
  sign(
    paths: readonly string[],
    content: string | null,
  ): { readonly entries: readonly SignedEntry[]; readonly set: ReturnType<typeof signChangeSet> };
  store(signed: ReturnType<TestDevice['sign']>): void;
  paths(): readonly string[];
  root(): Hash;
  /** Raises the floor by this device's own counsel, and forgets what is under it. */
  raise(floor: readonly VectorItem[]): void;
  /** Takes in a word on what a device's disk has shown. */
  hear(word: AppliedStatement): void;
  talk(connection: TestConnection, stream: FrameStream): IndexSession;
  readonly dependencies: IndexExchangeDependencies;
}

/** A device with an empty index in memory. */
export async function createTestDevice(
  name: string,
  clock: ManualClock,
  folder: FolderId = testFolder,
): Promise<TestDevice> {
  const key = keyOf(name);
  const incarnation = incarnationId(bytesToHex(sha256(`incarnation ${name}`)).slice(0, 16));
  const index = await openFolderIndex({ file: ':memory:', folderId: folder, parseEntry: decodeEntry });
  const sessions: IndexSession[] = [];
  const tookOver: Announcement[] = [];
  let counter = 0;
  const words = new Map<DeviceKey, AppliedStatement>();

  const changed = (): void => {
    for (const session of sessions) session.changed(folder);
  };
  const merge = (path: RelativePath, arrived: readonly SignedEntry[]): boolean => {
    const here = index.members(path);
    const fresh = arrived.filter((entry) => !here.some((member) => member.hash === entry.member.hash));
    const all = [...here, ...fresh.map((entry) => entry.member)];
    const stays = (entry: Entry): boolean => !all.some((member) => dominates(member.entry, entry));
    index.setMembers(
      path,
      here.filter((member) => stays(member.entry)).map((member) => member.hash),
      fresh.filter((entry) => stays(entry.member.entry)),
    );
    return fresh.length > 0;
  };

  const door: FolderDoor = {
    folderId: folder,
    stateRoot: () => index.stateRoot(),
    heardAhead() {},
    announcement: () => ({
      folderId: folder,
      stateRoot: index.stateRoot(),
      floor: index.floor(),
      quarantine: undefined,
      context: index.context(),
      materialisedRoot: index.materialised.root(),
      heldPaths: 0,
      needPaths: 0,
      needBytes: 0,
      notHeld: [],
      busy: device.busy,
      approvals: [],
      runs: [],
      leftOut: [],
      commonRoot: undefined,
      applied: appliedDigest([...words.values()]),
    }),
    trieNode: (trie, prefix) => index[trie].node(prefix),
    hashUnder: (trie, prefix) => index[trie].hashUnder(prefix),
    entriesByKeys: (keys) => index.pathsByKeys(keys).flatMap((path) => index.signedMembers(path)),
    entriesUnder(prefix, afterKey, maxBytes) {
      const entries: SignedEntry[] = [];
      let bytes = 0;
      let last = afterKey;
      for (;;) {
        const rows = index.pathsUnder(prefix, last, 100);
        for (const row of rows) {
          if (bytes >= maxBytes) return { entries, continueAfter: last };
          for (const entry of index.signedMembers(row.path)) {
            entries.push(entry);
            bytes += entry.bytes.length;
          }
          last = row.key;
        }
        if (rows.length < 100) return { entries, continueAfter: undefined };
      }
    },
    changeSet: (id) => index.changeSet(id),
    async accept({ peer, live, sets, entries }) {
      await Promise.resolve();
      if (device.refusal !== undefined) throw device.refusal;
      if (device.isUndecided) return true;
      const fresh = index.transaction(() => {
        for (const set of sets) index.putChangeSet(set);
        const byPath = Map.groupBy(entries, (entry) => entry.member.entry.path);
        return [...byPath].flatMap(([path, all]) => {
          const arrived = withoutOld(all, index.members(path), index.floor());
          return merge(path, arrived) ? arrived : [];
        });
      });
      device.accepted?.();
      if (live) for (const session of sessions) session.push(folder, fresh, peer);
      changed();
      return false;
    },
    manifest: () => undefined,
    blockReader: () => () => Promise.resolve(undefined),
    tookOver(_peer, announcement, absent) {
      tookOver.push(announcement);
      index.transaction(() => {
        index.raiseContext(announcement.context);
        for (const hash of absent) {
          const path = index.entry(hash)?.member.entry.path;
          if (path !== undefined) keep(path, (member) => member !== hash);
        }
        index.raiseFloor(announcement.floor);
      });
      forget();
      changed();
    },
    applied: () => [...words.values()],
    heardApplied(statements) {
      for (const word of statements)
        if ((words.get(word.device)?.serial ?? 0) < word.serial) words.set(word.device, word);
      changed();
    },
  };

  const keep = (path: RelativePath, isKept: (hash: Hash) => boolean): void => {
    const members = index.members(path).map(({ hash }) => hash);
    index.setMembers(path, members.filter(isKept), []);
  };
  const forget = (): void => {
    index.transaction(() => {
      for (const { path } of index.pathsUnder('', '', 1_000_000))
        if (isForgettable(index.members(path), index.floor())) keep(path, () => false);
    });
  };

  const device: TestDevice = {
    name,
    key,
    index,
    door,
    sessions,
    tookOver,
    strangers: new Set(),
    revoked: new Set(),
    refusal: undefined,
    busy: false,
    isUndecided: false,
    gaveUp: false,
    accepted: undefined,
    sign(paths, content) {
      const written = paths.map((path) => {
        const dot = { incarnation, counter: ++counter };
        const seen = index.members(relativePath(path)).map((member) => member.entry.past);
        const past = extendPast(seen.reduce(unionPasts, { vector: [], except: [] }), dot, []);
        const common = {
          path: relativePath(path),
          dot,
          past,
          changedAt: clock.now(),
          from: [],
          found: false,
        };
        const entry: Entry =
          content === null
            ? { kind: 'tombstone', ...common }
            : {
                kind: 'file',
                ...common,
                file: {
                  sizeBytes: content.length,
                  executable: false,
                  modifiedAtNs: 1n,
                  content: bytesToHex(sha256(content)) as Hash,
                },
              };
        const bytes = encodeEntry(entry);
        return { member: decodeEntry(bytes, key), bytes };
      });
      const hashes = written.map(({ member }) => member.hash);
      const set = signChangeSet({ folderId: folder, author: key, hashes, sign: (bytes) => seal(key, bytes) });
      return { set, entries: written.map((entry, position) => ({ ...entry, changeSet: set.id, position })) };
    },
    store({ set, entries }) {
      index.transaction(() => {
        index.putChangeSet(set);
        for (const entry of entries) merge(entry.member.entry.path, [entry]);
      });
      index.transaction(() => index.raiseContext([{ incarnation, counter }]));
    },
    write(paths, content) {
      const signed = device.sign(paths, content);
      device.store(signed);
      for (const session of sessions) session.push(folder, signed.entries);
      changed();
      return signed.entries;
    },
    paths: () =>
      index
        .pathsUnder('', '', 1_000_000)
        .map((row) => row.path)
        .sort(),
    root: () => index.stateRoot(),
    raise(floor) {
      index.transaction(() => index.raiseFloor(floor));
      forget();
      changed();
    },
    hear: (word) => door.heardApplied([word]),
    talk(connection, stream) {
      const session = startIndexSession({ connection, stream }, device.dependencies);
      sessions.push(session);
      void session.closed.then(() => sessions.splice(sessions.indexOf(session), 1));
      return session;
    },
    dependencies: {
      clock,
      random: createTestRandom(name),
      log: silentLog,
      turns: createFolderTurns(clock),
      folders: () => (device.gaveUp ? [] : [door]),
      folder: (id) => (id === folder && !device.gaveUp ? door : undefined),
      mayAccess: (peer) => !device.revoked.has(peer),
      isKnownAuthor: (author) => !device.strangers.has(author),
      verify: verifySeal,
    },
  };
  return device;
}

/** What went over a stream, as messages, by sender. */
export interface Overheard {
  readonly messages: { readonly from: string; readonly message: IndexMessage }[];
  bytes: number;
}

/** Connects two devices and lets them talk. */
export async function connectDevices(a: TestDevice, b: TestDevice) {
  const [atA, atB] = connectInMemory(a.key, b.key);
  const overheard: Overheard = { messages: [], bytes: 0 };
  atB.onStream = (stream) => b.talk(atB, overhear(stream, b.name, overheard));
  a.talk(atA, overhear(await atA.openStream('/lockstep/ctl/1'), a.name, overheard));
  return { atA, atB, overheard };
}

function overhear(stream: FrameStream, from: string, overheard: Overheard): FrameStream {
  return {
    ...stream,
    send(...parts) {
      const frame = concatBytes(parts);
      overheard.bytes += frame.length;
      overheard.messages.push({ from, message: decodeIndexMessage(frame) as IndexMessage });
      return stream.send(frame);
    },
  };
}

/** Bytes that repeat for a seed, and the block they are. */
export function testBlock(
  seed: string,
  sizeBytes: number,
  content: string = seed,
): { item: BlockItem; bytes: Uint8Array } {
  const bytes = createTestRandom(seed).bytes(sizeBytes);
  const item = {
    hash: bytesToHex(sha256(bytes)) as Hash,
    sizeBytes,
    content: bytesToHex(sha256(`content ${content}`)) as Hash,
    offset: 0,
  };
  return { item, bytes };
}
