import { describe, expect, it } from 'vitest';
import { diskPath, joinDisk } from '../filesystem/filesystem.ts';
import { createSeededRandom } from '../testing/seeded-random.ts';
import { type WorldMachine } from '../testing/world.ts';
import { allInStep, oneAlone, twoInStep } from './testing/in-step.ts';

const apiOf = (machine: WorldMachine) => machine.device().api;

async function pair(seed: string) {
  const devices = await twoInStep(seed);
  const { world, a, b } = devices;
  a.write('old', 'old');
  a.write('gone', 'gone');
  await world.until('b has both', () => b.read('gone') === 'gone');
  await allInStep(devices);
  return devices;
}

describe('an index that does not belong to this start', () => {
  it.each([
    {
      says: 'is of another generation, as one out of a backup is',
      spoil: (b: WorldMachine) => {
        const index = b.index();
        index?.transaction(() => index.setFact('generation', '99'));
      },
    },
    { says: 'cannot be read', spoil: (b: WorldMachine) => b.spoilIndex() },
  ])('is replaced by one that reads what others have first: it $says', async ({ spoil }) => {
    const devices = await pair('replaced');
    const { world, a, b } = devices;
    await world.during(b.stop());
    spoil(b);
    a.remove('gone');
    a.write('old', 'changed on a');
    await world.pass(5_000);
    await world.during(b.start());
    await world.until(
      'b is up to date',
      () => b.read('old') === 'changed on a' && b.read('gone') === undefined,
    );
    await allInStep(devices);
    expect([...a.tree()]).toEqual([...b.tree()]);
    expect((await apiOf(a).status()).folders[0]?.conflicts).toBe(0);
    await world.during(world.stop());
  });
});

describe('a directory for a folder', () => {
  it('is made where only its last component is missing, and taken back when it cannot become one', async () => {
    const devices = await pair('made');
    const { world, a, b } = devices;
    const c = world.machine('c');
    await world.during(c.start());
    const { invitation } = await world.during(apiOf(a).deviceInvite({ admit: 'any', recovery: false }));
    await world.during(apiOf(c).deviceJoin({ invitation }));
    await world.until('the offer', async () => (await apiOf(c).folderList()).length > 0);
    const join = (...names: string[]) =>
      world.during(apiOf(c).folderJoin({ folder: 'Shared', path: names.reduce(joinDisk, c.root) }));

    await expect(join('no', 'such')).rejects.toMatchObject({ code: 'directory-missing' });
    c.write('file', 'a file');
    await expect(join('file')).rejects.toMatchObject({ code: 'not-a-directory' });
    c.failCalls(1, ['EIO'], new Set([joinDisk(joinDisk(c.root, 'new'), '.lockstep')]));
    await expect(join('new')).rejects.toMatchObject({ code: 'disk-failed' });
    expect(c.disk.look(joinDisk(c.root, 'new'))).toBeUndefined();
    c.makeDirectory('there');
    c.write('there/own', 'own');
    c.failCalls(1, ['EIO'], new Set([joinDisk(joinDisk(c.root, 'there'), '.lockstep')]));
    await expect(join('there')).rejects.toMatchObject({ code: 'disk-failed' });
    expect(c.read('there/own')).toBe('own');
    expect((await apiOf(c).folderList())[0]).toMatchObject({ state: 'offered', path: null });

    c.failCalls(0, []);
    const [first, second] = await world.during(Promise.allSettled([join('new'), join('new')]));
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ reason: { code: 'already-exists' } });
    await world.until('all is there', () => c.read('new/old') === 'old');
    expect(b.read('own')).toBeUndefined();
    await world.during(world.stop());
  });

  it('is none inside another, around the home, or twice', async () => {
    const { world, a } = await oneAlone('places');
    a.makeDirectory('d');
    a.makeDirectory('d/e');
    await world.during(apiOf(a).folderAdd({ path: joinDisk(a.root, 'd') }));
    const add = (path: string) => world.during(apiOf(a).folderAdd({ path }));
    await expect(add(joinDisk(a.root, 'd'))).rejects.toMatchObject({ code: 'already-exists' });
    await expect(add(joinDisk(joinDisk(a.root, 'd'), 'e'))).rejects.toMatchObject({
      code: 'folder-inside-folder',
    });
    await expect(add(a.root)).rejects.toMatchObject({ code: 'folder-inside-folder' });
    await expect(add('/home')).rejects.toMatchObject({ code: 'home-inside-folder' });
    await expect(add('relative')).rejects.toMatchObject({ code: 'bad-argument' });
    a.failCalls(1, ['EIO'], new Set([joinDisk(a.root, 'x')]));
    await expect(add(joinDisk(a.root, 'x'))).rejects.toMatchObject({ code: 'disk-failed' });
    expect(await apiOf(a).folderList()).toHaveLength(1);
    await world.during(world.stop());
  });

  it('may be moved by a person, who says where to; a place that is not this folder is refused', async () => {
    const devices = await pair('moved');
    const { world, a, b } = devices;
    const other = joinDisk(b.root, '..-elsewhere');
    const away = `${b.root}-moved` as typeof b.root;
    const move = (path: string) => world.during(apiOf(b).folderMove({ folder: 'Shared', path }));
    await expect(move(other)).rejects.toMatchObject({ code: 'directory-missing' });
    b.disk.makeDirectory(away);
    await expect(move(away)).rejects.toMatchObject({ code: 'not-found', facts: { what: 'marker' } });
    b.disk.removeDirectory(away);
    b.disk.rename(b.root, away);
    expect(await move(away)).toMatchObject({ path: away });
    a.write('old', 'changed on a');
    await world.until('it arrives there', async () => {
      const found = b.disk.look(joinDisk(away, 'old'));
      return found?.kind === 'file' && found.sizeBytes === 'changed on a'.length;
    });
    expect(a.read('gone')).toBe('gone');
    await world.during(world.stop());
  });

  it('given up while its disk is away is given up, and its files stay', async () => {
    const { world, a, b } = await pair('given up');
    b.unplug('gone');
    await world.during(apiOf(b).folderRemove({ folder: 'Shared' }));
    b.plugIn();
    await world.pass(60_000);
    expect([b.read('old'), a.read('old')]).toEqual(['old', 'old']);
    expect((await apiOf(b).folderList())[0]).toMatchObject({ state: 'offered', path: null });
    await expect(apiOf(b).folderPause({ folder: 'Shared' })).rejects.toMatchObject({ code: 'not-found' });
    await world.during(world.stop());
  });
});

