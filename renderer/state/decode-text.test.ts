import { expect, test } from 'vitest';
import { decodeText, encodeText } from './decode-text.ts';

const utf16 = (text: string, littleEndian: boolean): number[] =>
  Array.from(text).flatMap((character) => {
    const unit = character.charCodeAt(0);
    return littleEndian ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255];
  });
const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];

test.each([
  ['plain UTF-8', utf8('Grüße 文件'), { text: 'Grüße 文件', encoding: 'utf-8', isGuess: false }],
  ['nothing at all', [], { text: '', encoding: 'utf-8', isGuess: false }],
  ['UTF-8 with its mark', [0xef, 0xbb, 0xbf, ...utf8('ä')], { text: 'ä', hasMark: true, isGuess: false }],
  ['UTF-16 with its mark', [0xff, 0xfe, ...utf16('ab\n', true)], { text: 'ab\n', encoding: 'utf-16le' }],
  ['the other UTF-16', [0xfe, 0xff, ...utf16('ab', false)], { text: 'ab', encoding: 'utf-16be' }],
  ['UTF-16 without a mark', utf16('Hallo Welt', true), { text: 'Hallo Welt', isGuess: true }],
  [
    'Western European',
    [0x47, 0x72, 0xfc, 0xdf, 0x65],
    { text: 'Grüße', encoding: 'windows-1252', isGuess: true },
  ],
  ['lines of Windows', utf8('a\r\nb'), { text: 'a\nb', lineEnd: '\r\n' }],
])('%s is read', (_says, bytes, expected) => {
  expect(decodeText(Uint8Array.from(bytes))).toMatchObject({ kind: 'text', ...expected });
});

test.each([
  ['zeros', [0, 0, 0, 0]],
  ['bytes with a zero among them', [0, 9, 9, 9, 9, 9]],
  ['a picture', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]],
  ['a program', [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]],
  ['controls in what else would be text', utf8('bell \u0007')],
])('%s is no text', (_says, bytes) => {
  expect(decodeText(Uint8Array.from(bytes))).toEqual({ kind: 'not-text' });
});

test('a text goes back to the bytes it came from', () => {
  for (const bytes of [utf8('a\r\nb\r\n'), [0xef, 0xbb, 0xbf, ...utf8('ä\n')]]) {
    const decoded = decodeText(Uint8Array.from(bytes));
    if (decoded.kind !== 'text') throw new Error('it is text');
    expect([...encodeText(decoded.text, decoded)]).toEqual(bytes);
  }
});
