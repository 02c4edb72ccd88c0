import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSettingsFile } from './app-settings.ts';

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-app-settings-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

const first = {
  theme: 'system',
  language: 'system',
  notifications: true,
  isSetUp: false,
  isWayBackTold: false,
  stuck: { toldAt: 0, paths: [] },
};

test('what is changed is there at the next start', () => {
  expect(openSettingsFile(directory).current()).toEqual(first);
  openSettingsFile(directory).change({ theme: 'dark', isSetUp: true });
  expect(openSettingsFile(directory).current()).toEqual({ ...first, theme: 'dark', isSetUp: true });
});

test.each(['', 'null', '[1]', '{"theme":"pink","language":"fr","notifications":7}'])(
  'a file with %s is no obstacle',
  (text) => {
    fs.writeFileSync(path.join(directory, 'app.json'), text);
    expect(openSettingsFile(directory).current()).toEqual(first);
  },
);