it('folders of one name stand in one order, and are told apart by their ids only', async () => {
  const { world, a } = await oneAlone('alike');
  for (const name of ['one', 'two', 'three']) {
    a.makeDirectory(name);
    await world.during(
      apiOf(a).folderAdd({ path: joinDisk(a.root, name), ...(name === 'three' ? {} : { name: 'Same' }) }),
    );
  }
  const listed = (await apiOf(a).folderList()).map(({ id, name }) => ({ id, name }));
  expect(listed.map(({ name }) => name)).toEqual(['Same', 'Same', 'three']);
  expect(listed[0]?.id.localeCompare(listed[1]?.id ?? '')).toBe(-1);
  await expect(apiOf(a).folderPause({ folder: 'Same' })).rejects.toMatchObject({ code: 'ambiguous' });
  for (const { id } of listed) await world.during(apiOf(a).folderPause({ folder: id }));
  expect((await apiOf(a).status()).folders.map(({ state }) => state)).toEqual(['paused', 'paused', 'paused']);
  await world.during(world.stop());
});

it('what is set for a folder is kept, refused where it makes no sense, and taken back by null', async () => {
  const { world, a } = await oneAlone('set');
  const { folderId: folder } = await world.during(apiOf(a).folderAdd({ path: a.root, name: 'Shared' }));
  const set = (choice: Omit<Parameters<ReturnType<typeof apiOf>['folderSet']>[0], 'folder'>) =>
    world.during(apiOf(a).folderSet({ folder, ...choice }));
  for (const choice of [
    { name: ' ' },
    { name: 'x'.repeat(256) },
    { select: ['a/b'] },
    { select: ['..'] },
    { massChange: { share: 2 } },
    { massChange: { count: -1 } },
    { massChange: { share: 0, count: null } },
  ])
    await expect(set(choice)).rejects.toMatchObject({ code: 'bad-argument' });
  await set({ name: 'Renamed', mode: 'send', select: ['e\u0301'], massChange: { share: 0.5, count: 7 } });
  await world.during(a.stop());
  await world.during(a.start());
  const [listed] = await apiOf(a).folderList();
  expect(listed).toMatchObject({
    name: 'Renamed',
    mode: 'send',
    selection: ['\u00e9'],
    massChange: { share: 0.5, count: 7 },
  });
  expect(await set({ select: null, massChange: { share: null } })).toMatchObject({
    selection: null,
    massChange: { count: 7 },
  });
  await world.during(world.stop());
});

it('[EN3] fetches of an edited file on a slow way only the pieces that changed', async () => {
  const devices = await twoInStep('pieces');
  const { world, a, b } = devices;
  const text = Buffer.from(createSeededRandom('film').bytes(1_500_000)).toString('base64');
  await world.during(apiOf(a).limitsSet({ sendBps: 50_000, receiveBps: null, lanExempt: false }));
  a.write('film', text);
  await world.until('b has it', () => b.read('film') === text);
  await allInStep(devices);
  const edited = `${text.slice(0, 700_000)}EDITED${text.slice(700_006, 900_000)}and more${text.slice(900_000, 1_600_000)}${text.slice(1_601_000)}`;
  a.write('film', edited);
  const startedAt = world.clock.monotonic();
  await world.until('b has the edited one', () => b.read('film') === edited);
  // The three chunks would take eight seconds and more.
  expect(world.clock.monotonic() - startedAt).toBeLessThan(4_000);
  await world.during(world.stop());
});

it('[EN2] takes a large file from another folder of the device that has it, and does not ask others for it', async () => {
  const devices = await twoInStep('elsewhere');
  const { world, a, b } = devices;
  const text = Buffer.from(createSeededRandom('film').bytes(1_500_000)).toString('base64');
  a.write('film', text);
  await world.until('b has it', () => b.read('film') === text);
  await allInStep(devices);
  const other = diskPath('/other');
  for (const machine of [a, b]) machine.disk.makeDirectory(other);
  const handle = a.disk.create(joinDisk(other, 'same film'), 0o644);
  handle.write(Buffer.from(text), 0);
  handle.close();
  await world.during(apiOf(a).limitsSet({ sendBps: 10_000, receiveBps: null, lanExempt: false }));
  const { folderId } = await world.during(apiOf(a).folderAdd({ path: other, name: 'Other' }));
  await world.until('the offer', async () => (await apiOf(b).folderList()).length > 1);
  await world.during(apiOf(b).folderJoin({ folder: folderId, path: other }));
  const startedAt = world.clock.monotonic();
  await world.until('b has it there too', () => b.disk.look(joinDisk(other, 'same film')) !== undefined);
  expect(world.clock.monotonic() - startedAt).toBeLessThan(30_000);
  await world.during(world.stop());
});
