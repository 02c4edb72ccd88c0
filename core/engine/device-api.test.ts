import { describe, expect, it } from 'vitest';
import { joinDisk } from '../filesystem/filesystem.ts';
import { type WorldMachine } from '../testing/world.ts';
import { deviceKeyToText } from '../trust/trust.ts';
import { allInStep, oneAlone, twoInStep } from './testing/in-step.ts';

const keyOf = (machine: WorldMachine): string => deviceKeyToText(machine.key());
const apiOf = (machine: WorldMachine) => machine.device().api;

describe('a device in no group', () => {
  it('has no members and no history, and says who it is', async () => {
    const { world, a } = await oneAlone('nobody');
    expect(await apiOf(a).groupShow()).toEqual({ group: null, members: [], epoch: 0, recovery: false });
    expect(await apiOf(a).groupHistory()).toEqual([]);
    const { deviceKey, words, name } = await apiOf(a).id();
    expect([deviceKey, name]).toEqual([keyOf(a), 'a']);
    expect(words.split(' ').length).toBeGreaterThan(3);
    await world.during(world.stop());
  });

  it('founds one for the first invitation, with a recovery code told once, and tells who founded it', async () => {
    const { world, a } = await oneAlone('founder');
    const { recoveryCode } = await world.during(apiOf(a).deviceInvite({ admit: 'ask', recovery: true }));
    expect(recoveryCode?.split(' ').length).toBeGreaterThan(11);
    expect(await world.during(apiOf(a).deviceInvite({ admit: 'ask', recovery: true }))).not.toHaveProperty(
      'recoveryCode',
    );
    expect(await apiOf(a).groupShow()).toMatchObject({ members: [keyOf(a)], recovery: true });
    expect(await apiOf(a).groupHistory()).toHaveLength(1);
    await expect(apiOf(a).groupCreate({ recovery: false })).rejects.toMatchObject({
      code: 'already-in-group',
    });
    await world.during(world.stop());
  });

  it('founds one group though it is asked to twice in one moment', async () => {
    const { world, a } = await oneAlone('twice');
    const invite = () => apiOf(a).deviceInvite({ admit: 'ask', recovery: true });
    const both = await world.during(Promise.all([invite(), invite()]));
    expect(both.filter(({ recoveryCode }) => recoveryCode !== undefined)).toHaveLength(1);
    expect(await apiOf(a).groupHistory()).toHaveLength(1);
    await world.during(world.stop());
  });

  it('gives up joining when time is up or nobody waits any more', async () => {
    const { world, a } = await oneAlone('joins');
    const b = world.machine('b');
    await world.during(b.start());
    const { invitation } = await world.during(apiOf(a).deviceInvite({ admit: 'ask', recovery: false }));
    await world.during(a.stop());
    await expect(world.during(apiOf(b).deviceJoin({ invitation, timeoutS: 5 }))).rejects.toMatchObject({
      code: 'timed-out',
      facts: { what: 'join' },
    });
    const waiting = new AbortController();
    const joined = apiOf(b).deviceJoin({ invitation, signal: waiting.signal });
    waiting.abort(new Error('nobody waits'));
    await expect(world.during(joined)).rejects.toThrow('nobody waits');
    expect((await apiOf(b).groupShow()).group).toBeNull();
    await world.during(world.stop());
  });
});

