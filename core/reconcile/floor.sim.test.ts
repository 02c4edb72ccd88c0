import { describe, expect, it } from 'vitest';
import { type FloorHistory, liveWithFloors } from './testing/floor-history.ts';
import type { FloorWay } from './testing/floor-world.ts';

/** LIMIT: histories in one run; each wrong way is found out within the first thousand. */
const histories = Number(process.env['LOCKSTEP_FLOORS'] ?? 600);
/** Histories in which a copy that a device came upon comes back once its deletion is forgotten: known, not mended, and why real devices forget nothing yet. */
const broken = [897, 1057, 1084, 1699];

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
    const failed = lived.flatMap((history, i) => (typeof history === 'string' ? [i + 1] : []));
    expect(failed.filter((seed) => !broken.includes(seed))).toEqual([]);
    const sum = (of: (history: FloorHistory) => number): number =>
      lived.reduce<number>((all, history) => all + (typeof history === 'string' ? 0 : of(history)), 0);
    expect(sum(({ tombstones }) => tombstones)).toBeGreaterThan(histories);
    expect(sum(({ forgottenPaths }) => forgottenPaths)).toBeGreaterThan(histories / 2);
  }, 3_600_000);

  it.each(broken)('still break in history %i: one that does not any more leaves the list', (seed) => {
    expect(live(seed, 'right')).toContain('Bug');
  });

  it.each<FloorWay>(['own judgement', 'floor first', 'one phase'])(
    'break when devices go by %s [RC50]',
    (way) => {
      let seed = 1;
      while (typeof live(seed, way) !== 'string' && seed < 1_000) seed += 1;
      expect(live(seed, way)).toContain('Bug');
    },
    3_600_000,
  );
});
