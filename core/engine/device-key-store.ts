import type { Random } from '../base/base.ts';
import {
  type DiskPath,
  type FileSystem,
  joinDisk,
  readWholeFile,
  writeFileAtomically,
} from '../filesystem/filesystem.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import {
  createIdentity,
  maxSealedKeyBytes,
  newPassphraseHandle,
  openSealedSeed,
  passphraseToSecret,
  readSealedKey,
  type SealedKeyHead,
  sealSeed,
} from '../trust/trust.ts';
import type { KeyKeeping, KeyPlace, SecretStore } from './key-keeping.ts';

/** LIMIT: characters of a new passphrase, at least: a shorter one is found by trying. */
const minPassphraseLength = 8;

/** The key of a device, opened. */
export interface DeviceSeed {
  /** 32 bytes. */
  readonly seed: Uint8Array;
  readonly place: KeyPlace;
}

/** What is needed to read and write `device.key` in `home`. */
export interface KeyStoreParts {
  readonly fileSystem: FileSystem;
  readonly home: DiskPath;
  readonly random: Random;
  readonly keeping: KeyKeeping;
}

/** A key file as it lies there. */
type KeyFile =
  | { readonly kind: 'plain'; readonly seed: Uint8Array }
  | { readonly kind: 'sealed'; readonly bytes: Uint8Array; readonly head: SealedKeyHead };

/**
 * The key of the device in `home`: opened as it is kept, made at the first start, moved if `keeping` wants it elsewhere. `device.key` is replaced whole, so that at every moment the old
 * or the new one is there, and the old one's secret is forgotten only then. Whatever throws leaves the file as it was, and a new key is never made in place of one:
 * SyncError `key-exposed` if others may read the file, `key-unreadable` if it is no key, `key-locked` if what opens it is wrong or missing, `person-needed` and
 * `not-allowed` if it cannot be kept as wanted.
 */
export async function loadDeviceSeed(parts: KeyStoreParts): Promise<DeviceSeed> {
  const { random, keeping } = parts;
  const file = readKeyFile(parts);
  if (file === undefined) return keepNew(parts, random.bytes(32));
  const place = file.kind === 'plain' ? 'plain' : file.head.kind;
  const { seed, isStale } =
    file.kind === 'plain' ? { seed: file.seed, isStale: false } : await openSealed(parts, file);
  const wanted = keeping.place === 'auto' || keeping.place === 'ask' ? place : keeping.place;
  if (wanted === place && !isStale) return { seed, place };
  await keepAt(parts, seed, wanted);
  if (file.kind === 'sealed') await forgetQuietly(storeFor(parts, file.head.kind), file.head.handle);
  return { seed, place: wanted };
}

/** Who the device in `home` is and how its key is kept, without opening it; undefined before it has one. Throws like {@link loadDeviceSeed}. */
export function lookAtDeviceKey(
  parts: Pick<KeyStoreParts, 'fileSystem' | 'home'>,
): { readonly deviceKey: DeviceKey; readonly place: KeyPlace } | undefined {
  const file = readKeyFile(parts);
  if (file === undefined) return undefined;
  return file.kind === 'plain'
    ? { deviceKey: createIdentity(file.seed).deviceKey, place: 'plain' }
    : { deviceKey: file.head.deviceKey, place: file.head.kind };
}

function keyPath({ home }: Pick<KeyStoreParts, 'home'>): DiskPath {
  return joinDisk(home, 'device.key');
}

function readKeyFile(parts: Pick<KeyStoreParts, 'fileSystem' | 'home'>): KeyFile | undefined {
  const { fileSystem } = parts;
  const path = keyPath(parts);
  const there = fileSystem.look(path);
  if (there === undefined) return undefined;
  // Windows has no such bits: there the home directory's own access list guards the file.
  if (process.platform !== 'win32' && (there.mode & 0o077) !== 0)
    throw new SyncError('key-exposed', { path }, { retry: 'after-user' });
  const unreadable = new SyncError('key-unreadable', { path }, { retry: 'after-user' });
  if (there.kind !== 'file' || there.sizeBytes > maxSealedKeyBytes) throw unreadable;
  const bytes = readWholeFile(fileSystem, path, { maxBytes: maxSealedKeyBytes });
  if (bytes?.length === 32) return { kind: 'plain', seed: bytes };
  const head = bytes && readSealedKey(bytes);
  if (bytes === undefined || head === undefined) throw unreadable;
  return { kind: 'sealed', bytes, head };
}

