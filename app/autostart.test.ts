import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { desktopAutostart, loginItemAutostart } from './autostart.ts';

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-autostart-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

test('on Linux a desktop entry comes and goes', () => {
  const autostart = desktopAutostart({
    configDirectory: directory,
    command: ['/opt/Lock step/lockstep', '--hidden', '--data=/home/ana/50%'],
  });
  const file = path.join(directory, 'autostart', 'lockstep.desktop');
  expect(autostart.isOn()).toBe(false);
  autostart.set(true);
  expect(autostart.isOn()).toBe(true);
  expect(fs.readFileSync(file, 'utf8')).toContain(
    'Exec="/opt/Lock step/lockstep" --hidden "--data=/home/ana/50%%"\n',
  );
  autostart.set(false);
  expect(fs.existsSync(file)).toBe(false);
  autostart.set(false);
});

test('elsewhere the system’s own list is asked and told, with what starts it hidden', () => {
  const told: unknown[] = [];
  let isListed = false;
  const autostart = loginItemAutostart(
    {
      getLoginItemSettings: () => ({ openAtLogin: isListed }),
      setLoginItemSettings(settings) {
        isListed = settings.openAtLogin;
        told.push(settings);
      },
    },
    ['--hidden'],
  );
  expect(autostart.isOn()).toBe(false);
  autostart.set(true);
  expect(autostart.isOn()).toBe(true);
  expect(told).toEqual([{ openAtLogin: true, args: ['--hidden'] }]);
});
