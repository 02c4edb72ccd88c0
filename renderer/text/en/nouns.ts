import type { Encoding } from '../../state/decode-text.ts';

export const files = { one: 'file', other: 'files' };
export const items = { one: 'item', other: 'items' };
export const changes = { one: 'change', other: 'changes' };
export const directories = { one: 'directory', other: 'directories' };
export const devices = { one: 'device', other: 'devices' };

/** How ways of writing texts down are called. */
export const encodings: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16',
  'windows-1252': 'Western European (Windows-1252)',
};
