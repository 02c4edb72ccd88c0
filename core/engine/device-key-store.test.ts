import { describe, expect, it } from 'vitest';
import { bytesToHex, type Random } from '../base/base.ts';
import { createFaultyFileSystem } from '../filesystem/faulty-file-system.ts';
import { diskPath, type FileSystem, joinDisk } from '../filesystem/filesystem.ts';
import { createMemoryFileSystem, type MemoryFileSystem } from '../filesystem/memory-file-system.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createSeededRandom } from '../testing/seeded-random.ts';
import { createIdentity } from '../trust/trust.ts';
import { loadDeviceSeed, lookAtDeviceKey } from './device-key-store.ts';
import type { KeyKeeping, SecretStore } from './key-keeping.ts';

const home = diskPath('/home');
const keyFile = joinDisk(home, 'device.key');

/** A store of secrets that can be broken. */
interface MemoryStore extends SecretStore {
  isBroken: boolean;
  isStale: boolean;
  readonly secrets: Map<string, Uint8Array>;
}

function createMemoryStore(kind: SecretStore['kind']): MemoryStore {
  const secrets = new Map<string, Uint8Array>();
  const guard = (): void => {
    if (store.isBroken) throw new Error('broken');
  };
  const store: MemoryStore = {
    kind,
    isBroken: false,
    isStale: false,
    secrets,
    async keep(secret) {
      guard();
      const handle = Uint8Array.of(secrets.size, secret[0] ?? 0);
      secrets.set(bytesToHex(handle), secret);
      return handle;
    },
    async find(handle) {
      guard();
      const secret = secrets.get(bytesToHex(handle));
      return secret && { secret, isStale: store.isStale };
    },
    async forget(handle) {
      guard();
      secrets.delete(bytesToHex(handle));
    },
  };
  return store;
}

function machine(seed = 'keys') {
  const random: Random = createSeededRandom(seed);
  const disk: MemoryFileSystem = createMemoryFileSystem({ clock: createManualClock() });
  disk.makeDirectory(home, 0o700);
  const stores = [createMemoryStore('os-store'), createMemoryStore('keyring')] as const;
  const load = (keeping: Partial<KeyKeeping>, fileSystem: FileSystem = disk) =>
    loadDeviceSeed({ fileSystem, home, random, keeping: { place: 'auto', stores, ...keeping } });
  const file = (): string => {
    const handle = disk.openRead(keyFile);
    const bytes = new Uint8Array(8192);
    const length = handle.read(bytes, 0);
    handle.close();
    return bytesToHex(bytes.subarray(0, length));
  };
  return { random, disk, stores, load, file };
}

const typed = (text: string) => ({ passphrase: () => Promise.resolve(text) });
const asked = (code: string, what: string) =>
  expect.objectContaining({ code, facts: expect.objectContaining({ what }) });

describe('a new key', () => {
  it('goes to the first store that works, and is found there again', async () => {
    const { load, stores, disk } = machine();
    stores[0].isBroken = true;
    const { seed, place } = await load({ place: 'ask' });
    expect(place).toBe('keyring');
    expect(await load({ place: 'ask' })).toEqual({ seed, place });
    expect(lookAtDeviceKey({ fileSystem: disk, home })).toEqual({
      deviceKey: createIdentity(seed).deviceKey,
      place: 'keyring',
    });
    expect((disk.look(keyFile)?.mode ?? 0) & 0o777).toBe(0o600);
  });

  it('lies in the open where no store works only if nobody wants to be asked', async () => {
    const { load, stores, disk } = machine();
    for (const store of stores) store.isBroken = true;
    await expect(load({ place: 'ask' })).rejects.toEqual(asked('person-needed', 'key-place'));
    expect(disk.look(keyFile)).toBeUndefined();
    expect((await load({ place: 'auto' })).place).toBe('plain');
    // Kept knowingly now, and so it stays.
    expect((await load({ place: 'ask' })).place).toBe('plain');
    for (const store of stores) store.isBroken = false;
    expect((await load({ place: 'auto' })).place).toBe('plain');
  });

  it('is not made where it cannot be kept as it is wanted', async () => {
    const { load, stores, disk } = machine();
    stores[1].isBroken = true;
    await expect(load({ place: 'keyring' })).rejects.toEqual(asked('not-allowed', 'no-keyring'));
    await expect(load({ place: 'passphrase' })).rejects.toEqual(asked('key-locked', 'passphrase'));
    await expect(load({ place: 'passphrase', ...typed('seven c') })).rejects.toEqual(
      asked('not-allowed', 'passphrase-short'),
    );
    expect(disk.list(home)).toEqual([]);
  });
});

