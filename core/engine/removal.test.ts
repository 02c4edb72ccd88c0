import { describe, expect, it } from 'vitest';
import { diskPath, joinDisk, readWholeFile, writeFileAtomically } from '../filesystem/filesystem.ts';
import type { WorldMachine } from '../testing/world.ts';
import { deviceKeyToText } from '../trust/trust.ts';
import { allInStep, type DevicesInStep, devicesInStep } from './testing/in-step.ts';

interface Three extends DevicesInStep {
  readonly a: WorldMachine;
  readonly b: WorldMachine;
  readonly c: WorldMachine;
}

async function three(seed: string): Promise<Three> {
  const devices = await devicesInStep(seed, ['a', 'b', 'c']);
  const [a, b, c] = devices.machines as [WorldMachine, WorldMachine, WorldMachine];
  a.write('file', 'first');
  await devices.world.until('everywhere', () =>
    devices.machines.every((each) => each.read('file') === 'first'),
  );
  await allInStep(devices);
  return { ...devices, a, b, c };
}

const keyOf = (machine: WorldMachine): string => deviceKeyToText(machine.key());
const listed = async (on: WorldMachine, of: WorldMachine) =>
  (await on.device().api.deviceList()).find(({ key }) => key === keyOf(of));

describe('a device that is removed', () => {
  it('[A11] [A18] is told nothing more and heard no more, on devices that were off too, and learns of it', async () => {
    const devices = await three('removed');
    const { world, a, b, c } = devices;
    await world.during(b.stop());
    const done = await world.during(a.device().api.deviceRemove({ devices: [keyOf(c)], reason: 'stolen' }));
    expect(done).toEqual({ revoked: [keyOf(c)], addedBy: [], undone: 0, notHeard: [keyOf(b)] });
    expect((await a.device().api.status()).peers.map(({ key }) => key)).toEqual([keyOf(b)]);
    a.write('secret', 'after');
    c.write('file', 'changed by c');
    await world.until('c knows', async () => (await listed(c, c))?.active === false);
    await world.during(b.start());
    await world.until('b has heard', async () => (await listed(b, c))?.state === 'revoked');
    await world.until('b has what a wrote', () => b.read('secret') === 'after');
    await world.pass(60_000);
    expect([a.read('file'), b.read('file'), c.read('secret')]).toEqual(['first', 'first', undefined]);
    expect(await listed(a, c)).toMatchObject({ state: 'revoked', notHeard: [] });
    // What lies on it stays.
    expect(c.read('file')).toBe('changed by c');
    await expect(a.device().api.deviceRemove({ devices: [keyOf(c)] })).rejects.toMatchObject({
      code: 'not-allowed',
    });
    await expect(a.device().api.deviceRemove({ devices: [keyOf(a)] })).rejects.toMatchObject({
      code: 'not-allowed',
    });
    await world.during(world.stop());
  });

  it('is called by its name afterwards, even if it had just come', async () => {
    const { world, machines } = await devicesInStep('removed-name', ['a', 'b']);
    const [a, b] = machines as [WorldMachine, WorldMachine];
    const friend = world.machine('friend');
    await world.during(friend.start());
    const { invitation } = await world.during(b.device().api.deviceInvite({ admit: 'any', recovery: false }));
    await world.during(friend.device().api.deviceJoin({ invitation }));
    await world.until('a has met it', async () => (await listed(a, friend))?.name === 'friend');
    await world.during(a.device().api.deviceRemove({ devices: [keyOf(friend)] }));
    expect(await listed(a, friend)).toMatchObject({ name: 'friend', state: 'revoked' });
    await world.during(world.stop());
  });

  it('has what it did to files listed and taken back', async () => {
    const devices = await three('removed-undo');
    const { world, a, b, c, folderId } = devices;
    const since = new Date(world.clock.now()).toISOString();
    await world.pass(1_000);
    c.write('file', 'ruined');
    c.write('made', 'by c');
    await world.until('everywhere', () =>
      [a, b].every((each) => each.read('made') === 'by c' && each.read('file') === 'ruined'),
    );
    await allInStep(devices);
    expect(await a.device().api.deviceChanges({ device: keyOf(c), since })).toMatchObject([
      { folderId, path: 'file', kind: 'written' },
      { folderId, path: 'made', kind: 'written', previousVersion: null },
    ]);
    const done = await world.during(a.device().api.deviceRemove({ devices: [keyOf(c)], undoSince: since }));
    expect(done.undone).toBe(2);
    await world.until('as before', () =>
      [a, b].every((each) => each.read('file') === 'first' && each.read('made') === undefined),
    );
    await world.during(world.stop());
  });

  it('has a conflict opened again that it settled unseen by whoever removed it', async () => {
    const devices = await three('removed-resolution');
    const { world, a, b, c } = devices;
    world.lan.cut(a.key(), b.key());
    world.lan.cut(a.key(), c.key());
    a.write('file', 'by a');
    b.write('file', 'by b');
    await world.until('b’s is on c', () => c.read('file') === 'by b');
    for (const other of [b, c]) world.lan.heal(a.key(), other.key());
    await world.until('a conflict', async () => (await c.device().api.conflictList({})).length === 1);
    await allInStep(devices);
    for (const other of [b, c]) world.lan.cut(a.key(), other.key());
    const [conflict] = await c.device().api.conflictList({});
    const keep = conflict?.versions.at(-1)?.version ?? '';
    await world.during(c.device().api.conflictResolve({ id: conflict?.id ?? '', keep }));
    await world.until('b follows', async () => (await b.device().api.conflictList({})).length === 0);
    await world.during(a.device().api.deviceRemove({ devices: [keyOf(c)] }));
    world.lan.heal(a.key(), b.key());
    await world.until('b has heard', async () => (await listed(b, c))?.state === 'revoked');
    await world.pass(10_000);
    await allInStep({ ...devices, machines: [a, b] });
    const versionsOn = async (machine: WorldMachine): Promise<readonly string[]> =>
      (await machine.device().api.conflictList({})).flatMap(({ versions }) =>
        versions.map(({ version }) => version),
      );
    expect(await versionsOn(a)).toHaveLength(2);
    expect(await versionsOn(b)).toEqual(await versionsOn(a));
    expect(b.read('file')).toBe(a.read('file'));
    expect(b.errors).toEqual([]);
    await world.during(world.stop());
  });

  it('has all it did to a file taken back, also what it did after another had put the file back', async () => {
    const devices = await three('removed-undo-again');
    const { world, a, b, c } = devices;
    const since = new Date(world.clock.now()).toISOString();
    await world.pass(1_000);
    for (const content of ['ruined', 'ruined more']) {
      c.write('file', content);
      await world.until('everywhere', () => [a, b].every((each) => each.read('file') === content));
      await allInStep(devices);
    }
    a.write('file', 'put back');
    await world.until('everywhere', () => [b, c].every((each) => each.read('file') === 'put back'));
    await allInStep(devices);
    c.write('file', 'ruined again');
    await world.until('everywhere', () => [a, b].every((each) => each.read('file') === 'ruined again'));
    await allInStep(devices);
    await world.during(a.device().api.deviceRemove({ devices: [keyOf(c)], undoSince: since }));
    await world.until('as before', () => [a, b].every((each) => each.read('file') === 'first'));
    expect(await a.device().api.conflictList({})).toEqual([]);
    await world.during(world.stop());
  });

  it('has only what a person chose taken back, and that is undone', async () => {
    const devices = await three('undo-some');
    const { world, a, b, c, folderId } = devices;
    const since = new Date(world.clock.now()).toISOString();
    await world.pass(1_000);
    c.write('file', 'ruined');
    c.write('made', 'by c');
    await world.until('everywhere', () =>
      [a, b].every((each) => each.read('made') === 'by c' && each.read('file') === 'ruined'),
    );
    await allInStep(devices);
    const { api } = a.device();
    const taken = await world.during(
      api.deviceChangesUndo({ device: keyOf(c), since, paths: [`${folderId}:file`] }),
    );
    expect(taken).toMatchObject({ undone: 1, missing: [] });
    await world.until('one as before', () => b.read('file') === 'first');
    expect(b.read('made')).toBe('by c');
    // What is as before is no longer to be put back.
    const left = async (): Promise<readonly string[]> =>
      (await api.deviceChanges({ device: keyOf(c), since })).map(({ path }) => path);
    expect(await left()).toEqual(['made']);
    expect(await world.during(api.deviceChangesUndo({ device: keyOf(c), since }))).toMatchObject({
      undone: 1,
    });
    expect(await left()).toEqual([]);
    await world.during(api.undo({ id: taken.undoIds[0] ?? '' }));
    await world.until('as it was', () => b.read('file') === 'ruined');
    await world.during(world.stop());
  });

  it('cannot have slipped in changes that its remover never saw: they are set aside, and may be taken in', async () => {
    const devices = await three('set-aside');
    const { world, a, b, c } = devices;
    await world.during(a.stop());
    c.write('file', 'slipped in');
    c.write('made', 'made by c');
    await world.until('b has both', () => b.read('made') === 'made by c' && b.read('file') === 'slipped in');
    await world.during(c.stop());
    await world.during(b.stop());
    await world.during(a.start());
    await world.during(a.device().api.deviceRemove({ devices: [keyOf(c)] }));
    await world.during(b.start());
    await world.until('set aside on b', () => b.read('file') === 'first' && b.read('made') === undefined);
    await allInStep({ ...devices, machines: [a, b] });
    expect([a.read('file'), a.read('made')]).toEqual(['first', undefined]);
    expect(await a.device().api.questions()).toEqual([]);
    const [question] = await b.device().api.questions();
    expect(question).toMatchObject({ kind: 'removed-device', device: keyOf(c), counts: { replaced: 2 } });
    await world.during(b.device().api.answer({ id: question?.id ?? '', answer: 'apply' }));
    await world.until('taken in', () =>
      [a, b].every((each) => each.read('file') === 'slipped in' && each.read('made') === 'made by c'),
    );
    expect(await b.device().api.questions()).toEqual([]);
    await world.during(world.stop());
  });

  it('brings nothing back whose bytes only it has by removing, without having seen it, who took that back', async () => {
    const devices = await devicesInStep('unseen-undo', ['a', 'b', 'c', 'd']);
    const { world, machines, folderId } = devices;
    const [a, b, c, d] = machines as [WorldMachine, WorldMachine, WorldMachine, WorldMachine];
    a.write('file', 'first');
    await world.until('everywhere', () => machines.every((each) => each.read('file') === 'first'));
    await allInStep(devices);
    const since = new Date(world.clock.now()).toISOString();
    await world.during(d.device().api.folderPause({ folder: folderId }));
    await world.during(d.stop());
    // Heard of by A and B, and fetched by neither: it is on its way when C goes.
    for (const each of [a, b]) world.lan.cut(each.key(), c.key(), 'one');
    c.write('big', 'by c');
    for (const each of [a, b])
      await world.until(
        'heard of',
        async () => (await each.device().api.status()).folders[0]?.needFiles === 1,
      );
    await world.during(c.stop());
    for (const each of [a, b]) world.lan.heal(each.key(), c.key());
    const done = await world.during(
      a.device().api.deviceRemove({ devices: [keyOf(c)], reason: 'stolen', undoSince: since }),
    );
    expect(done.undone).toBe(1);
    await world.until('b has heard', async () => (await listed(b, c))?.state === 'revoked');
    await allInStep(devices);
    for (const each of [a, b]) await world.during(each.stop());
    for (const each of [c, d]) await world.during(each.start());
    await world.during(c.device().api.deviceRemove({ devices: [keyOf(a)], withAdded: false }));
    await world.until('d believes it', async () => (await listed(d, a))?.state === 'revoked');
    await world.pass(5_000);
    await world.during(c.stop());
    await world.during(d.device().api.folderResume({ folder: folderId }));
    await world.during(b.start());
    await world.until('d has heard', async () => (await listed(d, c))?.state === 'revoked');
    await world.until('b has heard', async () => (await listed(b, a))?.state === 'revoked');
    await world.until('told', async () => (await b.device().api.questions()).length === 1);
    await world.pass(120_000);
    for (const each of [b, d])
      expect((await each.device().api.status()).folders[0]).toMatchObject({ needFiles: 0, problems: [] });
    const [question] = await b.device().api.questions();
    expect(question).toMatchObject({ kind: 'removed-device', device: keyOf(a), counts: { replaced: 1 } });
    await world.during(b.device().api.answer({ id: question?.id ?? '', answer: 'apply' }));
    await world.pass(60_000);
    for (const each of [b, d]) {
      expect((await each.device().api.status()).folders[0]).toMatchObject({ needFiles: 0, problems: [] });
      expect([each.read('big'), each.read('file')]).toEqual([undefined, 'first']);
    }
    await world.during(world.stop());
  });

  it('[A9] may remove those who removed it', async () => {
    const devices = await three('answered');
    const { world, a, b, c } = devices;
    await world.during(a.device().api.deviceRemove({ devices: [keyOf(c)] }));
    await world.until('c knows', async () => (await listed(c, c))?.active === false);
    await expect(c.device().api.deviceRemove({ devices: [keyOf(b)] })).rejects.toMatchObject({
      code: 'not-member',
    });
    await world.during(c.device().api.deviceRemove({ devices: [keyOf(a)], withAdded: false }));
    await world.pass(180_000);
    expect(await listed(b, a)).toMatchObject({ state: 'revoked' });
    expect(await listed(b, c)).toMatchObject({ state: 'revoked' });
    await world.during(world.stop());
  });

  it('[A9] has what its remover did since set aside, once it has removed that one in answer', async () => {
    const devices = await three('answered-with-cut');
    const { world, a, b, c } = devices;
    await world.during(a.device().api.deviceRemove({ devices: [keyOf(c)] }));
    await world.until('c knows', async () => (await listed(c, c))?.active === false);
    a.write('file', 'ruined');
    a.write('made', 'by a');
    await world.until('b takes it', () => b.read('file') === 'ruined' && b.read('made') === 'by a');
    await world.during(c.device().api.deviceRemove({ devices: [keyOf(a)], withAdded: false }));
    await world.until('b has heard', async () => (await listed(b, a))?.state === 'revoked');
    await world.until('b asks', async () => (await b.device().api.questions()).length === 1);
    await world.until('as c knew it', () => b.read('file') === 'first' && b.read('made') === undefined);
    const [question] = await b.device().api.questions();
    expect(question).toMatchObject({ kind: 'removed-device', device: keyOf(a), counts: { replaced: 2 } });
    await world.during(world.stop());
  });
});

