import { describe, expect, it } from 'vitest';
import { meetVectors, type VectorItem } from '../model/past.ts';
import { isForgettable, nextFloor, withoutForgotten, withoutOld } from './floor.ts';
import { mergeMembers } from './merge.ts';
import { dot, member } from './testing/members.ts';
import { viewOf } from './view.ts';
import { liveWithFloors } from './testing/floor-history.ts';
import type { FloorWay } from './testing/floor-world.ts';

const upTo = (...dots: readonly string[]): VectorItem[] => dots.map(dot);
const hashes = (members: readonly { readonly hash: string }[]): Set<never> =>
  new Set(members.map(({ hash }) => hash as never));

describe('what may be forgotten', () => {
  const file = member({ dot: 'a1', says: 'X' });
  const gone = member({ dot: 'a2', seen: ['a1', 'b3'], says: 'gone' });

  it('[RC51] is a path with nothing but deletions, each with all it had seen under the floor', () => {
    expect(isForgettable([gone], upTo('a2', 'b3'))).toBe(true);
    expect(isForgettable([gone], upTo('a2', 'b2'))).toBe(false);
    expect(isForgettable([gone], upTo('a1', 'b3'))).toBe(false);
    expect(isForgettable([gone, member({ dot: 'c1', says: 'gone' })], upTo('a2', 'b3'))).toBe(false);
    expect(isForgettable([gone, file], upTo('a9', 'b9'))).toBe(false);
    expect(isForgettable([], upTo('a9'))).toBe(false);
  });

  it('[RC51] goes by the vector of a past, exceptions or not', () => {
    const past = { vector: upTo('a2', 'b7'), except: [dot('b6')] };
    expect(isForgettable([member({ dot: 'a2', past, says: 'gone' })], upTo('a2', 'b5'))).toBe(false);
    expect(isForgettable([member({ dot: 'a2', past, says: 'gone' })], upTo('a2', 'b7'))).toBe(true);
  });

  it('[RC52] does not come back by a late push, while what is new or still held goes on as ever', () => {
    const news = member({ dot: 'c1', says: 'Y' });
    const arrived = [file, gone, news].map((one) => ({ member: one }));
    expect(withoutOld(arrived, [], upTo('a2'))).toEqual([{ member: news }]);
    expect(withoutOld(arrived, [gone], upTo('a2'))).toEqual([{ member: gone }, { member: news }]);
    expect(withoutOld(arrived, [], [])).toEqual(arrived);
  });

  it('[RC53] is given up when a peer whose floor covers it has neither it nor what had seen it', () => {
    const fresh = member({ dot: 'c4', says: 'Z' });
    expect(withoutForgotten([file, fresh], new Set(), upTo('a1', 'c3'))).toEqual([fresh]);
    expect(withoutForgotten([file, fresh], new Set(), upTo('c3'))).toEqual([file, fresh]);
    expect(withoutForgotten([file], hashes([file]), upTo('a1'))).toEqual([file]);
    const { members } = mergeMembers([file], [gone]);
    expect(withoutForgotten(members, hashes([gone]), upTo('a2'))).toEqual([gone]);
  });
});

describe('the floor of a quorum', () => {
  it('[RC54] is what all have shown, at once where all have shown the same', () => {
    expect(nextFloor([upTo('a2', 'b1'), upTo('a2', 'b1')], undefined).floor).toEqual(upTo('a2', 'b1'));
  });

  it('[RC54] stays where it is while one member has said nothing', () => {
    expect(nextFloor([upTo('a2'), []], undefined).floor).toEqual([]);
  });

  it('[RC54] waits otherwise until all have caught up with what any of them had said', () => {
    const first = nextFloor([upTo('a2', 'b1'), upTo('a2', 'b4')], undefined);
    expect(first.floor).toEqual([]);
    const second = nextFloor([upTo('a5', 'b3'), upTo('a3', 'b4')], first.coming);
    expect(second.floor).toEqual([]);
    const third = nextFloor([upTo('a5', 'b4'), upTo('a3', 'b5')], second.coming);
    expect(third.floor).toEqual(upTo('a2', 'b1'));
    expect(third.coming).toEqual({ floor: upTo('a3', 'b4'), until: upTo('a5', 'b5') });
  });

  it('[RC54] lets no deletion go while a copy that it overrules may be on its way', () => {
    const gone = member({ dot: 'a2', seen: ['a1'], says: 'gone', from: ['X'] });
    const copy = member({ dot: 'c1', says: 'X', found: true });
    expect(viewOf([gone, copy], false).content).toBeUndefined();
    expect(viewOf([copy], false).content).toBeDefined();
    // All have shown the deletion; only the author of the copy knows of that.
    const applied = [upTo('a2'), upTo('a2'), upTo('a2', 'c1')];
    expect(isForgettable([gone], meetVectors(applied))).toBe(true);
    const first = nextFloor(applied, undefined);
    expect(isForgettable([gone], first.floor)).toBe(false);
    const all = upTo('a2', 'c1');
    const second = nextFloor([all, all, all], first.coming);
    expect(second.floor).toEqual(all);
    expect(isForgettable([gone, copy], second.floor)).toBe(false);
  });

  it('[RC54] does not wait for what a device said before it lost its index', () => {
    const first = nextFloor([upTo('a2', 'b9'), upTo('a2')], undefined);
    const second = nextFloor([upTo('a2'), upTo('a2', 'c1')], first.coming);
    expect(second.coming).toEqual({ floor: upTo('a2'), until: upTo('a2', 'c1') });
  });
});

describe('devices that forget deletions', () => {
  const seeds = Array.from({ length: Number(process.env['LOCKSTEP_FLOORS'] ?? 40) }, (_, i) => i + 1);
  const failing = (way: FloorWay): string[] =>
    seeds.flatMap((seed) => {
      try {
        liveWithFloors(seed, way);
        return [];
      } catch (error) {
        return [`seed ${seed}: ${String(error)}`];
      }
    });

  it('[RC50] lose nothing that lives, bring nothing back, and end with the same states and floors', () => {
    expect(failing('right')).toEqual([]);
  }, 600_000);

  it('[RC50] do lose what lives when they take a floor before what stands under it', () => {
    expect(failing('floor first').length).toBeGreaterThan(0);
  }, 600_000);
});