describe('a key that is kept', () => {
  it('stays the same from place to place, and the secret of the last place is forgotten', async () => {
    const { load, stores, disk } = machine();
    const { seed } = await load({});
    const passphrase = typed('four words nobody guesses');
    for (const place of ['keyring', 'passphrase', 'plain', 'keyring', 'plain'] as const) {
      expect(await load({ place, ...passphrase })).toEqual({ seed, place });
      expect(lookAtDeviceKey({ fileSystem: disk, home })?.place).toBe(place);
      expect(stores.map(({ secrets }) => secrets.size)).toEqual([0, place === 'keyring' ? 1 : 0]);
    }
  });

  it('is kept anew where its store wants that', async () => {
    const { load, stores, file } = machine();
    const { seed } = await load({});
    const before = file();
    stores[0].isStale = true;
    expect(await load({})).toEqual({ seed, place: 'os-store' });
    expect(file()).not.toBe(before);
    expect(stores[0].secrets.size).toBe(1);
    stores[0].isStale = false;
    expect((await load({})).seed).toEqual(seed);
  });

  it.each([
    ['its store does not work', 'os-store', (store: MemoryStore) => void (store.isBroken = true)],
    ['its store has forgotten it', 'os-store-without', (store: MemoryStore) => store.secrets.clear()],
    [
      'its store has another secret',
      'os-store-without',
      (store: MemoryStore) => {
        for (const name of store.secrets.keys()) store.secrets.set(name, new Uint8Array(32));
      },
    ],
  ])('is neither given nor replaced when %s', async (_when, what, spoil) => {
    const { load, stores, file } = machine();
    await load({});
    const before = file();
    spoil(stores[0]);
    for (const place of ['auto', 'ask', 'keyring', 'plain'] as const)
      await expect(load({ place })).rejects.toEqual(asked('key-locked', what));
    expect(file()).toBe(before);
  });

  it('is neither given nor replaced for a wrong passphrase', async () => {
    const { load, file } = machine();
    await load({ place: 'passphrase', ...typed('four words nobody guesses') });
    const before = file();
    for (const place of ['auto', 'plain', 'keyring'] as const)
      await expect(load({ place, ...typed('four words nobody guesset') })).rejects.toEqual(
        asked('key-locked', 'wrong-passphrase'),
      );
    await expect(load({})).rejects.toEqual(asked('key-locked', 'passphrase'));
    expect(file()).toBe(before);
  });

  it('is neither given nor replaced when its file is damaged, or may be read by others', async () => {
    const { load, disk, file } = machine();
    await load({});
    disk.setMode(keyFile, 0o640);
    await expect(load({})).rejects.toMatchObject({ code: 'key-exposed' });
    disk.setMode(keyFile, 0o600);
    const handle = disk.openWrite(keyFile);
    handle.write(Uint8Array.of(7), 50);
    handle.close();
    const before = file();
    for (const place of ['auto', 'ask', 'plain'] as const)
      await expect(load({ place })).rejects.toMatchObject({ code: 'key-unreadable' });
    expect(file()).toBe(before);
  });
});

describe('a move that stops at any call to the disk', () => {
  it.each([
    ['plain', 'keyring'],
    ['keyring', 'plain'],
    ['keyring', 'passphrase'],
  ] as const)('from %s to %s leaves the same key, as it was or as it is wanted', async (from, to) => {
    const words = typed('four words nobody guesses');
    const ends: string[] = [];
    for (let at = 1, isOver = false; !isOver; at += 1) {
      const { load, disk, random } = machine(`${from} ${to} ${at}`);
      await disk.flushDirectories([diskPath('/')]);
      const { seed } = await load({ place: from });
      const faulty = createFaultyFileSystem(disk);
      isOver = true;
      faulty.fail({
        at,
        run() {
          isOver = false;
          throw new Error('power cut');
        },
      });
      await load({ place: to, ...words }, faulty).catch(() => {});
      disk.crash(random);
      const after = await load({ place: 'auto', ...words });
      expect(after.seed).toEqual(seed);
      ends.push(after.place);
    }
    expect(ends.at(-1)).toBe(to);
    expect(ends.filter((place) => place === from).length).toBeGreaterThan(3);
  });
});
