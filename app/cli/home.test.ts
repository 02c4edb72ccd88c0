import { expect, test } from 'vitest';
import { homeDirectory, type Surroundings } from './home.ts';

const linux: Surroundings = {
  platform: 'linux',
  env: {},
  userHome: '/home/anna',
  workingDirectory: '/home/anna/here',
};

test('what was given wins, then the environment, and both may be relative', () => {
  const around = { ...linux, env: { LOCKSTEP_HOME: 'there', XDG_DATA_HOME: '/data' } };
  expect(homeDirectory('mine', around)).toBe('/home/anna/here/mine');
  expect(homeDirectory('/mine', around)).toBe('/mine');
  expect(homeDirectory(undefined, around)).toBe('/home/anna/here/there');
});

test('else it is where the system keeps data', () => {
  expect(homeDirectory(undefined, linux)).toBe('/home/anna/.local/share/lockstep');
  expect(homeDirectory(undefined, { ...linux, env: { LOCKSTEP_HOME: '' } })).toBe(
    '/home/anna/.local/share/lockstep',
  );
  expect(homeDirectory(undefined, { ...linux, env: { XDG_DATA_HOME: '/data' } })).toBe('/data/lockstep');
  expect(homeDirectory(undefined, { ...linux, env: { XDG_DATA_HOME: 'relative' } })).toBe(
    '/home/anna/.local/share/lockstep',
  );
  expect(homeDirectory(undefined, { ...linux, platform: 'darwin' })).toBe(
    '/home/anna/Library/Application Support/Lockstep',
  );
  expect(homeDirectory(undefined, { ...linux, platform: 'win32', env: { APPDATA: '/appdata' } })).toBe(
    '/appdata/Lockstep',
  );
});