describe('pausing all folders', () => {
  it('holds until it is taken back, and nothing is synced meanwhile', async () => {
    const devices = await twoInStep('paused');
    const { world, a, b } = devices;
    expect(await world.during(apiOf(b).pause({}))).toEqual({ until: null });
    a.write('new', 'while b is paused');
    await world.pass(120_000);
    expect(b.read('new')).toBeUndefined();
    expect((await apiOf(b).status()).state).toBe('paused');
    await expect(apiOf(b).folderRescan({ folder: 'Shared' })).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await world.during(apiOf(b).resume())).toEqual({ until: null });
    await world.until('b has it', () => b.read('new') !== undefined);
    await world.during(world.stop());
  });

  it('ends by itself at the moment that was named, also over a restart', async () => {
    const devices = await twoInStep('paused for a while');
    const { world, a, b } = devices;
    const until = new Date(world.clock.now() + 300_000).toISOString();
    expect(await world.during(apiOf(b).pause({ until }))).toEqual({ until });
    expect(await apiOf(b).status()).toMatchObject({ state: 'paused', pausedUntil: until });
    a.write('new', 'while b is paused');
    await world.during(b.stop());
    await world.during(b.start());
    await world.pass(120_000);
    expect(b.read('new')).toBeUndefined();
    await world.until('b has it', () => b.read('new') !== undefined);
    expect(world.clock.now()).toBeGreaterThanOrEqual(Date.parse(until));
    expect((await apiOf(b).status()).state).not.toBe('paused');
    await expect(apiOf(b).pause({ until: 'soon' })).rejects.toMatchObject({ code: 'bad-argument' });
    await world.during(world.stop());
  });

  it('of one folder ends by itself too, and leaves the others alone', async () => {
    const devices = await twoInStep('one paused');
    const { world, a, b } = devices;
    const until = new Date(world.clock.now() + 90_000).toISOString();
    const listing = await world.during(apiOf(b).folderPause({ folder: 'Shared', until }));
    expect(listing.state).toBe('paused');
    a.write('new', 'while it is paused');
    await world.pass(30_000);
    expect(b.read('new')).toBeUndefined();
    await world.until('b has it', () => b.read('new') !== undefined);
    await world.during(world.stop());
  });
});

describe('waiting', () => {
  it('for one folder and one device ends when both hold the same', async () => {
    const { world, a, b } = await twoInStep('waits');
    a.write('new', 'new');
    expect(
      await world.during(apiOf(a).wait({ folder: 'Shared', devices: [keyOf(b)], timeoutS: 60 })),
    ).toEqual({ inStep: true });
    expect(b.read('new')).toBe('new');
    await world.during(world.stop());
  });

  it('for a device that is away ends when time is up', async () => {
    const { world, a, b } = await twoInStep('waits in vain');
    const away = keyOf(b);
    await world.during(b.stop());
    await world.pass(60_000);
    await expect(world.during(apiOf(a).wait({ devices: [away], timeoutS: 3 }))).rejects.toMatchObject({
      code: 'timed-out',
      facts: { what: 'wait' },
    });
    // Nobody else is there: with whoever is connected, it is in step.
    expect(await world.during(apiOf(a).wait({ timeoutS: 3 }))).toEqual({ inStep: true });
    await expect(apiOf(a).wait({ devices: ['nobody'] })).rejects.toMatchObject({ code: 'not-found' });
    await world.during(world.stop());
  });

  it('for a folder that is paused ends when time is up, for it is not in step', async () => {
    const { world, b } = await twoInStep('waits for a paused one');
    await world.during(apiOf(b).folderPause({ folder: 'Shared' }));
    await expect(world.during(apiOf(b).wait({ timeoutS: 1 }))).rejects.toMatchObject({ code: 'timed-out' });
    await world.during(world.stop());
  });
});

