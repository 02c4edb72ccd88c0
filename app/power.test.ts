import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isDischarging, watchPower } from './power.ts';

let place: string;
beforeEach(() => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-power-'));
});
afterEach(() => fs.rmSync(place, { recursive: true, force: true }));

function plug(supply: string, facts: Readonly<Record<string, string>>): void {
  fs.mkdirSync(path.join(place, supply), { recursive: true });
  for (const [name, text] of Object.entries(facts))
    fs.writeFileSync(path.join(place, supply, name), `${text}\n`);
}

test('a machine runs on its battery while that is used up, whatever its mouse does', async () => {
  expect(await isDischarging(path.join(place, 'none'))).toBe(false);
  plug('AC', { type: 'Mains', online: '0' });
  plug('hidpp_battery_0', { type: 'Battery', scope: 'Device', status: 'Discharging' });
  expect(await isDischarging(place)).toBe(false);
  plug('BAT0', { type: 'Battery', status: 'Discharging' });
  expect(await isDischarging(place)).toBe(true);
  plug('BAT0', { status: 'Not charging' });
  expect(await isDischarging(place)).toBe(false);
});

test('the battery is told of when it changes, and waking each time', async () => {
  const monitor = new EventEmitter();
  const told: unknown[] = [];
  const later: (() => void)[] = [];
  let isUsed = true;
  const power = watchPower({
    monitor,
    clock: { now: () => 0, after: (_delayMs, run) => (later.push(run), () => {}) },
    readBattery: () => Promise.resolve(isUsed),
    woke: () => void told.push('woke'),
    changed: (isOnBattery) => void told.push(isOnBattery),
  });
  const looked = async (times: number): Promise<void> => {
    await expect.poll(() => later).toHaveLength(times);
  };
  const lookAgain = async (): Promise<void> => {
    later.at(-1)?.();
    await looked(later.length + 1);
  };
  await looked(1);
  await lookAgain();
  expect(told).toEqual([true]);
  expect(power.isOnBattery()).toBe(true);
  isUsed = false;
  await lookAgain();
  monitor.emit('resume');
  monitor.emit('resume');
  expect(told).toEqual([true, false, 'woke', 'woke']);
  expect(power.isOnBattery()).toBe(false);
});
