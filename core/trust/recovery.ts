import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { invariant } from '../base/pure.ts';
import { SyncError } from '../model/errors.ts';
import { createIdentity, type Identity } from './identity.ts';

/** Bytes of the secret behind a recovery code. */
export const recoverySeedBytes = 16;

/** The recovery code of a seed: 12 words, the last with a check in it. */
export function recoverySeedToWords(seed: Uint8Array): string {
  invariant(seed.length === recoverySeedBytes, 'a recovery seed has 16 bytes');
  return entropyToMnemonic(seed, wordlist);
}

/** The seed of 12 typed words; capitals and the space between them do not matter. Throws SyncError `bad-argument`, `what`: `recovery-code`. */
export function wordsToRecoverySeed(words: string): Uint8Array {
  const tidied = words.trim().toLowerCase().split(/\s+/u);
  try {
    if (tidied.length === 12) return mnemonicToEntropy(tidied.join(' '), wordlist);
  } catch {
    // Falls through to the one answer: nothing of the words may reach a message or a log.
  }
  throw new SyncError('bad-argument', { what: 'recovery-code' }, { retry: 'after-user' });
}

/** The key that outranks every device of a group; only its public half, `deviceKey`, is ever stored. */
export function recoveryKeyFromSeed(seed: Uint8Array): Identity {
  invariant(seed.length === recoverySeedBytes, 'a recovery seed has 16 bytes');
  return createIdentity(hkdf(sha256, seed, undefined, new TextEncoder().encode('lockstep/recovery/1'), 32));
}
