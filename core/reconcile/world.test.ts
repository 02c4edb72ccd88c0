import { describe, expect, it } from 'vitest';
import { contentOf, type Member, sameContent } from '../model/entry.ts';
import { chanceOf, isAccountedFor, World } from './testing/world.ts';

const worlds = Number(process.env['LOCKSTEP_WORLDS'] ?? 60);

describe('worlds of devices without a network', () => {
  it('converge, lose no write, agree on every winner and conflict, and come to rest [RC40]', () => {
    const failed: string[] = [];
    for (let seed = 1; seed <= worlds; seed++) {
      try {
        liveThrough(seed);
      } catch (error) {
        failed.push(`seed ${seed}: ${String(error)}`);
      }
    }
    expect(failed).toEqual([]);
  }, 600_000);
});

function liveThrough(seed: number): void {
  const chance = chanceOf(seed);
  const world = new World(chance, 2 + chance(3));
  for (let era = 0; era < 3; era++) {
    for (let i = 0; i < 40; i++) world.step();
    world.settle();
    check(world);
  }
}

const names = (members: readonly Member[]): string[] => members.map(({ hash }) => hash);

function check(world: World): void {
  const [first, ...others] = world.devices;
  if (first === undefined) throw new Error('a world has devices');
  const paths = new Set(world.written.map(({ entry }) => entry.path));
  for (const path of paths) {
    const view = world.viewAt(first, path);
    for (const device of others) {
      expect(names(device.state.get(path) ?? [])).toEqual(names(first.state.get(path) ?? []));
      expect(world.viewAt(device, path)).toEqual(view);
    }
    for (const device of world.devices)
      expect(sameContent(device.disk.get(path)?.content, view.content)).toBe(true);
    const versions = [view.winner, ...view.conflicts.map(([largest]) => largest)]
      .flatMap((member) => member ?? [])
      .map((m) => contentOf(m.entry));
    for (const [i, version] of versions.entries()) {
      expect(versions.slice(i + 1).some((other) => sameContent(version, other))).toBe(false);
    }
  }
  for (const entry of world.written) {
    if (!world.neverSent.has(entry))
      expect(isAccountedFor(world, first, entry), `lost ${entry.hash}`).toBe(true);
  }
}
