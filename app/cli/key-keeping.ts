import fs from 'node:fs';
import type { KeyKeeping } from '../../core/engine/engine.ts';
import { SyncError } from '../../core/model/errors.ts';
import { createSystemKeyring } from '../keys/system-keyring.ts';
import { usage } from './parse.ts';
import type { Surface } from './shell.ts';

/** What a person said about the key. */
export interface KeyWish {
  readonly place: 'auto' | 'keyring' | 'passphrase' | 'plain';
  /** Where the passphrase is read from; a terminal or stdin if not given. */
  readonly passphraseFd?: number;
}

/** LIMIT: longer than any passphrase. */
const maxPassphraseBytes = 4096;

/** How the command has the key of its device kept. The passphrase is asked for once, however often it is needed. */
export function keyKeeping(
  { readSecret, canAsk }: Pick<Surface, 'readSecret' | 'canAsk'>,
  { place, passphraseFd }: KeyWish,
): KeyKeeping {
  let asked: Promise<string> | undefined;
  const ask = async (purpose: 'open' | 'new'): Promise<string> => {
    if (passphraseFd !== undefined) return readDescriptor(passphraseFd);
    if (purpose === 'open' || !canAsk) return readSecret('Passphrase of this device');
    const first = await readSecret('New passphrase for this device');
    if ((await readSecret('The same once more')) !== first)
      throw new SyncError('not-allowed', { what: 'passphrase-differs' }, { retry: 'after-user' });
    return first;
  };
  return { place, stores: [createSystemKeyring()], passphrase: (purpose) => (asked ??= ask(purpose)) };
}

/** The first line of what a descriptor has, without the space around it. */
function readDescriptor(descriptor: number): string {
  const bytes = Buffer.alloc(maxPassphraseBytes);
  let length = 0;
  try {
    for (;;) {
      const read = fs.readSync(descriptor, bytes, length, bytes.length - length, null);
      length += read;
      if (read === 0 || length === bytes.length || bytes.subarray(0, length).includes('\n')) break;
    }
  } catch {
    throw usage(`the descriptor ${descriptor} cannot be read`, 'Open it for the command, as by `3< FILE`.');
  }
  const line = (bytes.toString('utf8', 0, length).split('\n')[0] ?? '').trim();
  if (line === '') throw new SyncError('not-allowed', { what: 'no-secret' }, { retry: 'after-user' });
  return line;
}
