import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { contentOf, type RunningDevice, waitUntil } from '../harness/harness.ts';
import { createLab, type Lab, type LabHost } from '../harness/lab.ts';
import {
  admit,
  comesTo,
  describeInLab,
  inStep,
  meeting,
  shareFolder,
  startOn,
  statusOf,
  takeFolder,
} from '../harness/lab-group.ts';
import { createByteTable } from './byte-table.ts';

describeInLab('a network that comes and goes', () => {
  let lab: Lab | undefined;
  const devices: RunningDevice[] = [];

  afterEach(async () => {
    await Promise.allSettled(devices.splice(0).map((device) => device.stop()));
    lab?.destroy();
  });

  test('a pulled plug, a silent network and a new address are noticed and overcome', async () => {
    lab = createLab(['left', 'right']);
    const [left, right] = lab.hosts as readonly [LabHost, LabHost];
    const folderOf = (host: LabHost): string => path.join(host.directory, 'folder');
    const written: string[] = [];
    const write = (host: LabHost, name: string): void => {
      fs.writeFileSync(path.join(folderOf(host), name), `${name}\n`);
      written.push(name);
      written.sort();
    };
    const equal = async (): Promise<void> => {
      for (const host of [left, right])
        await comesTo(
          `${host.name} holds all`,
          () => Object.keys(contentOf(folderOf(host))),
          written,
          90_000,
        );
      expect(contentOf(folderOf(left))).toEqual(contentOf(folderOf(right)));
    };
    for (const host of lab.hosts) {
      fs.mkdirSync(folderOf(host));
      write(host, `first of ${host.name}`);
      devices.push(await startOn(host));
    }
    const [atLeft, atRight] = devices as [RunningDevice, RunningDevice];
    const apart = async (): Promise<void> => {
      for (const device of devices)
        await waitUntil(
          `${device.name} knows it is alone`,
          async () => (await statusOf(device)).state === 'offline',
          60_000,
        );
    };
    const folder = await shareFolder(atLeft, folderOf(left), 'shared');
    await admit(atLeft, atRight);
    await takeFolder(atRight, folder, folderOf(right));
    await equal();
    await inStep(atLeft, atRight);

    right.cut();
    await apart();
    write(left, 'left while unplugged');
    write(right, 'right while unplugged');
    right.heal();
    await meeting(atLeft, atRight);
    await equal();

    lab.part(['left', 'right']);
    await apart();
    write(left, 'left while silent');
    write(right, 'right while silent');
    lab.part();
    await meeting(atLeft, atRight);
    await equal();

    /** The address at which a device is connected with the other; not the port, which each connection has anew. */
    const hostOf = async (device: RunningDevice): Promise<string | undefined> =>
      (await statusOf(device)).peers.find(({ state }) => state === 'connected')?.address?.split('/')[2];
    const before = [await hostOf(atLeft), await hostOf(atRight)];
    const table = createByteTable(lab);
    const { sentBytes } = await table.during('nothing changed, new addresses', async () => {
      left.renumber();
      right.renumber();
      // They may be together again before anybody looks; where they are tells it.
      for (const [i, device] of [atLeft, atRight].entries())
        await waitUntil(
          `${device.name} is connected at a new address`,
          async () => ![undefined, before[i]].includes(await hostOf(device)),
          120_000,
        );
      await meeting(atLeft, atRight);
      await inStep(atLeft, atRight);
    });
    console.log(table.print());
    expect(sentBytes).toBeLessThan(100_000);
    await equal();
  });
});
