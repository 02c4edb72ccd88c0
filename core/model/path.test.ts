import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ancestorsOf,
  childOf,
  depthOf,
  faultOfPath,
  isBelow,
  isPrivateName,
  nameOf,
  parentOf,
  relativePath,
  topOf,
} from './path.ts';

const component = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .map((text) => text.normalize('NFC'))
  .filter((text) => faultOfPath(text) === undefined && !text.includes('/'));
const path = fc
  .array(component, { minLength: 1, maxLength: 5 })
  .map((parts) => relativePath(parts.join('/')));

describe('paths', () => {
  it.each([
    ['', 'empty'],
    ['/a', 'component'],
    ['a/', 'component'],
    ['a//b', 'component'],
    ['a/./b', 'component'],
    ['../a', 'component'],
    ['a/..', 'component'],
    ['a\0b', 'nul'],
    ['\ud800', 'lone-surrogate'],
    ['e\u0301', 'not-nfc'],
    ['a/.LockStep/b', 'reserved'],
    ['x'.repeat(256), 'too-long'],
    ['é'.repeat(128), 'too-long'],
    [Array(513).fill('a').join('/'), 'too-deep'],
    [`${'a'.repeat(200)}/`.repeat(21) + 'a', 'too-long'],
  ])('[A30] text %# is none', (text, fault) => {
    expect(faultOfPath(text)).toBe(fault);
    expect(() => relativePath(text)).toThrow(RangeError);
  });

  it.each(['a', 'a/b', '...', ' ', '.lockstep2', 'con', 'x'.repeat(255), 'é'.repeat(127), '😀'.repeat(63)])(
    'text %# is one',
    (text) => {
      expect(relativePath(text)).toBe(text);
    },
  );

  it('are put together from parent and name', () => {
    fc.assert(
      fc.property(path, (each) => {
        expect(childOf(parentOf(each), nameOf(each))).toBe(each);
      }),
    );
  });

  it('lie below each of their ancestors, nearest first, and below nothing else', () => {
    fc.assert(
      fc.property(path, path, (each, other) => {
        const ancestors = ancestorsOf(each);
        expect(ancestors).toHaveLength(depthOf(each) - 1);
        expect(ancestors[0]).toBe(parentOf(each));
        expect(ancestors.at(-1) ?? each).toBe(topOf(each));
        expect(isBelow(each, other)).toBe(ancestors.includes(other));
        expect(isBelow(each, each)).toBe(false);
      }),
    );
  });

  it("[A33] know Lockstep's own name however it is spelled", () => {
    expect(isPrivateName('.LOCKSTEP')).toBe(true);
    expect(isPrivateName('lockstep')).toBe(false);
  });
});
