import { describe, expect, it } from 'vitest';
import { joinDisk } from '../filesystem/filesystem.ts';
import type { WorldMachine } from '../testing/world.ts';
import type { Question } from './engine.ts';
import { allInStep, type DevicesInStep, devicesInStep } from './testing/in-step.ts';

const nameOf = (i: number): string => `f${String(i).padStart(3, '0')}.txt`;
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => nameOf(i));
const filesOf = (machine: WorldMachine): string[] =>
  [...machine.tree()]
    .filter(([, what]) => what !== 'dir')
    .map(([path, what]) => `${path} ${what.split(' ').at(-1)}`);

interface Three extends DevicesInStep {
  readonly a: WorldMachine;
  readonly b: WorldMachine;
  readonly c: WorldMachine;
  /** What all three show before anything goes wrong. */
  readonly whole: readonly string[];
}

/** Three devices with 160 files, in step. */
async function three(seed: string): Promise<Three> {
  const devices = await devicesInStep(seed, ['a', 'b', 'c']);
  const [a, b, c] = devices.machines as [WorldMachine, WorldMachine, WorldMachine];
  a.makeDirectory('d');
  for (const name of names(160)) a.write(`d/${name}`, `what ${name} says`);
  await devices.world.until('all files everywhere', () =>
    devices.machines.every((machine) => filesOf(machine).length === 160),
  );
  await allInStep(devices);
  return { ...devices, a, b, c, whole: filesOf(a) };
}

async function asked({ world }: DevicesInStep, machine: WorldMachine): Promise<Question> {
  let questions: readonly Question[] = [];
  await world.until(`${machine.name} asks`, async () => {
    questions = await machine.device().api.questions();
    return questions.length > 0;
  });
  expect(questions).toHaveLength(1);
  return questions[0] as Question;
}

/** Lets enough time pass for everything that is on its way to have happened. */
const rest = ({ world }: DevicesInStep): Promise<void> => world.pass(5_000);

describe('a change that takes a large part of a folder', () => {
  it('waits on every other device, goes ahead on all when one allows it, and can be taken back [PL13] [A37]', async () => {
    const devices = await three('mass');
    const { world, a, b, c, whole } = devices;
    for (const name of names(150)) a.remove(`d/${name}`);
    const question = await asked(devices, b);
    await asked(devices, c);
    await expect(world.during(b.device().api.wait({ timeoutS: 60 }))).rejects.toMatchObject({
      code: 'person-needed',
    });
    await rest(devices);
    expect(question).toMatchObject({
      kind: 'mass-change',
      device: a.device().identity.deviceKey,
      answers: ['apply', 'undo', 'later'],
    });
    // What came before the limit was passed may have gone already.
    expect(filesOf(b).length).toBeGreaterThan(50);
    const { questions, folders, state } = await b.device().api.status();
    expect({ questions, state, folder: folders[0]?.state }).toEqual({
      questions: 1,
      state: 'attention',
      folder: 'attention',
    });
    const path = (await b.device().api.status()).folders[0]?.problems[0]?.path ?? '';
    expect(await b.device().api.why({ path: `${devices.folderId}:${path}` })).toMatchObject({
      state: 'problem',
    });
    await expect(b.device().api.answer({ id: 'none', answer: 'apply' })).rejects.toMatchObject({
      code: 'not-found',
    });

    expect(await b.device().api.answer({ id: question.id, answer: 'later' })).toEqual({ undoId: null });
    expect(await b.device().api.questions()).toHaveLength(1);
    const { undoId } = await world.during(b.device().api.answer({ id: question.id, answer: 'apply' }));
    await world.until('ten left everywhere', () =>
      devices.machines.every((machine) => filesOf(machine).length === 10),
    );
    await allInStep(devices);
    expect(await c.device().api.questions()).toEqual([]);

    await world.during(b.device().api.undo({ id: undoId ?? '' }));
    await world.until('all back everywhere', () =>
      devices.machines.every((machine) => filesOf(machine).length === 160),
    );
    await allInStep(devices);
    for (const machine of devices.machines) expect(filesOf(machine)).toEqual(whole);
    await world.during(world.stop());
  });

  it('is brought back on all devices when one says no [PL13]', async () => {
    const devices = await three('mass-undo');
    const { world, a, b, c, whole } = devices;
    for (const name of names(150)) {
      if (name < nameOf(60)) a.write(`d/${name}`, `ruined ${name}`);
      else a.remove(`d/${name}`);
    }
    a.write('d/new', 'made in between');
    const question = await asked(devices, c);
    await world.during(c.device().api.answer({ id: question.id, answer: 'undo' }));
    await world.until('as it was', () =>
      devices.machines.every(
        (machine) =>
          filesOf(machine)
            .filter((line) => !line.startsWith('d/new'))
            .join() === whole.join(),
      ),
    );
    await allInStep(devices);
    expect(await b.device().api.questions()).toEqual([]);
    expect(await a.device().api.questions()).toEqual([]);
    expect(b.read('d/new')).toBe('made in between');
    await world.during(world.stop());
  });

  it('still waits after a restart', async () => {
    const devices = await three('mass-restart');
    const { world, a, b } = devices;
    for (const name of names(150)) a.remove(`d/${name}`);
    const { id } = await asked(devices, b);
    await rest(devices);
    const before = filesOf(b);
    await world.during(b.stop());
    await world.during(b.start());
    expect((await asked(devices, b)).id).toBe(id);
    await rest(devices);
    expect(filesOf(b)).toEqual(before);
    await world.during(world.stop());
  });

  it('is no question where the files were only moved, or where the limits say so', async () => {
    const devices = await three('mass-move');
    const { world, a, b, c } = devices;
    for (const machine of [b, c])
      await machine.device().api.settingsSet({ key: 'massChange.share', value: '0.5' });
    a.disk.rename(joinDisk(a.root, 'd'), joinDisk(a.root, 'e'));
    await world.until('moved everywhere', () =>
      devices.machines.every((machine) => machine.read('e/f159.txt') !== undefined),
    );
    await allInStep(devices);
    for (const name of names(79)) a.remove(`e/${name}`);
    await world.until('fewer everywhere', () =>
      devices.machines.every((machine) => filesOf(machine).length === 81),
    );
    await allInStep(devices);
    for (const machine of [b, c]) expect(await machine.device().api.questions()).toEqual([]);
    await world.during(world.stop());
  });

  it('is asked about by the limits of the folder on each device, which are its own or the device’s [PL13]', async () => {
    const devices = await three('mass-limits');
    const { world, a, b, c, folderId } = devices;
    const setOn = (machine: WorldMachine, massChange: { share?: number | null; count?: number | null }) =>
      world.during(machine.device().api.folderSet({ folder: folderId, massChange }));
    expect((await b.device().api.folderList())[0]?.massChange).toEqual({ share: 0.25, count: 100 });
    await setOn(b, { share: 1 });
    await setOn(c, { count: 10 });
    await setOn(c, { share: 0.1 });
    expect((await c.device().api.folderList())[0]?.massChange).toEqual({ share: 0.1, count: 10 });
    await expect(setOn(c, { share: 0 })).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(setOn(c, { count: 1.5 })).rejects.toMatchObject({ code: 'bad-argument' });
    for (const name of names(150)) a.remove(`d/${name}`);
    await world.until('all gone on b', () => filesOf(b).length === 10);
    await asked(devices, c);
    expect(await b.device().api.questions()).toEqual([]);
    expect(filesOf(c).length).toBeGreaterThanOrEqual(140);

    await setOn(b, { share: null });
    await setOn(c, { share: null });
    expect((await b.device().api.folderList())[0]?.massChange).toEqual({ share: 0.25, count: 100 });
    expect((await c.device().api.folderList())[0]?.massChange).toEqual({ share: 0.25, count: 10 });
    await world.during(b.stop());
    await world.during(c.stop());
    await world.during(c.start());
    expect((await c.device().api.folderList())[0]?.massChange).toEqual({ share: 0.25, count: 10 });
    await world.during(world.stop());
  });
});

