import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Limits, ScheduleEntry, Status } from '../../core/engine/engine.ts';
import { type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { admit, inStep, meeting, shareFolder, statusOf, takeFolder } from '../harness/lab-group.ts';

const MiB = 1024 * 1024;
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

async function device(name: string): Promise<RunningDevice> {
  const started = await startDevice({ name });
  onTestFinished(() => started.stop());
  return started;
}

function directory(name: string): string {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), `lockstep-limits-${name}-`));
  onTestFinished(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

test('limits are shown and set, kept over a restart, and nonsense is refused with what and where', async () => {
  const { ask, cli, kill, restart } = await device('studio');
  expect(await ask<Limits>('limits')).toEqual({
    sendBps: null,
    receiveBps: null,
    lanExempt: true,
    schedule: [],
    now: { paused: false, sendBps: null, receiveBps: null, bySchedule: false, until: null },
  });
  await ask('limits', '--up', '500KiB', '--down', '2MB', '--lan', 'limited');
  expect((await cli('limits')).stdout).toBe(
    'Sending: at most 500 KiB/s.\nReceiving: at most 1.9 MiB/s.\nDevices on the same local network are limited too.\n',
  );
  expect((await cli('status')).stdout).toContain(
    'Limited: sending at most 500 KiB/s, receiving at most 1.9 MiB/s.\n',
  );
  await kill('SIGTERM');
  await restart();
  expect(await ask('settings', 'list')).toMatchObject({
    'limits.sendBps': 512_000,
    'limits.receiveBps': 2_000_000,
    'limits.lanExempt': false,
    schedule: 'none',
  });
  for (const [args, says] of [
    [['limits', '--up', 'fast'], '`fast` is no rate'],
    [['limits', '--down', '9999'], 'at least 10000'],
    [['limits', '--lan', 'maybe'], '`exempt` or `limited`'],
    [['settings', 'set', 'limits.sendBps', '5k'], 'no rate for limits.sendBps: 5k'],
    [['settings', 'set', 'schedule', 'mon 08:00-18:00 pause; tue 8-9 pause'], 'makes no sense: 8-9'],
    [['schedule', 'add', 'someday', '08:00-18:00', 'pause'], 'makes no sense: someday'],
    [['schedule', 'add', 'mon', '08:00-18:00', 'limit'], 'A limit has a rate'],
  ] as const) {
    const refused = await cli(...args);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(says)]);
  }
  expect(await ask<Limits>('limits', '--up', 'none', '--down', '0')).toMatchObject({
    sendBps: null,
    receiveBps: null,
  });
});

test('a schedule pauses by the clock of this machine, says so and until when, survives a restart, and can be ended', async () => {
  const { ask, cli, kill, restart } = await device('studio');
  await ask('folder', 'add', directory('work'), '--name', 'Work');
  // Today and tomorrow, so that a midnight during the test changes nothing.
  const today = new Date().getDay();
  const days = `${weekdays[today]},${weekdays[(today + 1) % 7]}`;
  const added = await ask<ScheduleEntry[]>('schedule', 'add', days, '00:00-24:00', 'pause');
  expect(added).toMatchObject([{ from: '00:00', to: '24:00', does: 'pause' }]);
  const paused = async () => {
    const status = await ask<Status>('status');
    expect(status).toMatchObject({ state: 'paused', pausedBy: 'schedule', folders: [{ state: 'paused' }] });
    const end = new Date(status.pausedUntil ?? '');
    expect([end.getHours(), end.getMinutes()]).toEqual([0, 0]);
    expect((await cli('status')).stdout).toMatch(
      /^studio: Paused until \d{4}-\d{2}-\d{2} 00:00 by schedule\.\n/,
    );
  };
  await paused();
  await kill('SIGTERM');
  await restart();
  await paused();
  await ask('schedule', 'add', 'daily', '22:00-06:00', 'limit', '--up', '100k');
  expect((await cli('schedule', 'list')).stdout).toMatch(
    /^1 {2}\S+ 00:00-24:00 pause\n2 {2}daily 22:00-06:00 limit up=100KiB down=none\n$/,
  );
  await ask('resume');
  expect(await ask('status')).toMatchObject({ pausedBy: null, pausedUntil: null });
  expect(await cli('schedule', 'remove', '3')).toMatchObject({ code: 1 });
  expect(await ask('schedule', 'remove', '1')).toMatchObject([{ does: 'limit' }]);
  expect(await ask('schedule', 'clear')).toEqual([]);
});

test.each([
  ['sending', 'desk', '--up'],
  ['receiving', 'screen', '--down'],
] as const)(
  'a transfer of 20 MiB keeps to a rate of %s, an edit passes meanwhile, and without the rate the rest comes',
  async (_says, slow, option) => {
    // At this the whole file takes more than three minutes: the test is over before, on a slow machine too.
    const rate = 100_000;
    const [desk, screen] = [await device('desk'), await device('screen')];
    const [from, to] = [directory('from'), directory('to')];
    fs.writeFileSync(path.join(from, 'large'), randomBytes(20 * MiB));
    await (slow === 'desk' ? desk : screen).ask('limits', option, String(rate), '--lan', 'limited');
    const folderId = await shareFolder(desk, from, 'Work');
    await admit(desk, screen);
    const began = performance.now();
    await takeFolder(screen, folderId, to);
    await meeting(desk, screen);
    const received = async () => (await statusOf(screen)).totals.receivedBytes;
    await waitUntil('it has begun', async () => (await received()) > 0);
    fs.writeFileSync(path.join(from, 'small'), 'an edit');
    await waitUntil('the edit passes', () => fs.existsSync(path.join(to, 'small')));
    await waitUntil('some more', async () => (await received()) > 5 * rate, 60_000);
    // What may have come by then, with half as much again and what was asked for at once.
    const bytes = await received();
    const seconds = (performance.now() - began) / 1000;
    expect(bytes).toBeLessThan(1.5 * rate * seconds + MiB);
    expect(fs.existsSync(path.join(to, 'large'))).toBe(false);
    await (slow === 'desk' ? desk : screen).ask('limits', option, 'none');
    await inStep(desk, screen);
    expect(fs.readFileSync(path.join(to, 'large')).equals(fs.readFileSync(path.join(from, 'large')))).toBe(
      true,
    );
  },
);