describe('the word of a removal', () => {
  it.each([10, 40, 50])(
    '[A11] reaches those who removed its author, soon, %i s after they talked',
    async (afterS) => {
      const { world, a, b, c } = await three(`answered after ${afterS} s`);
      await world.during(a.device().api.deviceRemove({ devices: [keyOf(c)] }));
      await world.until('c knows', async () => (await listed(c, c))?.active === false);
      await world.pass(afterS * 1000);
      await world.during(c.device().api.deviceRemove({ devices: [keyOf(a)], withAdded: false }));
      const at = world.clock.monotonic();
      await world.until('b has heard', async () => (await listed(b, a))?.state === 'revoked');
      expect(world.clock.monotonic() - at).toBeLessThan(180_000);
      await world.during(world.stop());
    },
  );
});

describe('a device that was let in by one that was removed unseen', () => {
  it('[A8] [A19] is suspended, exchanges nothing but the log, and goes on once a person approves it', async () => {
    const devices = await devicesInStep('suspended', ['a', 'b']);
    const { world, folderId } = devices;
    const [a, b] = devices.machines as [WorldMachine, WorldMachine];
    const c = world.machine('c');
    a.write('file', 'first');
    await world.until('b has it', () => b.read('file') === 'first');
    await allInStep(devices);
    await world.during(a.stop());
    await world.during(c.start());
    const { invitation } = await world.during(b.device().api.deviceInvite({ admit: 'any', recovery: false }));
    await world.during(c.device().api.deviceJoin({ invitation }));
    await world.during(b.stop());
    await world.during(a.start());
    await world.during(a.device().api.deviceRemove({ devices: [keyOf(b)] }));
    await world.during(b.start());
    await world.until('a has heard of c', async () => (await listed(a, c))?.state === 'suspended');
    await world.pass(60_000);
    expect(await listed(a, c)).toMatchObject({ state: 'suspended' });
    expect((await a.device().api.status()).peers).toEqual([]);
    expect(await c.device().api.folderList()).toEqual([]);
    await world.during(a.device().api.deviceApprove({ device: keyOf(c) }));
    expect(await listed(a, c)).not.toMatchObject({ state: 'suspended' });
    await world.until('c is offered the folder', async () => (await c.device().api.folderList()).length > 0);
    await world.during(c.device().api.folderJoin({ folder: folderId, path: c.root }));
    await world.until('c has the file', () => c.read('file') === 'first');
    expect(await listed(c, c)).toMatchObject({ active: true });
    await world.during(c.stop());
    await expect(a.device().api.deviceApprove({ device: keyOf(c) })).rejects.toMatchObject({
      code: 'not-found',
    });
    await world.during(world.stop());
  });
});

