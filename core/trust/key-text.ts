import { base32nopad } from '@scure/base';

/** Bytes as text to be read, typed or pasted: capital letters and 2 to 7, five bits a character. */
export function bytesToKeyText(bytes: Uint8Array): string {
  return base32nopad.encode(bytes);
}

/** `text` without spaces and dashes, in capitals, with the digits that are not used taken for the letters they look like. */
export function tidyKeyText(text: string): string {
  return text
    .replace(/[\s\-\u2010-\u2015\u2212]/gu, '')
    .toUpperCase()
    .replaceAll('0', 'O')
    .replaceAll('1', 'I')
    .replaceAll('8', 'B');
}

/** The bytes of tidied text, or undefined if it is none. */
export function keyTextToBytes(tidied: string): Uint8Array | undefined {
  try {
    return base32nopad.decode(tidied);
  } catch {
    return undefined;
  }
}
