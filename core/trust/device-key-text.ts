import { sha256 } from '@noble/hashes/sha2.js';
import { entropyToMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import { bytesToDeviceKey, keyToBytes, prefixed } from '../protocol/protocol.ts';
import { isUsableKey } from './identity.ts';
import { bytesToKeyText, keyTextToBytes, tidyKeyText } from './key-text.ts';

const keyCharacters = 52;
const checkCharacters = 4;
const groupCharacters = 7;

/** A device key as people see and type it: 52 characters and 4 check characters, in 8 groups of 7 joined by `-`. */
export function deviceKeyToText(key: DeviceKey): string {
  const bytes = keyToBytes(key);
  const text = bytesToKeyText(bytes) + checkOf(bytes);
  return (text.match(new RegExp(`.{${groupCharacters}}`, 'g')) as string[]).join('-');
}

/**
 * The device key that a person typed or pasted; capitals, spaces, dashes and look-alike digits do not matter.
 * Throws SyncError `bad-argument`, `what`: `device-key-length`, `device-key-character`, or `device-key-check` when a character is wrong or two are swapped.
 */
export function textToDeviceKey(text: string): DeviceKey {
  const tidied = tidyKeyText(text);
  if (tidied.length !== keyCharacters + checkCharacters) throw unreadable('device-key-length');
  if (/[^A-Z2-7]/.test(tidied)) throw unreadable('device-key-character');
  const bytes = keyTextToBytes(tidied.slice(0, keyCharacters));
  if (bytes === undefined || checkOf(bytes) !== tidied.slice(keyCharacters))
    throw unreadable('device-key-check');
  const key = bytesToDeviceKey(bytes);
  if (!isUsableKey(key)) throw unreadable('device-key-check');
  return key;
}

/** Whether `key`'s text begins with what a person typed of it, read as tolerantly as {@link textToDeviceKey}; never for fewer than 7 characters. */
export function deviceKeyBegins(key: DeviceKey, beginning: string): boolean {
  const tidied = tidyKeyText(beginning);
  return tidied.length >= groupCharacters && tidyKeyText(deviceKeyToText(key)).startsWith(tidied);
}

/** Six words (66 bits of a hash) for comparing a key by eye or by voice. */
export function keyWords(key: DeviceKey): readonly string[] {
  const digest = sha256(prefixed('lockstep key words 1\n', keyToBytes(key)));
  return entropyToMnemonic(digest.subarray(0, 16), wordlist).split(' ').slice(0, 6);
}

function checkOf(bytes: Uint8Array): string {
  return bytesToKeyText(sha256(prefixed('lockstep device key text 1\n', bytes))).slice(0, checkCharacters);
}

function unreadable(what: string): SyncError {
  return new SyncError('bad-argument', { what }, { retry: 'after-user' });
}
