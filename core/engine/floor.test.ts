import { describe, expect, it } from 'vitest';
import { isLiving } from '../model/entry.ts';
import type { RelativePath } from '../model/path.ts';
import type { WorldMachine } from '../testing/world.ts';
import { allInStep, type DevicesInStep, devicesInStep } from './testing/in-step.ts';

const minute = 60_000;
const tombstones = (machine: WorldMachine): string[] => {
  const index = machine.index();
  if (index === undefined) throw new Error(`${machine.name} has no index`);
  return index
    .pathsUnder('', '', Number.MAX_SAFE_INTEGER)
    .map(({ path }) => path)
    .filter((path) => index.members(path).some(({ entry }) => !isLiving(entry)));
};
const files = (machine: WorldMachine): string[] =>
  [...machine.tree()].filter(([, what]) => what !== 'dir').map(([path]) => path);
const serials = (machine: WorldMachine): number[] =>
  machine
    .index()
    ?.applied()
    .map(({ serial }) => serial) ?? [];

/** Lets virtual minutes pass, more than anything of one `until` may take. */
async function passMinutes({ world }: DevicesInStep, minutes: number): Promise<void> {
  for (let i = 0; i < minutes; i++) await world.pass(minute);
}

/** Lets up to an hour pass until no deletion is remembered any more. */
async function untilForgotten({ world }: DevicesInStep, ...machines: readonly WorldMachine[]): Promise<void> {
  for (let minutes = 0; minutes < 60; minutes++) {
    if (machines.every((machine) => tombstones(machine).length === 0)) return;
    await world.pass(minute);
  }
  const left = machines.map((machine) => `${machine.name}: ${tombstones(machine).join()}`);
  throw new Error(`still remembered: ${left.join(' ')}`);
}

/** A deletion on one machine, shown on all others. */
async function removed(
  { world, machines }: DevicesInStep,
  machine: WorldMachine,
  ...paths: readonly string[]
): Promise<void> {
  for (const path of paths) machine.remove(path);
  const running = machines.filter((other) => other.isOn());
  await world.until('gone everywhere', () =>
    running.every((other) =>
      paths.every((path) => other.read(path) === undefined && tombstones(other).includes(path)),
    ),
  );
}

async function threeWithFiles(seed: string) {
  const devices = await devicesInStep(seed, ['a', 'b', 'c']);
  const [a, b, c] = devices.machines as [WorldMachine, WorldMachine, WorldMachine];
  for (const name of ['one', 'two', 'three']) a.write(name, `${name} by a`);
  await devices.world.until('files', () => [b, c].every((machine) => files(machine).length === 3));
  await allInStep(devices);
  return { ...devices, a, b, c };
}

