import { describe, expect, it } from 'vitest';
import { type Content, maxFrom } from '../model/entry.ts';
import { fromOfWrite, isClockDistrusted, prefixOfContent, stampChange, stampFound } from './reconcile.ts';
import { hashOf, prefix } from './testing/members.ts';

const file = (says: string): Content => ({ kind: 'file', content: hashOf(says), sizeBytes: says.length });

describe('what a write is edited from', () => {
  it('lists contents newest first, each once, without the new one [RC14]', () => {
    const before = { content: file('Y'), from: [prefix('X'), prefix('Y'), prefix('W')] };
    expect(fromOfWrite([before], file('X'))).toEqual([prefix('Y'), prefix('W')]);
    expect(fromOfWrite([before], undefined)).toEqual([prefix('Y'), prefix('X'), prefix('W')]);
    expect(fromOfWrite([], file('X'))).toEqual([]);
  });

  it('stops after sixteen [RC14]', () => {
    const from = Array.from({ length: 20 }, (_, i) => prefix(`V${i}`));
    const listed = fromOfWrite([{ content: { kind: 'directory' }, from }], undefined);
    expect(listed).toEqual([prefixOfContent({ kind: 'directory' }), ...from.slice(0, maxFrom - 1)]);
  });
});

describe('the clock of changes', () => {
  it.each([
    { says: 'nothing seen: now', seen: [], offset: 0, expected: 1_000_000 },
    { says: 'later than what was seen', seen: [1_000_500, 3], offset: 0, expected: 1_000_501 },
    { says: 'a far-future value moves nobody', seen: [1_000_000 + 120_001], offset: 0, expected: 1_000_000 },
    { says: 'a far-future value hides no near one', seen: [9e12, 1_000_007], offset: 0, expected: 1_000_008 },
    { says: 'a little off its peers: its own clock', seen: [], offset: 120_000, expected: 1_000_000 },
    { says: 'far off its peers: their median', seen: [], offset: -500_000, expected: 500_000 },
  ])('$says [RC15]', ({ seen, offset, expected }) => {
    expect(stampChange({ now: 1_000_000, seenChangedAts: seen, medianOffset: offset })).toBe(expected);
    expect(isClockDistrusted(offset)).toBe(Math.abs(offset) > 120_000);
  });

  it('takes the time of what was found from the file, never after now nor before 1970 [RC16]', () => {
    expect(stampFound(5_000_000n, 1000)).toBe(5);
    expect(stampFound(10n ** 18n, 1000)).toBe(1000);
    expect(stampFound(-5_000_000n, 1000)).toBe(0);
  });
});
