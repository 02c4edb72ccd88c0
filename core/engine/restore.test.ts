import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { joinDisk } from '../filesystem/filesystem.ts';
import type { WorldMachine } from '../testing/world.ts';
import { allInStep, type DevicesInStep, devicesInStep } from './testing/in-step.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const day = 24 * 60 * 60_000;
const now = ({ world }: DevicesInStep): string => new Date(world.clock.now()).toISOString();
const isEqual = (one: readonly string[], other: readonly string[]): boolean =>
  one.join('\n') === other.join('\n');
/** Path and content hash of everything in the folder; the times differ after a restore. */
const contentsOf = (machine: WorldMachine): string[] =>
  [...machine.tree()].map(([path, what]) => `${path} ${what.split(' ').at(-1)}`);

async function two(
  seed: string,
): Promise<DevicesInStep & { readonly a: WorldMachine; readonly b: WorldMachine }> {
  const devices = await devicesInStep(seed, ['a', 'b']);
  const [a, b] = devices.machines as [WorldMachine, WorldMachine];
  return { ...devices, a, b };
}

/** Writes a file and waits until everyone shows it. */
async function write(
  devices: DevicesInStep,
  machine: WorldMachine,
  path: string,
  text: string,
): Promise<void> {
  machine.write(path, text);
  await devices.world.until(`${path} everywhere`, () =>
    devices.machines.every((each) => each.read(path) === text),
  );
  await allInStep(devices);
}

