import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Observed } from '../model/disk.ts';
import { type RelativePath, relativePath } from '../model/path.ts';
import { createSettler, type Settler } from './settle.ts';

const file = relativePath('file');

describe('settling', () => {
  test('[SC14] a lone change leaves after 50 ms, once, with its look', () => {
    const settler = createSettler();
    settler.touched(file, look(1), 1_000);
    expect(settler.nextAt()).toBe(1_050);
    expect(settler.due(1_049)).toEqual([]);
    expect(settler.due(1_050)).toEqual([{ path: file, observed: look(1), overdue: false }]);
    expect(settler.due(2_000)).toEqual([]);
    expect(settler.nextAt()).toBeUndefined();
  });

  test('[SC14] the same look again prolongs nothing', () => {
    const settler = createSettler();
    settler.touched(file, look(1), 0);
    settler.touched(file, look(1), 49);
    expect(settler.due(50).length).toBe(1);
  });

  test('[SC14] each further change doubles the wait, up to a second', () => {
    const settler = createSettler();
    const waits: number[] = [];
    let now = 0;
    for (let version = 1; version <= 8; version++) {
      settler.touched(file, look(version), now);
      waits.push((settler.nextAt() as number) - now);
      now += 10;
    }
    expect(waits).toEqual([50, 100, 200, 400, 800, 1_000, 1_000, 1_000]);
  });

  test('[SC14] a path that keeps coming back keeps its pace for two seconds', () => {
    const settler = createSettler();
    settler.touched(file, look(1), 0);
    settler.due(50);
    settler.touched(file, look(2), 1_000);
    expect(settler.nextAt()).toBe(1_100);
    settler.due(1_100);
    settler.touched(file, look(3), 3_099);
    expect(settler.nextAt()).toBe(3_299);
    settler.due(3_299);
    settler.touched(file, look(4), 5_299);
    expect(settler.nextAt()).toBe(5_349);
  });

  test('[SC14] a deletion settles like any other change', () => {
    const settler = createSettler();
    settler.touched(file, look(1), 0);
    settler.touched(file, undefined, 20);
    settler.touched(file, undefined, 60);
    expect(settler.due(120)).toEqual([{ path: file, observed: undefined, overdue: false }]);
  });

  test('[SC19] what went waits for what came, which is handed out first or with it', () => {
    const settler = createSettler();
    const [old, later] = [relativePath('old'), relativePath('later')];
    settler.touched(old, undefined, 0);
    settler.touched(file, look(1), 40, true);
    settler.touched(later, look(2), 90, true);
    expect([settler.nextAt(), settler.due(60)]).toEqual([90, []]);
    expect(settler.due(90).map(({ path }) => path)).toEqual([file]);
    expect(settler.nextAt()).toBe(140);
    expect(settler.due(140).map(({ path }) => path)).toEqual([old, later]);
    expect(settler.nextAt()).toBeUndefined();
  });

  test('[SC19] what went waits for ten seconds while ever more comes, and not for what is only changed', () => {
    const settler = createSettler();
    settler.touched(file, undefined, 0);
    settler.touched(relativePath('changed'), look(1), 40);
    expect(settler.due(50).map(({ path }) => path)).toEqual([file]);
    settler.touched(file, undefined, 100);
    for (let at = 100; at < 10_090; at += 40) {
      settler.touched(relativePath(`new ${at}`), look(at), at, true);
      expect(settler.due(at).map(({ path }) => path)).not.toContain(file);
    }
    expect(settler.due(10_100).map(({ path }) => path)).toContain(file);
  });

  test('[SC15] a file written to without end comes out after ten seconds, and again', () => {
    const settler = createSettler();
    const handedOut: [number, boolean][] = [];
    for (let now = 0; now <= 21_000; now += 20) {
      settler.touched(file, look(now), now);
      for (const { overdue } of settler.due(now)) {
        handedOut.push([now, overdue]);
        // The read met a write: what it looked like then is not what it looks like now.
        settler.touched(file, look(now + 1), now);
      }
    }
    expect(handedOut).toEqual([
      [10_000, true],
      [20_000, true],
    ]);
    expect(settler.isChanging(file)).toBe(true);
  });

  test('what keeps changing is told from what changed once', () => {
    const settler = createSettler();
    const [once, often] = [relativePath('once'), relativePath('often')];
    settler.touched(once, look(1), 0);
    settler.touched(often, look(1), 0);
    settler.touched(often, look(2), 1);
    expect([once, often, relativePath('never')].map(settler.isChanging)).toEqual([false, true, false]);
  });

  test('paths come out longest over first', () => {
    const settler = createSettler();
    settler.touched(relativePath('c'), look(1), 0);
    settler.touched(relativePath('c'), look(2), 1);
    settler.touched(relativePath('b'), look(1), 40);
    settler.touched(relativePath('a'), look(1), 40);
    settler.touched(relativePath('z'), look(1), 20);
    expect(settler.due(500).map(({ path }) => path)).toEqual(['z', 'a', 'b', 'c']);
  });

  test('[SC14] [SC15] [SC19] every change comes out within eleven seconds of the first look at it, never before 50 ms of quiet unless overdue', () => {
    const steps = fc.array(
      fc.record({ path: fc.nat(3), afterMs: fc.nat(700), isAnother: fc.boolean(), isGone: fc.boolean() }),
      {
        maxLength: 120,
      },
    );
    fc.assert(
      fc.property(steps, (moves) => {
        const settler = createSettler();
        const waiting = new Map<RelativePath, Touched>();
        let now = 0;
        let version = 0;
        for (const { path: number, afterMs, isAnother, isGone } of moves) {
          now = passTo(settler, now, now + afterMs, waiting);
          const path = relativePath(`p${number}`);
          const last = waiting.get(path);
          if (isAnother || last === undefined) {
            version += 1;
            const observed = isGone ? undefined : look(version);
            const isSame = last !== undefined && last.observed === undefined && isGone;
            waiting.set(path, {
              firstMs: last?.firstMs ?? now,
              lastMs: isSame ? last.lastMs : now,
              observed,
            });
          }
          settler.touched(path, waiting.get(path)?.observed, now, number % 2 === 0 && !isGone);
        }
        passTo(settler, now, now + 20_000, waiting);
        expect(waiting.size).toBe(0);
      }),
    );
  });
});

interface Touched {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly observed: Observed | undefined;
}

/** Lets time pass, taking what falls due at its moment and checking it. */
function passTo(settler: Settler, from: number, to: number, waiting: Map<RelativePath, Touched>): number {
  let now = from;
  for (let next = settler.nextAt(); next !== undefined && next <= to; next = settler.nextAt()) {
    now = Math.max(now, next);
    const due = settler.due(now);
    expect(due.length).toBeGreaterThan(0);
    for (const { path, observed, overdue } of due) {
      const known = waiting.get(path);
      expect(observed).toEqual(known?.observed);
      expect(now - (known?.firstMs ?? 0)).toBeLessThanOrEqual(11_000);
      expect(overdue || now - (known?.lastMs ?? now) >= 50).toBe(true);
      waiting.delete(path);
    }
  }
  return to;
}

function look(version: number): Observed {
  const changedAtNs = BigInt(version);
  return {
    kind: 'file',
    sizeBytes: 1,
    modifiedAtNs: 0n,
    changedAtNs,
    inode: 1n,
    device: 1n,
    mode: 0o644,
    links: 1,
  };
}
