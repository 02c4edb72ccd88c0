import { describe, expect, it } from 'vitest';
import type { WorldMachine } from '../testing/world.ts';
import { allInStep, devicesInStep } from './testing/in-step.ts';

describe('why a path is as it is', () => {
  it('has an answer for paths that are fine, gone, never seen, in the way of a pause, and for the folder', async () => {
    const devices = await devicesInStep('why', ['a', 'b']);
    const { world, folderId } = devices;
    const [a, b] = devices.machines as [WorldMachine, WorldMachine];
    a.write('fine.txt', 'fine');
    a.write('gone.txt', 'gone');
    await world.until('both have both', () => b.read('gone.txt') === 'gone' && b.read('fine.txt') === 'fine');
    b.remove('gone.txt');
    await world.until('gone', () => a.read('gone.txt') === undefined);
    await allInStep(devices);
    const why = (path: string) => a.device().api.why({ path });
    expect(await why('/folder/fine.txt')).toMatchObject({ path: 'fine.txt', state: 'in-step' });
    expect(await why('Shared:gone.txt')).toMatchObject({ state: 'absent', cause: 'It was deleted by b.' });
    expect(await why(`${folderId}:never.txt`)).toMatchObject({ state: 'absent' });
    expect(await why(`${folderId}:`)).toMatchObject({ path: '', state: 'in-step' });
    a.write('fine.txt', 'changed just now');
    expect(await why('/folder/fine.txt')).toMatchObject({ state: 'changed-here' });
    await allInStep(devices);
    const grows = async (): Promise<boolean> => {
      a.write('busy.txt', String(world.clock.now()));
      return (await why('/folder/busy.txt')).reason === 'changing';
    };
    await world.until('it is seen to be written to again and again', grows);
    expect(await why('/folder/busy.txt')).toMatchObject({
      state: 'changed-here',
      cause: 'It keeps being written to.',
    });
    await allInStep(devices);
    expect(await why('/folder/busy.txt')).toMatchObject({ state: 'in-step' });
    a.disk.makeOther(`${a.root}/pipe` as never);
    await world.until('the pipe is seen', async () => (await why('/folder/pipe')).state === 'problem');
    expect(await why('/folder/pipe')).toMatchObject({ cause: 'It is not a file, a directory or a link.' });
    await world.during(a.device().api.folderPause({ folder: folderId }));
    expect(await why('/folder/fine.txt')).toMatchObject({ state: 'paused' });
    await world.during(world.stop());
  });

  it('refuses what is in no folder', async () => {
    const { world, machines } = await devicesInStep('nowhere', ['a']);
    const { api } = (machines[0] as WorldMachine).device();
    for (const path of ['/elsewhere/x', '/folders/x'])
      await expect(api.why({ path })).rejects.toMatchObject({ code: 'not-found' });
    for (const path of ['x', 'Shared:a/../b', '/folder/.lockstep/x'])
      await expect(api.why({ path })).rejects.toMatchObject({ code: 'bad-argument' });
    await world.during(world.stop());
  });
});
