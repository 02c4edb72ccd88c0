import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { commandOf } from './conflict-world.ts';
import { launchApp } from './launch-app.ts';
import { openSleepHost } from './sleep-host.ts';

test.skip(process.platform !== 'linux', 'the machine’s sleep is played over the bus');

test('when the machine wakes, what no watch could tell of is found at once', async () => {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-power-'));
  const folder = path.join(place, 'Work');
  const outside = path.join(place, 'outside');
  fs.mkdirSync(path.join(folder, 'quiet'), { recursive: true });
  fs.writeFileSync(outside, 'one');
  // What is written by its other name, no watch of the folder hears of.
  fs.linkSync(outside, path.join(folder, 'quiet', 'linked.txt'));
  const machine = await openSleepHost();
  const app = await launchApp({ hidden: true, env: machine.env });
  try {
    const { ask } = await commandOf(app);
    const bytes = async (): Promise<number | undefined> =>
      (await ask<{ folders: readonly { bytes: number }[] }>('status')).folders[0]?.bytes;
    await ask('folder', 'add', folder);
    await expect.poll(bytes).toBe(3);
    fs.writeFileSync(outside, 'one, two');
    fs.writeFileSync(path.join(folder, 'heard.txt'), '-');
    await expect.poll(bytes).toBe(4);
    machine.sleepAndWake();
    await expect.poll(bytes).toBe(9);
  } finally {
    // A sleep cuts Playwright off from all of the program but its main process, which it then does not end.
    const ended = new Promise((resolve) => app.electron.process().once('exit', resolve));
    await app.electron.evaluate(({ app: program }) => program.quit());
    await ended;
    await app.close();
    machine.close();
    fs.rmSync(place, { recursive: true, force: true });
  }
});
