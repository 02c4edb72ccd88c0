/** How a text was written down. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Bytes read as text, or that they are none. */
export type Decoded =
  | {
      readonly kind: 'text';
      /** With `\n` at the end of every line, whatever the file has. */
      readonly text: string;
      readonly encoding: Encoding;
      /** Whether the bytes do not say themselves how they are to be read. */
      readonly isGuess: boolean;
      /** Whether they begin with a mark of their encoding. */
      readonly hasMark: boolean;
      readonly lineEnd: '\n' | '\r\n';
    }
  | { readonly kind: 'not-text' };

/** How many of the first bytes are looked at for the shape of UTF-16. */
const lookedAtBytes = 4_096;

/** Reads bytes as text: by their mark, as UTF-8 where they are that exactly, by the shape of UTF-16, or as a guess in the Western European code page. */
export function decodeText(bytes: Uint8Array): Decoded {
  const marked = encodingOfMark(bytes);
  if (marked !== undefined) return read(bytes, { encoding: marked, isGuess: false, hasMark: true });
  const asUtf8 = read(bytes, { encoding: 'utf-8', isGuess: false, hasMark: false });
  if (asUtf8.kind === 'text') return asUtf8;
  const wide = shapeOfUtf16(bytes);
  if (wide !== undefined) return read(bytes, { encoding: wide, isGuess: true, hasMark: false });
  return read(bytes, { encoding: 'windows-1252', isGuess: true, hasMark: false });
}

/** A text as bytes of a UTF-8 file, with the line ends and mark of the text it stands for. */
export function encodeText(
  text: string,
  like: { readonly hasMark: boolean; readonly lineEnd: string },
): Uint8Array {
  const lines = text.replaceAll('\n', like.lineEnd);
  return new TextEncoder().encode(like.hasMark ? `\ufeff${lines}` : lines);
}

function read(
  bytes: Uint8Array,
  facts: { readonly encoding: Encoding; readonly isGuess: boolean; readonly hasMark: boolean },
): Decoded {
  let text: string;
  try {
    text = new TextDecoder(facts.encoding, { fatal: true }).decode(bytes);
  } catch {
    return { kind: 'not-text' };
  }
  if (isControlled(text)) return { kind: 'not-text' };
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  return { kind: 'text', text: text.replaceAll('\r\n', '\n'), lineEnd, ...facts };
}

/** Whether it holds characters that no text has: controls other than tab, line feed, form feed, carriage return and escape. */
function isControlled(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f\ufffe\uffff]/.test(text);
}

function encodingOfMark([first, second, third]: Uint8Array): Encoding | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return undefined;
}

/** Text of alphabets in UTF-16 has a zero in most of its second bytes, or in most of its first, and none in the others. */
function shapeOfUtf16(bytes: Uint8Array): Encoding | undefined {
  if (bytes.length < 4 || bytes.length % 2 !== 0) return undefined;
  const looked = bytes.subarray(0, lookedAtBytes);
  let [even, odd] = [0, 0];
  looked.forEach((byte, i) => {
    if (byte !== 0) return;
    if (i % 2 === 0) even += 1;
    else odd += 1;
  });
  const most = looked.length / 4;
  if (odd > most && even === 0) return 'utf-16le';
  return even > most && odd === 0 ? 'utf-16be' : undefined;
}
