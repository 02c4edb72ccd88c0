import { describe, expect, it } from 'vitest';
import { joinDisk } from '../filesystem/filesystem.ts';
import type { DiskTraits, WorldMachine } from '../testing/world-machine.ts';
import { allInStep, devicesInStep } from './testing/in-step.ts';

const namesOf = (machine: WorldMachine): string[] => [...machine.tree().keys()].sort();
const placeOf = (machine: WorldMachine, path: string) => path.split('/').reduce(joinDisk, machine.root);
const folderOf = async (machine: WorldMachine) => (await machine.device().api.status()).folders[0];

async function pair(seed: string, traits: DiskTraits = {}) {
  const devices = await devicesInStep(seed, ['a', 'b'], traits);
  const [a, b] = devices.machines as [WorldMachine, WorldMachine];
  return { ...devices, a, b };
}

/** Renames on `a`, and lets `b` come to show the same names. */
async function respelled(devices: Awaited<ReturnType<typeof pair>>, from: string, to: string) {
  const { world, a, b } = devices;
  a.disk.rename(placeOf(a, from), placeOf(a, to));
  await world.until('b shows the new spelling', () => namesOf(b).includes(to));
  await allInStep(devices);
  expect(namesOf(b)).toEqual(namesOf(a));
}

describe('another spelling of a name, on a disk that does not tell them apart', () => {
  it('is given to a file while both run', async () => {
    const devices = await pair('spelled file', { caseInsensitive: true });
    const { world, a, b } = devices;
    a.write('one.txt', 'one');
    await world.until('b has it', () => b.read('one.txt') === 'one');
    await allInStep(devices);
    await respelled(devices, 'one.txt', 'One.txt');
    expect(b.read('One.txt')).toBe('one');
    expect((await folderOf(a))?.conflicts).toBe(0);
    await world.during(world.stop());
  });

  it('is given to a file whose time changed with it, and then the time', async () => {
    const devices = await pair('spelled and touched', { caseInsensitive: true });
    const { world, a, b } = devices;
    a.write('one.txt', 'one');
    await world.until('b has it', () => b.read('one.txt') === 'one');
    await allInStep(devices);
    await world.during(b.stop());
    a.disk.rename(placeOf(a, 'one.txt'), placeOf(a, 'ONE.txt'));
    a.disk.setModifiedAt(placeOf(a, 'ONE.txt'), 1_000_000_000n);
    a.disk.setMode(placeOf(a, 'ONE.txt'), 0o755);
    await world.pass(5_000);
    await world.during(b.start());
    await world.until('b shows both', () => {
      const found = b.disk.look(placeOf(b, 'ONE.txt'));
      return (
        namesOf(b).includes('ONE.txt') && found?.kind === 'file' && found.modifiedAtNs === 1_000_000_000n
      );
    });
    await allInStep(devices);
    expect([...b.tree()]).toEqual([...a.tree()]);
    await world.during(world.stop());
  });

  it.each([
    { says: 'while both run', isOff: false },
    { says: 'found at a start', isOff: true },
  ])('[PL3] is given to a directory with all that is in it: $says', async ({ isOff }) => {
    const devices = await pair(`spelled directory ${isOff}`, { caseInsensitive: true });
    const { world, a, b } = devices;
    a.write('.lockstepignore', '*.tmp\n');
    a.makeDirectory('d');
    a.makeDirectory('d/e');
    a.write('d/one', 'one');
    a.write('d/e/two', 'two');
    await world.until('b has all', () => b.read('d/e/two') === 'two' && b.read('d/one') === 'one');
    await allInStep(devices);
    b.write('d/own.tmp', 'ignored');
    await world.pass(5_000);
    if (isOff) await world.during(b.stop());
    a.disk.rename(placeOf(a, 'd'), placeOf(a, 'D'));
    await world.pass(5_000);
    if (isOff) await world.during(b.start());
    await world.until('b shows the new spelling', () => namesOf(b).includes('D'));
    await allInStep(devices);
    expect(namesOf(b)).toEqual(['.lockstepignore', 'D', 'D/e', 'D/e/two', 'D/one', 'D/own.tmp']);
    expect([b.read('D/one'), b.read('D/e/two'), b.read('D/own.tmp')]).toEqual(['one', 'two', 'ignored']);
    a.write('D/e/two', 'changed on a');
    await world.until('changes arrive below', () => b.read('D/e/two') === 'changed on a');
    b.write('D/one', 'changed on b');
    await world.until('and go out', () => a.read('D/one') === 'changed on b');
    expect((await folderOf(a))?.conflicts).toBe(0);
    await world.during(world.stop());
  });

  it('[PL3] of two names that are one there, one is shown and the other told of, and nothing is lost', async () => {
    const devices = await pair('two spellings', { caseInsensitive: true });
    const { world, a, b } = devices;
    a.write('name', 'small');
    await world.until('b has it', () => b.read('name') === 'small');
    a.write('NAME', 'large');
    await world.until('b says so', async () => ((await folderOf(b))?.problems.length ?? 0) > 0);
    expect([a.read('name'), a.read('NAME')]).toEqual(['small', 'large']);
    a.remove('name');
    await world.until('the other takes its place', () => b.read('NAME') === 'large');
    await world.until('all is well', async () => (await folderOf(b))?.problems.length === 0);
    expect(namesOf(b)).toEqual(['NAME']);
    expect(namesOf(a)).toEqual(['NAME']);
    await world.during(world.stop());
  });
});