describe('a device brought back from a backup', () => {
  it('[A14] signs nothing for the group before it has its own operations again, if anybody is there to give them', async () => {
    const { world, machines, folderId } = await devicesInStep('own-chain', ['a', 'b', 'c']);
    const [a, b, c] = machines as [WorldMachine, WorldMachine, WorldMachine];
    const log = joinDisk(joinDisk(diskPath('/'), 'home'), 'membership');
    const permit = (of: WorldMachine, may: 'read' | 'change') =>
      world.during(a.device().api.folderPermit({ folder: folderId, device: keyOf(of), may }));
    const before = readWholeFile(a.system, log, { maxBytes: 1_000_000 }) ?? new Uint8Array();
    await permit(b, 'read');
    await world.until('b has heard', async () => (await b.device().api.folderList())[0]?.mayChange === false);
    await world.during(a.stop());
    await writeFileAtomically(a.system, log, before, 0o600);
    await world.during(a.start());
    await permit(c, 'read');
    await world.until('c has heard', async () => (await c.device().api.folderList())[0]?.mayChange === false);
    expect((await b.device().api.folderList())[0]).toMatchObject({ mayChange: false });
    for (const each of [a, b, c])
      expect((await each.device().api.deviceList()).flatMap(({ alarms }) => alarms)).toEqual([]);

    // Where nobody is, it does not wait for long.
    for (const each of [b, c]) await world.during(each.stop());
    await world.during(a.stop());
    await world.during(a.start());
    const at = world.clock.monotonic();
    await permit(b, 'change');
    expect(world.clock.monotonic() - at).toBeLessThanOrEqual(10_000);
    const later = world.clock.monotonic();
    await permit(b, 'read');
    expect(world.clock.monotonic() - later).toBe(0);
    await world.during(world.stop());
  });
});