describe('files found gone at the start', () => {
  it('are not told to the others before a person says so [PL13]', async () => {
    const devices = await three('gone');
    const { world, a, b, whole } = devices;
    await world.during(a.stop());
    for (const name of names(150)) a.remove(`d/${name}`);
    await world.during(a.start());
    const question = await asked(devices, a);
    expect(question).toMatchObject({
      kind: 'mass-change',
      counts: { removed: 150 },
      device: a.device().identity.deviceKey,
    });
    await rest(devices);
    expect(filesOf(b)).toEqual(whole);
    expect((await a.device().api.status()).folders[0]).toMatchObject({
      state: 'attention',
      pendingLocal: 150,
    });
    await a.device().api.answer({ id: question.id, answer: 'undo' });
    await world.until('brought back', () => filesOf(a).join() === whole.join());
    await allInStep(devices);
    expect(filesOf(b)).toEqual(whole);

    await world.during(a.stop());
    for (const name of names(150)) a.remove(`d/${name}`);
    await world.during(a.start());
    const again = await asked(devices, a);
    await a.device().api.answer({ id: again.id, answer: 'apply' });
    const onB = await asked(devices, b);
    expect(onB.device).toBe(a.device().identity.deviceKey);
    await world.during(world.stop());
  });

  it('nor when the root was away meanwhile; what goes before one’s eyes is told at once [PL13]', async () => {
    const devices = await three('gone-away');
    const { world, a, b, whole } = devices;
    const aside = `${a.root}-aside` as typeof a.root;
    a.disk.rename(a.root, aside);
    await world.until('a misses its root', async () => {
      const [folder] = (await a.device().api.status()).folders;
      return folder?.state === 'error';
    });
    for (const name of names(150)) a.disk.remove(joinDisk(joinDisk(aside, 'd'), name));
    a.disk.rename(aside, a.root);
    const { id, counts } = await asked(devices, a);
    expect(counts).toMatchObject({ removed: 150 });
    await rest(devices);
    expect(filesOf(b)).toEqual(whole);
    await world.during(a.device().api.answer({ id, answer: 'undo' }));
    await world.until('brought back', () => filesOf(a).join() === whole.join());

    for (const name of names(150)) a.remove(`d/${name}`);
    await asked(devices, b);
    expect(await a.device().api.questions()).toEqual([]);
    await world.during(world.stop());
  });
});