describe('what a disk cannot show', () => {
  it('[FS26] is told of by its path, deletes nothing elsewhere, and is forgotten when it goes', async () => {
    const devices = await pair('reserved', { nameRules: 'windows' });
    const { world, a, b } = devices;
    a.write('con', 'reserved there');
    a.write('fine', 'fine');
    await world.until('b says so', async () => ((await folderOf(b))?.problems.length ?? 0) > 0);
    expect((await folderOf(b))?.problems[0]?.path).toBe('con');
    await world.until('the rest arrives', () => b.read('fine') === 'fine');
    await world.pass(120_000);
    expect(a.read('con')).toBe('reserved there');
    a.remove('con');
    await world.until('nothing is left to tell', async () => (await folderOf(b))?.problems.length === 0);
    expect(namesOf(b)).toEqual(['fine']);
    await world.during(world.stop());
  });

  it.each(['EACCES', 'EIO', 'EROFS'])(
    'for %s at one path waits there, is told of, and arrives when it can',
    async (code) => {
      const devices = await pair(`failing ${code}`);
      const { world, a, b } = devices;
      a.makeDirectory('d');
      a.write('old', 'old');
      await world.until('b has it', () => b.read('old') === 'old');
      await allInStep(devices);
      b.failCalls(1, [code], new Set(['d/new', 'old'].map((path) => placeOf(b, path))));
      a.write('d/new', 'new');
      a.write('old', 'changed on a');
      a.write('other', 'other');
      await world.until('the rest arrives', () => b.read('other') === 'other');
      await world.until('b says so', async () => ((await folderOf(b))?.problems.length ?? 0) > 0);
      expect([a.read('d/new'), a.read('old')]).toEqual(['new', 'changed on a']);
      b.failCalls(0, []);
      await world.until('all arrives', () => b.read('d/new') === 'new' && b.read('old') === 'changed on a');
      await allInStep(devices);
      expect((await folderOf(b))?.problems).toEqual([]);
      await world.during(world.stop());
    },
  );
});

describe('what is there already', () => {
  it('in the same bytes is taken as it is: nothing is written, and there is no conflict', async () => {
    const devices = await pair('the same');
    const { world, a, b } = devices;
    await world.during(b.stop());
    for (const machine of [a, b]) {
      machine.makeDirectory('d');
      machine.write('d/same', 'the same');
      machine.disk.setModifiedAt(placeOf(machine, 'd/same'), 5_000_000_000n);
    }
    await world.pass(5_000);
    const before = b.disk.look(placeOf(b, 'd/same'))?.inode;
    await world.during(b.start());
    await allInStep(devices);
    expect((await folderOf(b))?.conflicts).toBe(0);
    expect(b.disk.look(placeOf(b, 'd/same'))?.inode).toBe(before);
    await world.during(world.stop());
  });

  it('[AP15] and ignored keeps a directory that is deleted elsewhere, until it goes too', async () => {
    const devices = await pair('lingering');
    const { world, a, b } = devices;
    a.write('.lockstepignore', '*.tmp\n');
    a.makeDirectory('d');
    a.write('d/file', 'file');
    await world.until(
      'b has it',
      () => b.read('d/file') === 'file' && b.read('.lockstepignore') !== undefined,
    );
    await allInStep(devices);
    b.write('d/own.tmp', 'ignored');
    await world.pass(5_000);
    a.remove('d');
    await world.until('the file goes', () => b.read('d/file') === undefined);
    await world.pass(120_000);
    expect(b.read('d/own.tmp')).toBe('ignored');
    b.failCalls(1, ['EACCES'], new Set([placeOf(b, 'd')]));
    await world.pass(120_000);
    b.failCalls(0, []);
    expect(b.read('d/own.tmp')).toBe('ignored');
    b.remove('d/own.tmp');
    await world.until('the directory goes', () => !namesOf(b).includes('d'));
    expect(namesOf(a)).toEqual(namesOf(b));
    await world.during(world.stop());
  });
});

it('[RC33] a file that only got another mode and time is not fetched again', async () => {
  const devices = await pair('touched');
  const { world, a, b } = devices;
  a.write('run', 'run');
  await world.until('b has it', () => b.read('run') === 'run');
  await allInStep(devices);
  const before = b.disk.look(placeOf(b, 'run'))?.inode;
  a.disk.setMode(placeOf(a, 'run'), 0o755);
  a.disk.setModifiedAt(placeOf(a, 'run'), 7_000_000_000n);
  await world.until('b shows it', () => {
    const found = b.disk.look(placeOf(b, 'run'));
    return found?.kind === 'file' && found.modifiedAtNs === 7_000_000_000n && (found.mode & 0o100) !== 0;
  });
  expect(b.disk.look(placeOf(b, 'run'))?.inode).toBe(before);
  await world.during(world.stop());
});

it.each([4, 9, 14, 19, 24, 29])(
  'a disk that goes away at call %d of what was planned: nothing is deleted, and all is done when it is back',
  async (n) => {
    const devices = await pair(`away ${n}`);
    const { world, a, b } = devices;
    a.makeDirectory('old');
    a.write('old/gone', 'gone');
    a.write('file', 'a file');
    await world.until('b has it', () => b.read('old/gone') === 'gone');
    await allInStep(devices);
    await world.during(b.stop());
    a.remove('old');
    a.remove('file');
    a.makeDirectory('file');
    a.write('file/in it', 'in it');
    a.makeDirectory('new');
    a.write('new/x', 'x');
    await world.pass(5_000);
    await world.during(b.start());
    await world.pass(1_000);
    b.atCall(n, () => b.unplug('gone'));
    await world.pass(60_000);
    b.forgetCalls();
    b.plugIn();
    await world.until('b is as a', () => JSON.stringify([...b.tree()]) === JSON.stringify([...a.tree()]));
    await allInStep(devices);
    expect(a.read('file/in it')).toBe('in it');
    expect((await folderOf(a))?.conflicts).toBe(0);
    await world.during(world.stop());
  },
);