describe('versions of a file', () => {
  it('are known to the one who wrote over them, and come from the one who kept them', async () => {
    const devices = await two('collective');
    const { world, a, b, folderId } = devices;
    for (const text of ['first', 'second', 'third']) await write(devices, a, 'file.txt', text);
    const path = `${folderId}:file.txt`;
    const onB = await world.during(b.device().api.history({ path }));
    expect(onB).toMatchObject([
      { hash: hashOf('second'), reason: 'replaced', here: true, current: false },
      { hash: hashOf('first'), reason: 'replaced', here: true },
    ]);
    const onA = await world.during(a.device().api.history({ path }));
    const holders = [b.device().identity.deviceKey];
    expect(onA).toMatchObject([
      { hash: hashOf('second'), here: false, holders },
      { hash: hashOf('first'), here: false, holders, device: a.device().identity.deviceKey },
    ]);
    const wish = { path: '/folder/file.txt', version: onA[1]?.version ?? '' };
    expect(await world.during(a.device().api.restore({ ...wish, dryRun: true }))).toEqual({
      restored: 1,
      fetched: 1,
      missing: [],
      undoId: null,
    });
    const done = await world.during(a.device().api.restore(wish));
    expect(done).toMatchObject({ restored: 1, fetched: 1, missing: [] });
    await world.until('the first again', () => [a, b].every((each) => each.read('file.txt') === 'first'));
    await allInStep(devices);
    await world.during(a.device().api.undo({ id: done.undoId ?? '' }));
    await world.until('the third again', () => [a, b].every((each) => each.read('file.txt') === 'third'));
    await world.during(world.stop());
  });

  it('are missing while nobody who has them is there, and then nothing is changed', async () => {
    const devices = await two('missing');
    const { world, a, b, folderId } = devices;
    for (const text of ['first', 'second']) await write(devices, a, 'file.txt', text);
    await world.during(b.stop());
    const path = `${folderId}:file.txt`;
    const result = await world.during(a.device().api.restore({ path, version: hashOf('first') }));
    expect(result).toEqual({ restored: 0, fetched: 0, missing: ['file.txt'], undoId: null });
    await expect(a.device().api.restore({ path, version: 'abcdefabcdef' })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(a.read('file.txt')).toBe('second');
    expect(a.disk.list(joinDisk(joinDisk(a.root, '.lockstep'), 'staging'))).toEqual([]);
    await world.during(world.stop());
  });

  it('are not believed if their bytes were changed meanwhile', async () => {
    const devices = await two('altered');
    const { world, a, b, folderId } = devices;
    for (const text of ['first', 'second']) await write(devices, a, 'file.txt', text);
    await world.during(a.stop());
    const kept = b.disk.list(`${b.root}/.lockstep/versions` as never);
    for (const listed of kept) {
      if (!('name' in listed)) continue;
      const handle = b.disk.openWrite(`${b.root}/.lockstep/versions/${listed.name}` as never);
      handle.write(new TextEncoder().encode('FIRST'), 0);
      handle.close();
    }
    const result = await world.during(
      b.device().api.restore({ path: `${folderId}:file.txt`, version: hashOf('first') }),
    );
    expect(result).toMatchObject({ restored: 0, missing: ['file.txt'] });
    expect(b.read('file.txt')).toBe('second');
    await world.during(world.stop());
  });

  it('large ones travel with their manifests', async () => {
    const devices = await two('large');
    const { world, a, folderId } = devices;
    const large = Array.from({ length: 60_000 }, (_, i) => `line ${i * 7919}\n`).join('');
    await write(devices, a, 'large.txt', large);
    await write(devices, a, 'large.txt', 'small');
    const path = `${folderId}:large.txt`;
    const [version] = await world.during(a.device().api.history({ path }));
    expect(version).toMatchObject({ size: large.length, here: false });
    expect(version?.holders).toHaveLength(1);
    await world.during(a.device().api.restore({ path, version: version?.version ?? '' }));
    await world.until('large again', () =>
      devices.machines.every((each) => each.read('large.txt') === large),
    );
    await world.during(world.stop());
  });
});

describe('a moment', () => {
  async function aDayOfChanges(seed: string): Promise<
    DevicesInStep & {
      readonly a: WorldMachine;
      readonly b: WorldMachine;
      readonly moment: string;
      readonly asItWas: string[];
    }
  > {
    const devices = await two(seed);
    const { world, a, b } = devices;
    a.makeDirectory('d');
    a.makeDirectory('d/empty');
    await write(devices, a, 'd/changed.txt', 'as it was');
    await write(devices, a, 'd/deleted.txt', 'gone soon');
    await write(devices, b, 'untouched.txt', 'always');
    await write(devices, b, 'other.txt', 'other, before');
    await world.pass(1_000);
    const moment = now(devices);
    const asItWas = contentsOf(a);
    await world.pass(1_000);
    await write(devices, b, 'd/changed.txt', 'as it is');
    await write(devices, b, 'd/changed.txt', 'as it is now');
    b.remove('d/deleted.txt');
    b.remove('d/empty');
    await write(devices, a, 'd/new.txt', 'new');
    await write(devices, a, 'other.txt', 'other, after');
    return { ...devices, moment, asItWas };
  }

  it('comes back for a whole folder, everywhere, and goes when that is undone', async () => {
    const { world, a, b, moment, asItWas, folderId, ...devices } = await aDayOfChanges('folder');
    const after = contentsOf(a);
    const path = `${folderId}:`;
    const would = await world.during(a.device().api.restore({ path, at: moment, dryRun: true }));
    expect(would).toMatchObject({ restored: 5, missing: [], undoId: null });
    expect(contentsOf(a)).toEqual(after);
    const done = await world.during(a.device().api.restore({ path, at: moment }));
    expect(done).toMatchObject({ restored: 5, missing: [] });
    await world.until('as it was', () => [a, b].every((each) => isEqual(contentsOf(each), asItWas)));
    await allInStep({ ...devices, world, folderId });
    const [latest] = await a.device().api.activity({});
    expect(latest).toMatchObject({ kind: 'restored', path: '', id: done.undoId });
    await world.during(a.device().api.undo({}));
    await world.until('as it is', () => [a, b].every((each) => isEqual(contentsOf(each), after)));
    await world.during(world.stop());
  });

  it('comes back for a directory and for a file only', async () => {
    const { world, a, b, moment, folderId } = await aDayOfChanges('directory');
    await world.during(b.device().api.restore({ path: `${folderId}:d/changed.txt`, at: moment }));
    await world.until('the file', () => a.read('d/changed.txt') === 'as it was');
    expect(a.read('d/new.txt')).toBe('new');
    await world.during(b.device().api.restore({ path: '/folder/d', at: moment }));
    await world.until(
      'the directory',
      () => a.read('d/deleted.txt') === 'gone soon' && a.read('d/new.txt') === undefined,
    );
    expect(a.tree().get('d/empty')).toBe('dir');
    expect(a.read('other.txt')).toBe('other, after');
    await world.during(world.stop());
  });

  it('comes back beside what is there, and never over something', async () => {
    const { world, a, b, moment, folderId } = await aDayOfChanges('beside');
    const path = `${folderId}:d`;
    await world.during(a.device().api.restore({ path, at: moment, to: `${folderId}:old/d` }));
    await world.until('a copy', () => b.read('old/d/deleted.txt') === 'gone soon');
    expect([b.read('old/d/changed.txt'), b.read('old/d/new.txt'), b.read('d/changed.txt')]).toEqual([
      'as it was',
      undefined,
      'as it is now',
    ]);
    await expect(
      world.during(a.device().api.restore({ path, at: moment, to: `${folderId}:old` })),
    ).rejects.toMatchObject({ code: 'already-exists' });
    await world.during(world.stop());
  });

  it('before anything was noted is refused', async () => {
    const { a, world, folderId } = await two('too early');
    const at = new Date(world.clock.now() - 40 * day).toISOString();
    await expect(world.during(a.device().api.restore({ path: `${folderId}:`, at }))).rejects.toMatchObject({
      code: 'not-found',
      facts: { what: 'moment' },
    });
    await world.during(world.stop());
  });
});

it('a file is told as new where nothing stood before, on every device, and as changed afterwards', async () => {
  const devices = await two('new');
  const { world, a, b } = devices;
  for (const text of ['first', 'second', undefined, 'again']) {
    if (text === undefined) a.remove('note');
    else a.write('note', text);
    await world.until('b shows it', () => b.read('note') === text);
    await allInStep(devices);
  }
  for (const machine of [a, b]) {
    const items = (await machine.device().api.activity({})).filter(({ path }) => path === 'note');
    expect(items.map(({ kind, isNew }) => [kind, isNew]).reverse()).toEqual([
      ['written', true],
      ['written', false],
      ['deleted', false],
      ['written', true],
    ]);
  }
  await world.during(world.stop());
});

describe('a deletion by another device', () => {
  it('is taken back, with the bytes of many files', async () => {
    const devices = await two('deleted');
    const { world, a, b } = devices;
    a.makeDirectory('d');
    for (let i = 0; i < 20; i++) a.write(`d/${i}.txt`, `text ${i}`);
    await world.until('all there', () => b.read('d/19.txt') === 'text 19');
    await allInStep(devices);
    const before = contentsOf(b);
    const at = now(devices);
    await world.pass(100);
    a.remove('d');
    await world.until('gone', () => !b.tree().has('d'));
    await allInStep(devices);
    const items = await b.device().api.activity({});
    const one = items.find(({ kind, path }) => kind === 'deleted' && path === 'd/7.txt');
    await world.during(b.device().api.undo({ id: one?.id ?? '' }));
    await world.until('one is back', () => [a, b].every((each) => each.read('d/7.txt') === 'text 7'));
    const done = await world.during(a.device().api.restore({ path: '/folder/d', at }));
    expect(done).toMatchObject({ restored: 20, fetched: 19, missing: [] });
    await world.until('all back', () => [a, b].every((each) => isEqual(contentsOf(each), before)));
    await world.during(world.stop());
  });
});
