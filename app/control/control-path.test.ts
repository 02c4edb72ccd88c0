import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { controlPaths, type Machine, prepareControlPath } from './control-path.ts';

const linux: Machine = { platform: 'linux', runtimeDirectories: ['/run/user/7', '/tmp'] };

function directory(...names: readonly string[]): string {
  const top = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-')));
  onTestFinished(() => fs.rmSync(top, { recursive: true, force: true }));
  const inner = path.join(top, ...names);
  fs.mkdirSync(inner, { recursive: true });
  return inner;
}

test('a short home holds its own socket', () => {
  const home = directory();
  expect(controlPaths(home, linux)).toEqual([`${home}/control.sock`]);
});

test('a long one has it in a run-time directory, at most a hundred bytes long', () => {
  const home = directory('x'.repeat(100));
  const [first = '', second = ''] = controlPaths(home, linux);
  expect(first).toMatch(/^\/run\/user\/7\/lockstep-[0-9a-f]{16}\/control\.sock$/);
  expect(second).toMatch(/^\/tmp\/lockstep-[0-9a-f]{16}\/control\.sock$/);
  expect(controlPaths(home, { ...linux, runtimeDirectories: [`/${'r'.repeat(90)}`, '/tmp'] })).toEqual([
    second,
  ]);
});

test('the limit counts bytes: a hundred still fit', () => {
  const prefix = `${directory()}/`;
  const home = (length: number): string => prefix + 'ü'.repeat(10) + 'x'.repeat(length - prefix.length - 20);
  const [fits = ''] = controlPaths(home(100 - '/control.sock'.length), linux);
  expect(Buffer.byteLength(fits)).toBe(100);
  expect(fits).toContain('ü');
  expect(controlPaths(home(101 - '/control.sock'.length), linux)[0]).toMatch(/^\/run\/user\/7/);
});

test('the same home has the same place however it is spelled', () => {
  const home = directory('x'.repeat(100));
  const link = path.join(directory(), 'link');
  fs.symlinkSync(home, link);
  expect(controlPaths(link, linux)).toEqual(controlPaths(home, linux));
  expect(controlPaths(`${home}/../${path.basename(home)}`, linux)).toEqual(controlPaths(home, linux));
});

test('Windows has pipes', () => {
  expect(controlPaths(directory(), { ...linux, platform: 'win32' })).toEqual([
    expect.stringMatching(/^\\\\\.\\pipe\\lockstep-[0-9a-f]{16}$/),
  ]);
});

test('a directory of its own is for the owner only, and one that others can use is refused', () => {
  const home = directory();
  const place = path.join(directory(), 'lockstep-1', 'control.sock');
  prepareControlPath(place, home);
  expect(fs.statSync(path.dirname(place)).mode & 0o777).toBe(0o700);
  prepareControlPath(place, home);
  fs.chmodSync(path.dirname(place), 0o770);
  expect(() => prepareControlPath(place, home)).toThrow(expect.objectContaining({ code: 'home-unusable' }));
});

test('a link in its place is refused', () => {
  const top = directory();
  fs.mkdirSync(path.join(top, 'elsewhere'), { mode: 0o700 });
  fs.symlinkSync(path.join(top, 'elsewhere'), path.join(top, 'lockstep-1'));
  expect(() => prepareControlPath(path.join(top, 'lockstep-1', 'control.sock'), directory())).toThrow(
    expect.objectContaining({ code: 'home-unusable' }),
  );
});
