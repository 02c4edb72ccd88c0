import { expect, test } from 'vitest';
import { createSystemSeal } from './system-seal.ts';

type Storage = Parameters<typeof createSystemSeal>[0];
type Backend = ReturnType<Storage['getSelectedStorageBackend']>;

const turned = (text: string): string => Buffer.from(text).reverse().toString();

/** What Electron up to 45 has. */
function olderStorage(backend: Backend, isAvailable = true): Storage {
  return {
    getSelectedStorageBackend: () => backend,
    isEncryptionAvailable: () => isAvailable,
    encryptString: (text) => Buffer.from(turned(text)),
    decryptString: (bytes) => turned(bytes.toString()),
  };
}

/** What Electron from 46 on has. */
function newerStorage(backend: Backend, isAvailable = true): Storage {
  return {
    getSelectedStorageBackend: () => backend,
    isAsyncEncryptionAvailable: () => Promise.resolve(isAvailable),
    encryptStringAsync: (text) => Promise.resolve(Buffer.from(turned(text))),
    decryptStringAsync: (bytes) =>
      Promise.resolve({ result: turned(bytes.toString()), shouldReEncrypt: true }),
  };
}

const secret = new Uint8Array(32).map((_byte, at) => at * 7);

test.each([
  ['older', olderStorage, false],
  ['newer', newerStorage, true],
] as const)('a real store seals and opens, by the %s interface', async (_name, make, isStale) => {
  for (const backend of ['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'] as const) {
    const seal = createSystemSeal(make(backend), 'linux');
    const sealed = await seal.seal(secret);
    expect(Buffer.from(sealed).includes(Buffer.from(secret).toString('base64'))).toBe(false);
    expect(await seal.open(sealed)).toEqual({ secret, isStale });
  }
});

test.each([
  ['older', olderStorage],
  ['newer', newerStorage],
] as const)('what protects nothing is refused, by the %s interface', async (_name, make) => {
  for (const seal of [
    createSystemSeal(make('basic_text'), 'linux'),
    createSystemSeal(make('unknown'), 'linux'),
    createSystemSeal(make('gnome_libsecret', false), 'linux'),
    createSystemSeal(make('unknown', false), 'darwin'),
  ]) {
    await expect(seal.seal(secret)).rejects.toThrow('no store');
    await expect(seal.open(secret)).rejects.toThrow('no store');
  }
});

test('on other systems there is one store, and no question of which', async () => {
  const seal = createSystemSeal(newerStorage('unknown'), 'win32');
  expect((await seal.open(await seal.seal(secret))).secret).toEqual(secret);
});
