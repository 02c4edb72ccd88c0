import { randomBytes } from 'node:crypto';
import type { SecretStore } from '../../core/engine/engine.ts';
import { type Clock, systemClock } from '../clock.ts';

/** LIMIT: how long a keyring may take, a person who unlocks it included. */
const answerMs = 60_000;
const service = 'Lockstep';
/** Elsewhere the kernel's keyring would stand in, and that one is empty after the next boot. */
const onlyLasting = { linux: { store: 'secret-service' } } as const;

/**
 * The keyring of the user's system: the Secret Service on Linux, the keychain on macOS, the credential manager on Windows. A handle is the random name of an entry. Every
 * call rejects where there is none that works, where it stays locked, and where it does not answer within a minute.
 */
export function createSystemKeyring(clock: Clock = systemClock): SecretStore {
  const entryOf = async (handle: Uint8Array) => {
    // Native code: loaded only where a key is kept in a keyring or may come to be.
    const { AsyncEntry } = await import('@napi-rs/keyring');
    return new AsyncEntry(service, `device key ${Buffer.from(handle).toString('hex')}`, onlyLasting);
  };
  const inTime = <T>(answer: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const cancel = clock.after(answerMs, () => reject(new Error('the keyring did not answer')));
      void answer.then(resolve, reject).finally(cancel);
    });
  const find = async (handle: Uint8Array): Promise<Uint8Array | undefined> => {
    const entry = await entryOf(handle);
    const secret = await inTime(entry.getSecret());
    return secret === null ? undefined : Uint8Array.from(secret);
  };
  const forget = async (handle: Uint8Array): Promise<void> => {
    const entry = await entryOf(handle);
    await inTime(entry.deleteCredential());
  };
  return {
    kind: 'keyring',
    async keep(secret) {
      const handle = new Uint8Array(randomBytes(16));
      const entry = await entryOf(handle);
      await inTime(entry.setSecret(secret));
      const found = await find(handle);
      if (found === undefined || !Buffer.from(found).equals(secret)) {
        await forget(handle);
        throw new Error('the keyring does not give back what it was given');
      }
      return handle;
    },
    async find(handle) {
      const secret = await find(handle);
      return secret && { secret };
    },
    forget,
  };
}
