import type { SealKind } from '../trust/trust.ts';

/** Where a device keeps its key: sealed by a store or a passphrase, or plain in a file that only its owner may read. */
export type KeyPlace = SealKind | 'plain';

/** A place outside the home, kept by the system for its user, that holds the secret of a sealed key. */
export interface SecretStore {
  readonly kind: Exclude<SealKind, 'passphrase'>;
  /** Keeps a secret of 32 bytes, and has found it again when it resolves: to a handle of at most 4096 bytes. Rejects where the store does not work, with nothing kept. */
  keep(secret: Uint8Array): Promise<Uint8Array>;
  /** The secret of a handle; undefined if the store works and has none. `isStale`: the store wants it kept anew. Rejects where the store does not work. */
  find(handle: Uint8Array): Promise<{ readonly secret: Uint8Array; readonly isStale?: boolean } | undefined>;
  /** Lets go of a secret that is needed no more. */
  forget(handle: Uint8Array): Promise<void>;
}

/** How a person wants the key of a device to be kept. */
export interface KeyKeeping {
  /**
   * `auto` and `ask` leave a key as it is kept, and seal a new one by the first of `stores` that works. Where none does, `auto` keeps it plain and `ask` refuses with SyncError
   * `person-needed`. The others keep a new key so, and change an existing one to it.
   */
  readonly place: 'auto' | 'ask' | 'keyring' | 'passphrase' | 'plain';
  /** Best first. */
  readonly stores: readonly SecretStore[];
  /** Asks for the passphrase, or for a new one; without it nobody can be asked. */
  passphrase?(purpose: 'open' | 'new'): Promise<string>;
}

/** A plain file, as in worlds of tests. */
export const keptPlain: KeyKeeping = { place: 'plain', stores: [] };