describe('deletions', () => {
  it('[FL1] are forgotten once every disk has shown them, and the path is as if nothing had been there', async () => {
    const devices = await threeWithFiles('forget');
    const { world, a, b, c } = devices;
    await removed(devices, a, 'one');
    await removed(devices, b, 'two');
    await untilForgotten(devices, a, b, c);
    await allInStep(devices);
    for (const machine of [a, b, c]) {
      const index = machine.index();
      expect(index?.pathsOfNothing(undefined, 10)).toEqual([]);
      expect(index?.base('one' as RelativePath)).toBeUndefined();
      expect(index?.floor()).toEqual(a.index()?.floor());
      expect(index?.floor()).not.toEqual([]);
    }
    c.write('one', 'new');
    await world.until('new file', () => [a, b].every((machine) => machine.read('one') === 'new'));
    await allInStep(devices);
    expect(await a.device().api.conflictList({})).toEqual([]);
    expect(a.errors).toEqual([]);
    await world.during(world.stop());
  });

  it('[FL2] are spoken of at most every ten minutes, and not at all once they are forgotten', async () => {
    const devices = await threeWithFiles('quiet');
    const { world, a, b, c } = devices;
    await removed(devices, a, 'one');
    await untilForgotten(devices, a, b, c);
    await passMinutes(devices, 2);
    const before = [a, b, c].map(serials);
    await passMinutes(devices, 25);
    expect([a, b, c].map(serials)).toEqual(before);
    await removed(devices, b, 'two');
    await untilForgotten(devices, a, b, c);
    const own = (): number =>
      a
        .index()
        ?.applied()
        .find(({ device }) => device === a.key())?.serial ?? 0;
    const first = own();
    await removed(devices, a, 'three');
    await passMinutes(devices, 5);
    expect(own()).toBe(first);
    await untilForgotten(devices, a, b, c);
    expect(own() - first).toBeGreaterThanOrEqual(10 * minute);
    await world.during(world.stop());
  });

  it('[FL1] are forgotten through a device between two that never meet', async () => {
    const devices = await threeWithFiles('chain');
    const { world, a, b, c } = devices;
    world.lan.cut(a.key(), c.key());
    world.lan.drop(a.key(), c.key());
    await removed(devices, a, 'one');
    await removed(devices, c, 'two');
    await untilForgotten(devices, a, b, c);
    await world.until('one root', () => new Set([a, b, c].map((m) => m.index()?.stateRoot())).size === 1);
    for (const machine of [a, b, c]) expect(files(machine)).toEqual(['three']);
    await world.during(world.stop());
  });

  it('[FL3] wait for a member that is away; what it did meanwhile and what was done without it both hold', async () => {
    const devices = await threeWithFiles('away');
    const { world, a, b, c } = devices;
    for (const name of ['edited', 'old', 'deleted by c']) a.write(name, 'x');
    await world.until('files', () => [b, c].every((machine) => files(machine).length === 6));
    await allInStep(devices);
    await world.during(c.stop());
    await removed(devices, a, 'one', 'edited', 'old');
    await passMinutes(devices, 30);
    expect(tombstones(a).sort()).toEqual(['edited', 'old', 'one']);
    c.write('edited', 'work of c');
    c.write('fresh', 'work of c');
    c.remove('deleted by c');
    await world.during(c.start());
    await world.until('all came together', () =>
      [a, b, c].every((machine) => files(machine).sort().join() === 'edited,fresh,three,two'),
    );
    expect([a, b].map((machine) => machine.read('edited'))).toEqual(['work of c', 'work of c']);
    for (
      let i = 0;
      i < 60 && [a, b, c].some((m) => m.index()?.pathsOfNothing(undefined, 1).length !== 0);
      i++
    )
      await world.pass(minute);
    expect([a, b, c].map((machine) => machine.index()?.pathsOfNothing(undefined, 9))).toEqual([[], [], []]);
    await allInStep(devices);
    expect(files(a).sort()).toEqual(['edited', 'fresh', 'three', 'two']);
    await world.during(world.stop());
  });

  it('[FL4] do not wait for a member that does not keep the folder; when it takes it on with an old copy, new files of that copy stay', async () => {
    const devices = await threeWithFiles('without');
    const { world, a, b, c, folderId } = devices;
    await world.during(c.device().api.folderRemove({ folder: folderId }));
    a.remove('one');
    await world.until('gone', () => b.read('one') === undefined && tombstones(b).includes('one'));
    await untilForgotten(devices, a, b);
    expect(c.read('one')).toBe('one by a');
    c.write('mine', 'by c');
    await world.during(c.device().api.folderJoin({ folder: folderId, path: c.root }));
    await world.until('c is in step', () =>
      [a, b, c].every((machine) => machine.read('mine') === 'by c' && machine.read('one') === c.read('one')),
    );
    await removed(devices, b, 'two');
    await untilForgotten(devices, a, b, c);
    await allInStep(devices);
    await world.during(world.stop());
  });

  it('[FL5] wait for a device on whose disk rules leave the file alone', async () => {
    const devices = await threeWithFiles('left out');
    const { world, a, b, c, folderId } = devices;
    for (const machine of [a, b, c]) machine.makeDirectory('pictures');
    a.write('pictures/p', 'picture');
    await world.until('picture', () => [b, c].every((machine) => machine.read('pictures/p') === 'picture'));
    await allInStep(devices);
    await world.during(c.device().api.folderSet({ folder: folderId, select: [] }));
    await world.pass(5_000);
    a.remove('pictures/p');
    await world.until('gone at b', () => b.read('pictures/p') === undefined);
    await passMinutes(devices, 30);
    expect(tombstones(a)).toEqual(['pictures/p']);
    expect(c.read('pictures/p')).toBe('picture');
    await world.during(c.device().api.folderSet({ folder: folderId, select: null }));
    await world.until('gone at c', () => c.read('pictures/p') === undefined);
    await untilForgotten(devices, a, b, c);
    await world.during(world.stop());
  });

  it('[FL5] wait also for a copy that a device never took in, because rules left it out from the start', async () => {
    const devices = await threeWithFiles('never taken in');
    const { world, a, b, c, folderId } = devices;
    await world.during(c.device().api.folderSet({ folder: folderId, select: [] }));
    await world.pass(5_000);
    for (const machine of [a, c]) machine.makeDirectory('pictures');
    c.write('pictures/p', 'picture');
    a.write('pictures/p', 'picture');
    await world.until('picture', () => b.read('pictures/p') === 'picture');
    a.remove('pictures/p');
    await world.until('gone at b', () => b.read('pictures/p') === undefined);
    await passMinutes(devices, 30);
    expect([a, b].map(tombstones)).toEqual([['pictures/p'], ['pictures/p']]);
    c.remove('pictures/p');
    await untilForgotten(devices, a, b, c);
    expect(files(a).sort()).toEqual(['one', 'three', 'two']);
    await world.during(world.stop());
  });

  it('[FL8] that others have forgotten reach a device that was not waited for; its own work stays', async () => {
    const devices = await threeWithFiles('not waited for');
    const { world, a, b, c } = devices;
    await world.during(c.stop());
    await removed(devices, a, 'one', 'two');
    await world.pass(5_000);
    for (const machine of [a, b]) {
      await world.during(machine.stop());
      const index = machine.index();
      index?.transaction(() => index.raiseFloor(index.context()));
    }
    c.write('two', 'work of c');
    for (const machine of [a, b]) await world.during(machine.start());
    await untilForgotten(devices, a, b);
    await world.during(c.start());
    await world.until('gone at c', () => c.read('one') === undefined);
    await allInStep(devices);
    for (const machine of [a, b, c]) {
      expect(files(machine).sort()).toEqual(['three', 'two']);
      expect(machine.read('two')).toBe('work of c');
      expect(machine.errors).toEqual([]);
    }
    const kept = c.index()?.versions(0, 10) ?? [];
    expect(kept.map(({ path, reason }) => `${path} ${reason}`)).toContain('one deleted');
    expect(await c.device().api.conflictList({})).toEqual([]);
    await world.during(world.stop());
  });

  it.each([
    { answer: 'apply', left: 3 },
    { answer: 'undo', left: 153 },
  ] as const)(
    '[FL11] that others have forgotten are asked about first when they are many: $answer',
    async ({ answer, left }) => {
      const devices = await threeWithFiles('many');
      const { world, a, b, c } = devices;
      const names = Array.from({ length: 150 }, (_, i) => `many-${i}`);
      for (const name of names) a.write(name, `${name} by a`);
      await world.until('files', () => [b, c].every((machine) => files(machine).length === 153));
      await allInStep(devices);
      await world.during(c.stop());
      for (const name of names) a.remove(name);
      await world.until('b asks', async () => (await b.device().api.questions()).length === 1);
      const answered = async (machine: WorldMachine, how: 'apply' | 'undo'): Promise<void> => {
        const [question] = await machine.device().api.questions();
        await world.during(machine.device().api.answer({ id: question?.id ?? '', answer: how }));
      };
      await answered(b, 'apply');
      await world.until('gone at b', () => files(b).length === 3);
      await world.pass(5_000);
      for (const machine of [a, b]) {
        await world.during(machine.stop());
        const index = machine.index();
        index?.transaction(() => index.raiseFloor(index.context()));
      }
      for (const machine of [a, b]) await world.during(machine.start());
      await untilForgotten(devices, a, b);
      await world.during(c.start());
      await world.until('c asks', async () => (await c.device().api.questions()).length === 1);
      await world.during(c.stop());
      await world.during(c.start());
      await passMinutes(devices, 2);
      expect(files(c)).toHaveLength(153);
      expect(await c.device().api.questions()).toMatchObject([
        { kind: 'mass-change', counts: { removed: 150 } },
      ]);
      await answered(c, answer);
      await world.until('answered', () => [a, b, c].every((machine) => files(machine).length === left));
      await allInStep(devices);
      expect(a.read('many-7')).toBe(answer === 'undo' ? 'many-7 by a' : undefined);
      expect(await c.device().api.questions()).toEqual([]);
      await world.during(world.stop());
    },
  );

  it('[FL1] that are forgotten are still told of, and can be taken back', async () => {
    const devices = await threeWithFiles('taken back');
    const { world, a, b, c, folderId } = devices;
    await removed(devices, a, 'one', 'two');
    await untilForgotten(devices, a, b, c);
    const items = await b.device().api.activity({ limit: 10 });
    const deletion = items.find(({ path, undoable }) => path === 'one' && undoable);
    expect(deletion).toMatchObject({ kind: 'deleted', device: a.device().identity.deviceKey });
    await world.during(b.device().api.undo({ id: deletion?.id ?? '' }));
    const [version] = await world.during(c.device().api.history({ path: `${folderId}:two` }));
    await world.during(c.device().api.restore({ path: `${folderId}:two`, version: version?.version ?? '' }));
    await world.until('back everywhere', () =>
      [a, b, c].every((machine) => machine.read('one') === 'one by a' && machine.read('two') === 'two by a'),
    );
    await allInStep(devices);
    expect(await a.device().api.conflictList({})).toEqual([]);
    await world.during(world.stop());
  });

  it('[FL6] that are forgotten do not come back with a device whose index is lost', async () => {
    const devices = await threeWithFiles('lost');
    const { world, a, b, c } = devices;
    await removed(devices, a, 'one');
    await untilForgotten(devices, a, b, c);
    await world.during(b.stop());
    b.loseIndex();
    await world.during(b.start());
    await allInStep(devices);
    expect([a, b, c].map(files)).toEqual([
      ['three', 'two'],
      ['three', 'two'],
      ['three', 'two'],
    ]);
    await removed(devices, c, 'two');
    await untilForgotten(devices, a, b, c);
    await world.during(world.stop());
  });
});
