import type { ListedName } from './file-system.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const replacement = '\uFFFD';

/**
 * Names as text, where all are. Node puts U+FFFD for bytes that are no UTF-8, so a text without it was decoded truly; with one
 * in it the bytes must be asked for, which `readBytes` does.
 */
export function decodeNames(texts: readonly string[], readBytes: () => readonly Uint8Array[]): ListedName[] {
  for (const text of texts) if (text.includes(replacement)) return readBytes().map(decodeName);
  return texts.map((name) => ({ name }));
}

/** One name from its bytes. */
export function decodeName(bytes: Uint8Array): ListedName {
  const name = decodeOrUndefined(bytes);
  return name === undefined ? { unreadable: renderBytes(bytes) } : { name };
}

/** Text of UTF-8 bytes, or undefined if they are none. */
export function decodeOrUndefined(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether text from Node may stand for bytes that are no UTF-8. */
export function mayBeUndecodable(text: string): boolean {
  return text.includes(replacement);
}

/** Bytes as one printable line: what is text stays, every other byte becomes `\xHH`. Different bytes may not give one rendering, so a backslash is doubled. */
export function renderBytes(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    const character = length === 0 ? undefined : decodeOrUndefined(bytes.subarray(at, at + length));
    if (character === undefined || character < ' ' || character === '\x7f') {
      text += `\\x${(bytes[at] as number).toString(16).padStart(2, '0')}`;
      at += 1;
    } else {
      text += character === '\\' ? '\\\\' : character;
      at += length;
    }
  }
  return text;
}

function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  if (first < 0xc0) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}
