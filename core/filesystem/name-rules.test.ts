import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkName, foldName } from './name-rules.ts';

describe('names a disk can hold', () => {
  test.each([
    ['', 'not-a-name'],
    ['.', 'not-a-name'],
    ['..', 'not-a-name'],
    ['a/b', 'not-a-name'],
    ['a\0', 'not-a-name'],
    ['a\ud800', 'not-text'],
    ['\u00e9'.repeat(128), 'too-long'],
    ['x'.repeat(256), 'too-long'],
  ] as const)('[FS26] not %j on Linux and macOS: %s', (name, fault) => {
    expect(checkName(name, 'posix')).toBe(fault);
    expect(checkName(name, 'darwin')).toBe(fault);
  });

  test('[FS26] anything else on Linux and macOS', () => {
    for (const name of [
      'a:b',
      'nul',
      'trailing.',
      'trailing ',
      '-rf',
      'a\nb',
      '\\',
      '...',
      'x'.repeat(255),
    ]) {
      expect(checkName(name, 'posix')).toBeUndefined();
      expect(checkName(name, 'darwin')).toBeUndefined();
    }
  });

  test.each([
    ['a<b', 'character'],
    ['a>b', 'character'],
    ['a:b', 'character'],
    ['a"b', 'character'],
    ['a|b', 'character'],
    ['a?b', 'character'],
    ['a*b', 'character'],
    ['a\\b', 'character'],
    ['a\u001fb', 'character'],
    ['a\nb', 'character'],
    ['a.', 'trailing'],
    ['a ', 'trailing'],
    ['con', 'device'],
    ['NUL', 'device'],
    ['nul.txt.jpg', 'device'],
    ['Aux.c', 'device'],
    ['prn .txt', 'device'],
    ['com0', 'device'],
    ['COM1', 'device'],
    ['COM\u00b9', 'device'],
    ['lpt9.log', 'device'],
    ['LPT\u00b3.x', 'device'],
    ['CONIN$', 'device'],
    ['conout$', 'device'],
    ['x'.repeat(256), 'too-long'],
    ['\udc00', 'not-text'],
  ] as const)('[FS26] not %j on Windows: %s', (name, fault) => {
    expect(checkName(name, 'windows')).toBe(fault);
  });

  test('[FS26] [A30] on Windows too when they only look like a device', () => {
    for (const name of [
      'console',
      'com10',
      'com',
      'lpt',
      'nulls.txt',
      'a.nul',
      '.con',
      '\u00e9'.repeat(255),
    ]) {
      expect(checkName(name, 'windows')).toBeUndefined();
    }
  });
});

describe('slots', () => {
  const bare = { caseInsensitive: false, normalises: false };

  test('[FS27] are the names themselves where the disk tells all names apart', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(foldName(name, bare)).toBe(name);
      }),
    );
  });

  test.each([
    ['README', 'readme'],
    ['\u00c9t\u00e9', '\u00e9T\u00c9'],
    ['\u03a3', '\u03c2'],
    ['\u03c3', '\u03c2'],
    ['\u212a', 'K'],
    ['\u017f', 's'],
    ['\ud801\udc00', '\ud801\udc28'],
  ])('[FS27] [A31] hold %j and %j as one where case does not count', (a, b) => {
    const folding = { ...bare, caseInsensitive: true };
    expect(foldName(a, folding)).toBe(foldName(b, folding));
    expect(foldName(a, bare)).not.toBe(foldName(b, bare));
  });

  test('[FS27] tell letters apart that no disk takes for one', () => {
    const folding = { caseInsensitive: true, normalises: true };
    for (const [a, b] of [
      ['\u00df', 'ss'],
      ['e', '\u00e9'],
      ['\ufb01', 'fi'],
    ] as const) {
      expect(foldName(a, folding)).not.toBe(foldName(b, folding));
    }
  });

  test('[FS27] [A31] hold all normal forms as one where the disk normalises', () => {
    expect(foldName('cafe\u0301', { ...bare, normalises: true })).toBe('caf\u00e9');
    expect(foldName('CAFE\u0301', { caseInsensitive: true, normalises: true })).toBe('caf\u00e9');
  });

  test('[FS27] of a slot are the slot', () => {
    for (const caseInsensitive of [true, false]) {
      for (const normalises of [true, false]) {
        const folding = { caseInsensitive, normalises };
        fc.assert(
          fc.property(fc.string({ unit: 'grapheme-composite' }), (name) => {
            const slot = foldName(name, folding);
            expect(foldName(slot, folding)).toBe(slot);
          }),
        );
      }
    }
  });
});