async function openSealed(
  parts: KeyStoreParts,
  { bytes, head }: Extract<KeyFile, { kind: 'sealed' }>,
): Promise<{ readonly seed: Uint8Array; readonly isStale: boolean }> {
  const { secret, isStale } =
    head.kind === 'passphrase'
      ? { secret: await askSecret(parts, 'open', head.handle), isStale: false }
      : await findSecret(parts, head.kind, head.handle);
  const seed = openSealedSeed(bytes, secret);
  if (seed === undefined)
    throw locked(parts, head.kind === 'passphrase' ? 'wrong-passphrase' : `${head.kind}-without`);
  return { seed, isStale };
}

async function findSecret(
  parts: KeyStoreParts,
  kind: SecretStore['kind'],
  handle: Uint8Array,
): Promise<{ readonly secret: Uint8Array; readonly isStale: boolean }> {
  let found: Awaited<ReturnType<SecretStore['find']>>;
  try {
    const store = storeFor(parts, kind);
    if (store === undefined) throw new Error(`no ${kind} here`);
    found = await store.find(handle);
  } catch (cause) {
    throw locked(parts, kind, cause);
  }
  if (found === undefined) throw locked(parts, `${kind}-without`);
  return { secret: found.secret, isStale: found.isStale === true };
}

async function askSecret(
  parts: KeyStoreParts,
  purpose: 'open' | 'new',
  handle: Uint8Array,
): Promise<Uint8Array> {
  if (parts.keeping.passphrase === undefined) throw locked(parts, 'passphrase');
  const passphrase = await parts.keeping.passphrase(purpose);
  if (purpose === 'new' && passphrase.length < minPassphraseLength)
    throw new SyncError(
      'not-allowed',
      { what: 'passphrase-short', least: minPassphraseLength },
      { retry: 'after-user' },
    );
  const secret = await passphraseToSecret(passphrase, handle);
  if (secret === undefined)
    throw new SyncError('key-unreadable', { path: keyPath(parts) }, { retry: 'after-user' });
  return secret;
}

/** A key that was never kept: to the first store that works, or as is wanted. */
async function keepNew(parts: KeyStoreParts, seed: Uint8Array): Promise<DeviceSeed> {
  const { place, stores } = parts.keeping;
  if (place !== 'auto' && place !== 'ask') {
    await keepAt(parts, seed, place);
    return { seed, place };
  }
  for (const store of stores) {
    const secret = parts.random.bytes(32);
    const handle = await store.keep(secret).catch(() => undefined);
    if (handle === undefined) continue;
    await writeSealed(parts, { seed, kind: store.kind, handle, secret });
    return { seed, place: store.kind };
  }
  if (place === 'ask') throw new SyncError('person-needed', { what: 'key-place' }, { retry: 'after-user' });
  await keepAt(parts, seed, 'plain');
  return { seed, place: 'plain' };
}

async function keepAt(parts: KeyStoreParts, seed: Uint8Array, place: KeyPlace): Promise<void> {
  if (place === 'plain') {
    await writeFileAtomically(parts.fileSystem, keyPath(parts), seed, 0o600);
    return;
  }
  if (place === 'passphrase') {
    const handle = newPassphraseHandle(parts.random.bytes(16));
    const secret = await askSecret(parts, 'new', handle);
    await writeSealed(parts, { seed, kind: place, handle, secret });
    return;
  }
  const store = storeFor(parts, place);
  const secret = parts.random.bytes(32);
  let handle: Uint8Array;
  try {
    if (store === undefined) throw new Error(`no ${place} here`);
    handle = await store.keep(secret);
  } catch (cause) {
    throw new SyncError('not-allowed', { what: `no-${place}` }, { retry: 'after-user', cause });
  }
  await writeSealed(parts, { seed, kind: place, handle, secret });
}

async function writeSealed(
  parts: KeyStoreParts,
  sealing: Omit<Parameters<typeof sealSeed>[0], 'nonce'>,
): Promise<void> {
  const { fileSystem, random } = parts;
  const bytes = sealSeed({ ...sealing, nonce: random.bytes(12) });
  // A failure may come after the file was replaced: the secret stays in its store, which at worst is a leftover.
  await writeFileAtomically(fileSystem, keyPath(parts), bytes, 0o600);
}

function storeFor({ keeping }: KeyStoreParts, kind: KeyPlace): SecretStore | undefined {
  return keeping.stores.find((store) => store.kind === kind);
}

/** What stays in a store opens nothing any more. */
async function forgetQuietly(store: SecretStore | undefined, handle: Uint8Array): Promise<void> {
  await store?.forget(handle).catch(() => {});
}

function locked(parts: KeyStoreParts, what: string, cause?: unknown): SyncError {
  return new SyncError('key-locked', { path: keyPath(parts), what }, { retry: 'after-user', cause });
}