describe('devices by name', () => {
  it('are called as a person calls them here, and as they call themselves elsewhere', async () => {
    const { world, a, b } = await twoInStep('named');
    await world.during(apiOf(a).deviceRename({ device: keyOf(b), name: ' Laptop ' }));
    const nameAt = async (on: WorldMachine, of: WorldMachine) =>
      (await apiOf(on).deviceList()).find(({ key }) => key === keyOf(of))?.name;
    expect([await nameAt(a, b), await nameAt(b, b)]).toEqual(['Laptop', 'b']);
    await world.during(apiOf(b).deviceRename({ device: 'b', name: 'Notebook' }));
    expect([await nameAt(a, b), await nameAt(b, b)]).toEqual(['Laptop', 'Notebook']);
    await world.during(apiOf(a).settingsSet({ key: 'name', value: 'Desk' }));
    await world.until('b hears of it', async () => (await nameAt(b, a)) === 'Desk');
    for (const name of [' ', 'x'.repeat(65)])
      await expect(apiOf(a).deviceRename({ device: 'Laptop', name })).rejects.toMatchObject({
        code: 'bad-argument',
      });
    await world.during(world.stop());
  });

  it('are dialled at an address that a person names, also by a key that is not known yet', async () => {
    const { world, a, b } = await twoInStep('dialled');
    await expect(apiOf(a).deviceConnect({ device: 'b', address: 'nowhere' })).rejects.toMatchObject({
      code: 'bad-argument',
    });
    await expect(
      apiOf(a).deviceConnect({ device: 'no key', address: '192.168.1.7:4001' }),
    ).rejects.toMatchObject({ code: 'bad-argument' });
    const c = world.machine('c');
    await world.during(c.start());
    for (const device of [keyOf(b), keyOf(c)])
      expect(await world.during(apiOf(a).deviceConnect({ device, address: '192.168.1.7:4001' }))).toEqual({});
    await world.during(a.stop());
    await world.during(a.start());
    const listed = (await apiOf(a).deviceList()).find(({ key }) => key === keyOf(b));
    expect(listed?.addresses).toContain('/ip4/192.168.1.7/tcp/4001');
    await world.during(world.stop());
  });

  it('that ask to join are answered by the name they give', async () => {
    const { world, a } = await oneAlone('asked');
    const b = world.machine('b');
    await world.during(b.start());
    const ask = async (): Promise<{ readonly outcome: Promise<string> }> => {
      const { invitation } = await world.during(apiOf(a).deviceInvite({ admit: 'ask', recovery: false }));
      const outcome = apiOf(b)
        .deviceJoin({ invitation })
        .then(
          () => 'joined',
          (error: { readonly code: string }) => error.code,
        );
      await world.until('b waits', async () => (await apiOf(a).questions()).length > 0);
      await world.pass(1_000);
      return { outcome };
    };
    await expect(apiOf(a).deviceApprove({ device: 'b' })).rejects.toMatchObject({ code: 'not-found' });
    for (const [call, comesTo] of [
      ['deviceRefuse', 'invitation-refused'],
      ['deviceApprove', 'joined'],
    ] as const) {
      const { outcome } = await ask();
      await apiOf(a)[call]({ device: 'b' });
      expect(await world.during(outcome)).toBe(comesTo);
    }
    await world.during(world.stop());
  });
});

describe('leaving a group', () => {
  it('keeps the folders with all that is in them, to be shared in the next one', async () => {
    const devices = await twoInStep('leaves');
    const { world, a, b } = devices;
    a.write('kept', 'kept');
    await world.until('b has it', () => b.read('kept') === 'kept');
    await allInStep(devices);
    await world.during(apiOf(b).groupLeave());
    expect((await apiOf(b).groupShow()).group).toBeNull();
    a.write('later', 'not for b');
    await world.pass(60_000);
    expect([b.read('kept'), b.read('later')]).toEqual(['kept', undefined]);
    expect(await apiOf(b).folderList()).toMatchObject([{ name: 'Shared', path: b.root }]);
    await world.during(world.stop());
  });

  it('while the disk of a folder is away leaves its old marker, and the folder is whole when it is back', async () => {
    const devices = await twoInStep('leaves unplugged');
    const { world, a, b } = devices;
    a.write('kept', 'kept');
    await world.until('b has it', () => b.read('kept') === 'kept');
    await allInStep(devices);
    b.unplug('gone');
    await world.during(apiOf(b).groupLeave());
    b.plugIn();
    await world.until(
      'it is whole',
      async () => (await apiOf(b).status()).folders[0]?.state === 'up-to-date',
    );
    expect([b.read('kept'), a.read('kept')]).toEqual(['kept', 'kept']);
    expect(b.disk.look(joinDisk(b.root, 'kept'))?.kind).toBe('file');
    await world.during(world.stop());
  });
});
