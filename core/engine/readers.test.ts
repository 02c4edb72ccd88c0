import { describe, expect, it } from 'vitest';
import type { WorldMachine } from '../testing/world.ts';
import { deviceKeyToText } from '../trust/trust.ts';
import { allInStep, type DevicesInStep, devicesInStep } from './testing/in-step.ts';

interface Three extends DevicesInStep {
  readonly a: WorldMachine;
  readonly b: WorldMachine;
  readonly c: WorldMachine;
}

/** Three devices that show `file` and `gone`. */
async function three(seed: string): Promise<Three> {
  const devices = await devicesInStep(seed, ['a', 'b', 'c']);
  const [a, b, c] = devices.machines as [WorldMachine, WorldMachine, WorldMachine];
  a.write('file', 'first');
  a.write('gone', 'first');
  await devices.world.until('everywhere', () =>
    devices.machines.every((each) => each.read('file') === 'first' && each.read('gone') === 'first'),
  );
  await allInStep(devices);
  return { ...devices, a, b, c };
}

const keyOf = (machine: WorldMachine): string => deviceKeyToText(machine.key());
const permit = (on: WorldMachine, folder: string, of: WorldMachine, may: 'read' | 'change') =>
  on.device().api.folderPermit({ folder, device: keyOf(of), may });
const problemsOf = async (machine: WorldMachine) =>
  (await machine.device().api.status()).folders[0]?.problems.map(({ path, kind }) => [path, kind]);
const listingOf = async (machine: WorldMachine) => (await machine.device().api.folderList())[0];
const shown = (machine: WorldMachine) => ['file', 'gone', 'made'].map((name) => machine.read(name));

describe('a device that may only read a folder', () => {
  it('[RD1] [A37] keeps its own changes, is told those of others, and tells its own once it may change it again', async () => {
    const devices = await three('reader');
    const { world, a, b, c, folderId } = devices;
    const listed = await world.during(permit(a, folderId, c, 'read'));
    expect(listed).toMatchObject({ mayChange: true, readers: [keyOf(c)], mode: 'both' });
    await world.until('c has heard', async () => (await listingOf(c))?.mayChange === false);
    expect(await listingOf(c)).toMatchObject({ mode: 'receive', readers: [keyOf(c)] });
    await expect(permit(c, folderId, c, 'change')).rejects.toMatchObject({ facts: { what: 'permit-self' } });
    await expect(permit(c, folderId, b, 'read')).rejects.toMatchObject({
      facts: { what: 'folder-read-only' },
    });

    c.write('file', 'changed by c');
    c.write('made', 'by c');
    c.remove('gone');
    b.write('later', 'by b');
    await world.until('c has what b wrote', () => c.read('later') === 'by b');
    await world.until('noticed', async () => (await problemsOf(c))?.length === 3);
    await world.pass(60_000);
    expect(await problemsOf(c)).toEqual([
      ['file', 'read-only'],
      ['gone', 'read-only'],
      ['made', 'read-only'],
    ]);
    for (const other of [a, b]) expect(shown(other)).toEqual(['first', 'first', undefined]);
    expect(shown(c)).toEqual(['changed by c', undefined, 'by c']);
    await expect(c.device().api.folderAccept({ folder: folderId })).rejects.toMatchObject({
      facts: { what: 'folder-read-only' },
    });

    await world.during(permit(b, folderId, c, 'change'));
    for (const other of [a, b])
      await world.until(
        'they are told',
        () => other.read('made') === 'by c' && other.read('gone') === undefined,
      );
    for (const each of [a, b, c]) expect(shown(each)).toEqual(['changed by c', undefined, 'by c']);
    await allInStep(devices);
    expect(await problemsOf(c)).toEqual([]);
    await world.during(world.stop());
  });

  it('[RD2] has what was not known of it set aside on the others, and keeps it itself, until it is put back', async () => {
    const devices = await three('reader-apart');
    const { world, a, b, c, folderId } = devices;
    // B takes what C does before it hears of A's word.
    await world.during(a.stop());
    c.write('file', 'slipped in');
    c.write('made', 'by c');
    c.remove('gone');
    await world.until('b has it', () => b.read('made') === 'by c' && b.read('gone') === undefined);
    await world.during(c.stop());
    await world.during(b.stop());
    await world.during(a.start());
    await world.during(permit(a, folderId, c, 'read'));
    await world.during(b.start());
    await world.until('set aside on b', () => b.read('made') === undefined && b.read('gone') === 'first');
    expect(shown(b)).toEqual(['first', 'first', undefined]);
    const [question] = await b.device().api.questions();
    expect(question).toMatchObject({ kind: 'removed-device', device: keyOf(c), counts: { replaced: 3 } });
    expect(question?.sentence).toContain('allowed only to read');

    await world.during(c.start());
    await world.until('c has heard', async () => (await listingOf(c))?.mayChange === false);
    await world.until('c tells', async () => (await problemsOf(c))?.length === 3);
    await world.pass(60_000);
    expect(shown(c)).toEqual(['slipped in', undefined, 'by c']);
    for (const other of [a, b]) expect(shown(other)).toEqual(['first', 'first', undefined]);
    expect(await c.device().api.questions()).toEqual([]);

    await world.during(c.device().api.folderRevert({ folder: folderId }));
    await world.until('put back', () => c.read('gone') === 'first' && c.read('made') === undefined);
    expect(shown(c)).toEqual(['first', 'first', undefined]);
    // A person takes in on B what had been set aside.
    await world.during(b.device().api.answer({ id: question?.id ?? '', answer: 'apply' }));
    await world.until('taken in', () => a.read('made') === 'by c' && c.read('file') === 'slipped in');
    await allInStep(devices);
    await world.during(world.stop());
  });
});
