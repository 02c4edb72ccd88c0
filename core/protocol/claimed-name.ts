import type { CborValue } from './cbor.ts';
import { readBytes } from './cbor-read.ts';

/** How long a name may be: characters as people see them counted, and UTF-8 bytes on the wire. */
export interface NameLimits {
  readonly maxCharacters: number;
  readonly maxBytes: number;
}

/** LIMIT: the name of a device. */
export const deviceNameLimits: NameLimits = { maxCharacters: 64, maxBytes: 256 };
/** LIMIT: the name of a folder, as long as a file system allows one. */
export const folderNameLimits: NameLimits = { maxCharacters: 255, maxBytes: 255 };

// Controls, formats (bidi overrides, zero-width characters, soft hyphens, tags), line and paragraph separators, private use.
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** A name another device gives itself, made fit to be shown: nothing invisible in it, one line, cut to the limits. It proves nothing, and may be empty. */
export function cleanName(name: string, limits: NameLimits): string {
  const visible = name.normalize('NFC').replace(/\s+/gu, ' ').replace(invisible, '').trim();
  let cut = '';
  let bytes = 0;
  for (const character of Array.from(visible).slice(0, limits.maxCharacters)) {
    bytes += utf8.encode(character).length;
    if (bytes > limits.maxBytes) break;
    cut += character;
  }
  return cut.trimEnd();
}

/** A name as it is sent. */
export function nameToBytes(name: string, limits: NameLimits): Uint8Array {
  return utf8.encode(cleanName(name, limits));
}

/** A name that was sent, cleaned; bytes that are not UTF-8 become replacement characters. Over `limits.maxBytes`: SyncError `peer-misbehaved`. */
export function readName(value: CborValue | undefined, limits: NameLimits, what: string): string {
  return cleanName(new TextDecoder().decode(readBytes(value, 0, limits.maxBytes, what)), limits);
}

const utf8 = new TextEncoder();
