import { describe, expect, it } from 'vitest';
import { at } from '../reconcile/testing/members.ts';
import { isMassChange, lossOf, mostWithin } from './plan.ts';
import { exchange, Replica } from './testing/replica.ts';

describe('the safety stop', () => {
  it('counts what goes and what is replaced, but nothing empty and no directory [PL12]', () => {
    const here = new Replica('h');
    const there = new Replica('t');
    for (const [path, says] of ['A', 'B', 'C'].entries())
      there.edit({ kind: 'put', path: at(`p${path}`), says });
    there.edit({ kind: 'put', path: at('empty'), says: '' });
    there.edit({ kind: 'make', path: at('d') });
    there.scan();
    exchange([here, there]);
    for (const operation of here.plan(here.decisions()).operations) here.execute(operation);
    there.edit({ kind: 'remove', path: at('p0') });
    there.edit({ kind: 'remove', path: at('empty') });
    there.edit({ kind: 'remove', path: at('d') });
    there.edit({ kind: 'put', path: at('p1'), says: 'Z' });
    there.edit({ kind: 'remove', path: at('p2') });
    there.edit({ kind: 'make', path: at('p2') });
    there.edit({ kind: 'put', path: at('new'), says: 'N' });
    there.scan();
    exchange([here, there]);
    const losses = here.decisions().map((decision) => [decision.path, lossOf(decision)]);
    expect(Object.fromEntries(losses)).toEqual({
      p0: 'removed',
      empty: undefined,
      d: undefined,
      p1: 'replaced',
      p2: 'replaced',
      new: undefined,
    });
  });

  it.each([
    { says: 'a few of many', lost: 3, files: 1_000, expected: false },
    { says: 'more than the count, less than the share', lost: 101, files: 1_000, expected: false },
    { says: 'more than both', lost: 251, files: 1_000, expected: true },
    { says: 'exactly the share', lost: 250, files: 1_000, expected: false },
    { says: 'exactly the count', lost: 100, files: 100, expected: false },
    { says: 'most of a small folder', lost: 10, files: 11, expected: false },
  ])('asks about $says: $expected [PL13]', ({ lost, files, expected }) => {
    expect(isMassChange(lost, files, { share: 0.25, count: 100 })).toBe(expected);
  });

  it('takes other limits, and a share of 1 as never [PL13]', () => {
    expect(isMassChange(6, 100, { share: 0.05, count: 5 })).toBe(true);
    expect(isMassChange(100, 100, { share: 1, count: 0 })).toBe(false);
  });

  it('counts what lies within one span, wherever that begins [PL13]', () => {
    expect(mostWithin([], 60)).toBe(0);
    expect(mostWithin([5], 60)).toBe(1);
    expect(mostWithin([0, 61, 30, 91, 90], 60)).toBe(3);
    expect(mostWithin([0, 61, 122, 183], 60)).toBe(1);
  });
});
