import { describe, expect, it } from 'vitest';
import { type FloorHistory, liveWithFloors } from './testing/floor-history.ts';
import { copyComeUpon } from './testing/floor-scene.ts';
import type { FloorWay } from './testing/floor-world.ts';

/** LIMIT: histories in one run; each wrong way but one is found out within the first thousand. */
const histories = Number(process.env['LOCKSTEP_FLOORS'] ?? 600);

function live(seed: number, way: FloorWay): FloorHistory | string {
  try {
    return liveWithFloors(seed, way);
  } catch (error) {
    return `seed ${seed}: ${String(error)}`;
  }
}

describe('thousands of histories with floors', () => {
  it('lose nothing that lives, bring nothing back, converge, and do forget [RC50]', () => {
    const lived = Array.from({ length: histories }, (_, i) => live(i + 1, 'right'));
    expect(lived.filter((history) => typeof history === 'string')).toEqual([]);
    const sum = (of: (history: FloorHistory) => number): number =>
      lived.reduce<number>((all, history) => all + (typeof history === 'string' ? 0 : of(history)), 0);
    expect(sum(({ tombstones }) => tombstones)).toBeGreaterThan(histories);
    expect(sum(({ forgottenPaths }) => forgottenPaths)).toBeGreaterThan(histories / 2);
  }, 3_600_000);

  it('leave a copy deleted that was come upon before its deletion was shown, which one phase does not [RC54]', () => {
    expect(copyComeUpon('right')).toBeUndefined();
    expect(copyComeUpon('one phase')).toMatchObject({ kind: 'file' });
  });

  it.each<FloorWay>(['own judgement', 'floor first'])(
    'break when devices go by %s [RC50]',
    (way) => {
      let seed = 1;
      while (typeof live(seed, way) !== 'string' && seed < 1_000) seed += 1;
      expect(live(seed, way)).toContain('Bug');
    },
    3_600_000,
  );
});
