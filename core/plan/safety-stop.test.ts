import { describe, expect, it } from 'vitest';
import { at } from '../reconcile/testing/members.ts';
import { lossesOf, safetyStop } from './plan.ts';
import { exchange, Replica } from './testing/replica.ts';

describe('the safety stop', () => {
  it('counts what goes and what is replaced, but not what is only moved [PL12]', () => {
    const here = new Replica('h');
    const there = new Replica('t');
    for (const [path, says] of ['A', 'B', 'C', 'D', 'E'].entries())
      there.edit({ kind: 'put', path: at(`p${path}`), says });
    there.edit({ kind: 'put', path: at('empty'), says: '' });
    there.scan();
    exchange([here, there]);
    for (const operation of here.plan(here.decisions()).operations) here.execute(operation);
    there.edit({ kind: 'remove', path: at('p0') });
    there.edit({ kind: 'remove', path: at('empty') });
    there.edit({ kind: 'put', path: at('p1'), says: 'Z' });
    there.edit({ kind: 'move', path: at('p2'), to: at('q') });
    there.edit({ kind: 'remove', path: at('p3') });
    there.edit({ kind: 'make', path: at('p3') });
    there.scan();
    exchange([here, there]);
    expect(lossesOf(here.plan(here.decisions()).operations)).toEqual({ removals: 1, replacements: 2 });
  });

  it.each([
    { says: 'a few of many', removals: 3, replacements: 0, heldFiles: 1000, expected: 'go' },
    {
      says: 'more than the count, less than the share',
      removals: 101,
      replacements: 0,
      heldFiles: 1000,
      expected: 'go',
    },
    { says: 'more than both', removals: 101, replacements: 150, heldFiles: 1000, expected: 'ask' },
    { says: 'exactly the share', removals: 200, replacements: 50, heldFiles: 1000, expected: 'go' },
    { says: 'most of a small folder', removals: 9, replacements: 1, heldFiles: 11, expected: 'go' },
    { says: 'every file there is', removals: 3, replacements: 0, heldFiles: 3, expected: 'ask' },
    { says: 'the only file', removals: 1, replacements: 0, heldFiles: 1, expected: 'go' },
    {
      says: 'every file edited elsewhere, a few of them',
      removals: 0,
      replacements: 50,
      heldFiles: 50,
      expected: 'go',
    },
  ])('$says: $expected [PL13]', ({ removals, replacements, heldFiles, expected }) => {
    expect(safetyStop({ removals, replacements, heldFiles })).toBe(expected);
  });

  it('takes other limits from its caller [PL13]', () => {
    expect(safetyStop({ removals: 2, replacements: 0, heldFiles: 10, share: 0.1, count: 1 })).toBe('ask');
  });
});
