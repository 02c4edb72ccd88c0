import { describe, expect, it } from 'vitest';
import { type FloorHistory, liveWithFloors } from './testing/floor-history.ts';
import type { FloorWay } from './testing/floor-world.ts';

/** LIMIT: histories in one run; the wrong ways need fewer to be found out. */
const histories = Number(process.env['LOCKSTEP_FLOORS'] ?? 2_000);

function live(way: FloorWay, count: number): { lived: FloorHistory[]; failed: string[] } {
  const lived: FloorHistory[] = [];
  const failed: string[] = [];
  for (let seed = 1; seed <= count; seed++) {
    try {
      lived.push(liveWithFloors(seed, way));
    } catch (error) {
      failed.push(`seed ${seed}: ${String(error)}`);
    }
  }
  return { lived, failed };
}

describe('thousands of histories with floors', () => {
  it('lose nothing that lives, bring nothing back, converge, and do forget [RC50]', () => {
    const { lived, failed } = live('right', histories);
    expect(failed).toEqual([]);
    const sum = (of: (history: FloorHistory) => number): number =>
      lived.reduce((all, one) => all + of(one), 0);
    expect(sum(({ tombstones }) => tombstones)).toBeGreaterThan(histories);
    expect(sum(({ forgottenPaths }) => forgottenPaths)).toBeGreaterThan(histories / 2);
  }, 3_600_000);

  it.each<FloorWay>(['own judgement', 'floor first', 'one phase'])(
    'break when devices go by %s [RC50]',
    (way) => {
      expect(live(way, Math.min(histories, 600)).failed.length).toBeGreaterThan(0);
    },
    3_600_000,
  );
});
