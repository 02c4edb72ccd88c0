import { invariant } from '../../base/pure.ts';
import { type Member, sameContent } from '../../model/entry.ts';
import { isUnderVector } from '../../model/past.ts';
import { isBelow, type RelativePath } from '../../model/path.ts';
import { FloorWorld, type FloorWay } from './floor-world.ts';
import { chanceOf, type Device, paths } from './world.ts';

/** What a history left behind, for a test that wants to know that it was not about nothing. */
export interface FloorHistory {
  readonly tombstones: number;
  /** Paths that had been deleted and of which no trace is left. */
  readonly forgottenPaths: number;
}

/** Lives through the history of a seed; throws at the first promise it breaks. */
export function liveWithFloors(seed: number, way: FloorWay): FloorHistory {
  const chance = chanceOf(seed);
  const world = new FloorWorld(chance, 2 + chance(4), way);
  for (let era = 0; era < 3; era++) {
    for (let i = 0; i < 90; i++) world.step();
    world.settle();
    check(world);
  }
  const [first] = world.devices as [Device];
  const tombstones = world.written.filter(({ entry }) => entry.kind === 'tombstone');
  const deleted = new Set(tombstones.map(({ entry }) => entry.path));
  return {
    tombstones: tombstones.length,
    forgottenPaths: [...deleted].filter((path) => !first.state.has(path)).length,
  };
}

function check(world: FloorWorld): void {
  const [first, ...others] = world.devices as [Device, ...Device[]];
  for (const other of others) invariant(world.isSame(first, other), 'all devices announce the same');
  const floor = world.floorOf(first);
  for (const path of paths) {
    const members = first.state.get(path) ?? [];
    const all = world.everythingAt(path);
    for (const member of members) say(all.includes(member), 'came back', member);
    for (const member of all) {
      const isForgotten = member.entry.kind === 'tombstone' && isUnderVector(member.entry.past, floor);
      say(isForgotten || members.includes(member), 'was lost', member);
    }
    const view = world.viewAt(first, path);
    const wanted = world.viewOfEverything(path, hasLivingBelow(world, path)).content;
    invariant(
      sameContent(view.content, wanted),
      `${path} shows what it would show if nothing were forgotten`,
    );
    for (const device of world.devices)
      invariant(sameContent(device.disk.get(path)?.content, view.content), `${path} is on every disk`);
  }
}

function hasLivingBelow(world: FloorWorld, path: RelativePath): boolean {
  return paths.some(
    (other) => isBelow(other, path) && world.viewOfEverything(other, false).content !== undefined,
  );
}

function say(isRight: boolean, what: string, { entry }: Member): void {
  invariant(
    isRight,
    `${entry.kind} ${entry.path} ${entry.dot.incarnation.slice(-2)}:${entry.dot.counter} ${what}`,
  );
}