describe('the recovery code', () => {
  it('[A12] [A13] keeps exactly the devices named, for good', async () => {
    const devices = await devicesInStep('recovery', ['a']);
    const { world, folderId } = devices;
    const [a] = devices.machines as [WorldMachine];
    const b = world.machine('b');
    await world.during(b.start());
    const { invitation, recoveryCode } = await world.during(
      a.device().api.deviceInvite({ admit: 'any', recovery: true }),
    );
    await world.during(b.device().api.deviceJoin({ invitation }));
    await world.until('connected', async () => (await listed(a, b))?.state === 'connected');
    await world.during(b.device().api.deviceRemove({ devices: [keyOf(a)] }));
    await world.until('a is out', async () => (await listed(a, a))?.active === false);
    const wrong = 'abandon '.repeat(11) + 'about';
    await expect(a.device().api.recover({ code: wrong, keep: [keyOf(a)] })).rejects.toMatchObject({
      code: 'not-allowed',
    });
    const done = await world.during(a.device().api.recover({ code: recoveryCode ?? '', keep: [keyOf(a)] }));
    expect(done).toMatchObject({ epoch: 1, kept: [keyOf(a)] });
    expect(await listed(a, a)).toMatchObject({ active: true });
    expect((await a.device().api.folderList()).map(({ id }) => id)).toEqual([folderId]);
    await world.during(world.stop());
  });
});
