import type { SafeStorage } from 'electron';

/** The store of the user's system that only Electron's main process reaches: it keeps nothing itself, but seals for this user and this program. */
export interface SystemSeal {
  /** Rejects where the store protects nothing, or refuses. */
  seal(secret: Uint8Array): Promise<Uint8Array>;
  /** `isStale`: the store wants it sealed anew. Rejects where the store does not work, or this is not its own. */
  open(sealed: Uint8Array): Promise<OpenedSeal>;
}

/** What a seal held. */
export interface OpenedSeal {
  readonly secret: Uint8Array;
  readonly isStale: boolean;
}

/** Of Electron's `safeStorage`; its later half is missing in old runtimes, its first one in those to come. */
type Storage = Pick<SafeStorage, 'getSelectedStorageBackend'> &
  Partial<
    Pick<
      SafeStorage,
      | 'decryptString'
      | 'decryptStringAsync'
      | 'encryptString'
      | 'encryptStringAsync'
      | 'isAsyncEncryptionAvailable'
      | 'isEncryptionAvailable'
    >
  >;

/** On Linux: where there is no store, the seal would be a password that everybody knows. */
const realBackends: readonly string[] = ['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'];

/** Seals by `storage`, which is asked anew each time: a keyring may come later. To be called when Electron is ready. */
export function createSystemSeal(storage: Storage, platform: NodeJS.Platform): SystemSeal {
  const mustBeReal = async (): Promise<void> => {
    const isAvailable =
      storage.isAsyncEncryptionAvailable === undefined
        ? storage.isEncryptionAvailable?.() === true
        : await storage.isAsyncEncryptionAvailable();
    const isReal = platform !== 'linux' || realBackends.includes(storage.getSelectedStorageBackend());
    if (!isAvailable || !isReal) throw new Error('the system has no store that protects');
  };
  return {
    async seal(secret) {
      await mustBeReal();
      const text = Buffer.from(secret).toString('base64');
      const sealed = (await storage.encryptStringAsync?.(text)) ?? storage.encryptString?.(text);
      if (sealed === undefined) throw new Error('the system has no store that seals');
      return new Uint8Array(sealed);
    },
    async open(sealed) {
      await mustBeReal();
      const bytes = Buffer.from(sealed);
      const opened =
        storage.decryptStringAsync === undefined
          ? { result: storage.decryptString?.(bytes) ?? '', shouldReEncrypt: false }
          : await storage.decryptStringAsync(bytes);
      return {
        secret: new Uint8Array(Buffer.from(opened.result, 'base64')),
        isStale: opened.shouldReEncrypt,
      };
    },
  };
}
