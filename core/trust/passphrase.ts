import { scrypt } from 'node:crypto';
import { concatBytes } from '../base/pure.ts';

/**
 * LIMIT: 2^17 blocks of 1 KiB for a new passphrase: 128 MiB, for a quarter of a second to a second. A file may ask for 2^15 to 2^20, so that a changed one
 * cannot take the machine's memory.
 */
const newCost = 17;
const costs = { least: 15, most: 20 } as const;
const blockSize = 8;
const saltBytes = 16;

/** The handle of a new passphrase: the cost's exponent in one byte, then `salt`, 16 random bytes. */
export function newPassphraseHandle(salt: Uint8Array, cost = newCost): Uint8Array {
  return concatBytes([Uint8Array.of(cost), salt]);
}

/** The 32-byte secret that a passphrase gives with this handle, by scrypt; undefined if it is no such handle. The passphrase counts in its NFC form. */
export function passphraseToSecret(passphrase: string, handle: Uint8Array): Promise<Uint8Array | undefined> {
  const [cost = 0] = handle;
  if (handle.length !== 1 + saltBytes || cost < costs.least || cost > costs.most)
    return Promise.resolve(undefined);
  const blocks = 2 ** cost;
  // A little more than the blocks themselves is needed.
  const options = { N: blocks, r: blockSize, p: 1, maxmem: 128 * blockSize * blocks + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), handle.subarray(1), 32, options, (error, secret) => {
      if (error === null) resolve(new Uint8Array(secret));
      else reject(error);
    });
  });
}
