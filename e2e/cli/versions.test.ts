import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type {
  ActivityItem,
  ConflictListing,
  HistoryVersion,
  RestoreResult,
} from '../../core/engine/engine.ts';
import { contentOf, waitUntil } from '../harness/harness.ts';
import { comesTo, inStep, type Member, shareAmong, startMembers } from '../harness/lab-group.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const contentIn = ({ folder }: Member): Readonly<Record<string, string>> => contentOf(folder);

/** Two members that show the same; `save` writes on one and waits until both have it. */
async function two() {
  const [desk, lap] = await startMembers('desk', 'lap');
  await shareAmong([desk, lap], 'Work');
  const save = async ({ folder }: Member, name: string, text: string): Promise<void> => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
    for (const each of [desk, lap])
      await comesTo(`${name} on ${each.device.name}`, () => textOf(path.join(each.folder, name)), text);
    await inStep(desk.device, lap.device);
  };
  return { desk, lap, save };
}

const textOf = (place: string): string | undefined =>
  fs.existsSync(place) ? fs.readFileSync(place, 'utf8') : undefined;

test('versions of a file are listed and brought back, from another device if need be, and that is taken back', async () => {
  const { desk, lap, save } = await two();
  for (const text of ['first', 'second', 'third']) await save(desk, 'd/file.txt', text);
  const file = path.join(lap.folder, 'd', 'file.txt');
  const versions = await lap.device.ask<HistoryVersion[]>('history', file);
  const deskKey = desk.device.ready().deviceKey;
  expect(versions.filter(({ current }) => !current)).toMatchObject(
    ['second', 'first'].map((text) => ({
      version: expect.any(String),
      device: deskKey,
      replacedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      size: text.length,
      hash: hashOf(text),
      reason: 'replaced',
      here: true,
      holders: [],
    })),
  );
  // Its author kept none of them: they come from the other device.
  const [second] = (await desk.device.ask<HistoryVersion[]>('history', 'Work:d/file.txt')).filter(
    ({ hash }) => hash === hashOf('second'),
  );
  expect(second).toMatchObject({ here: false, holders: [lap.device.ready().deviceKey] });
  expect((await desk.device.cli('history', 'Work:d/file.txt')).stdout).toContain('on 1 other device');

  const wish = ['restore', 'Work:d/file.txt', '--version', second?.version ?? ''];
  expect(await desk.device.ask('restore', ...wish.slice(1), '--dry-run')).toEqual({
    restored: 1,
    fetched: 1,
    missing: [],
    undoId: null,
  });
  expect(textOf(file)).toBe('third');
  const done = await desk.device.ask<RestoreResult>('restore', ...wish.slice(1));
  expect(done).toEqual({ restored: 1, fetched: 1, missing: [], undoId: expect.any(String) });
  for (const { folder } of [desk, lap])
    await comesTo('the second', () => textOf(path.join(folder, 'd', 'file.txt')), 'second');
  expect(await desk.device.ask('undo')).toMatchObject({ undone: done.undoId });
  for (const { folder } of [desk, lap])
    await comesTo('the third', () => textOf(path.join(folder, 'd', 'file.txt')), 'third');

  const aside = path.join(desk.folder, 'aside.txt');
  await desk.device.ask(...(wish as [string]), '--to', aside);
  await comesTo('beside', () => textOf(path.join(lap.folder, 'aside.txt')), 'second');
  const occupied = await desk.device.cli(...wish, '--to', aside, '--json');
  expect(occupied).toMatchObject({ code: 1, json: { error: { code: 'already-exists' } } });
  expect((await desk.device.cli('restore', 'Work:d/file.txt')).code).toBe(2);
});

test('a directory, gone or not, and a whole folder come back as they were at a moment', async () => {
  const { desk, lap, save } = await two();
  await save(desk, 'd/stays.txt', 'as it was');
  await save(desk, 'd/goes.txt', 'as it was too');
  const moment = new Date().toISOString();
  const before = contentIn(lap);
  await save(lap, 'd/stays.txt', 'changed');
  await save(lap, 'late.txt', 'made later');
  fs.rmSync(path.join(desk.folder, 'd'), { recursive: true });
  await comesTo('gone', () => Object.keys(contentIn(lap)), ['late.txt']);
  await inStep(desk.device, lap.device);

  const gone = path.join(lap.folder, 'd');
  const copy = path.join(lap.folder, 'copy');
  await lap.device.ask('restore', gone, '--at', moment, '--to', copy);
  await comesTo(
    'a copy of the directory',
    () => textOf(path.join(desk.folder, 'copy', 'stays.txt')),
    'as it was',
  );
  const done = await lap.device.ask<RestoreResult>('restore', 'Work:', '--at', moment);
  expect(done).toMatchObject({ missing: [], undoId: expect.any(String) });
  for (const each of [desk, lap]) await comesTo('as it was', () => contentIn(each), before);
  const [latest] = await lap.device.ask<ActivityItem[]>('activity', '--folder', 'Work', '--limit', '1');
  expect(latest).toMatchObject({
    id: done.undoId,
    kind: 'restored',
    path: '',
    device: lap.device.ready().deviceKey,
    undoable: true,
  });
  const [next] = await lap.device.ask<ActivityItem[]>(
    'activity',
    '--limit',
    '1',
    '--after',
    latest?.id ?? '',
  );
  expect(next?.id).not.toBe(latest?.id);
  await lap.device.ask('undo', done.undoId ?? '');
  await comesTo('as it is', () => textOf(path.join(desk.folder, 'late.txt')), 'made later');
});

test('a conflict is listed; to keep both makes two files everywhere, and taking that back a conflict again', async () => {
  const { desk, lap, save } = await two();
  await save(desk, 'letter.txt', 'as it was');
  for (const { device } of [desk, lap]) await device.ask('folder', 'pause', 'Work');
  for (const { device, folder } of [desk, lap])
    fs.writeFileSync(path.join(folder, 'letter.txt'), `by ${device.name}`);
  for (const { device } of [desk, lap]) await device.ask('folder', 'resume', 'Work');
  const [conflict] = await waitUntil('a conflict', async () => {
    const open = await lap.device.ask<ConflictListing[]>('conflict', 'list');
    return open.length > 0 && open;
  });
  expect(conflict).toMatchObject({ path: 'letter.txt', versions: [{ winner: true }, { winner: false }] });
  for (const version of conflict?.versions ?? [])
    expect(version).toMatchObject({
      version: expect.any(String),
      device: expect.any(String),
      changedAt: expect.stringMatching(/Z$/),
      size: 'by desk'.length - (version.hash === hashOf('by lap') ? 1 : 0),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      kind: 'file',
    });
  const letter = path.join(lap.folder, 'letter.txt');
  expect(await lap.device.ask('why', letter)).toMatchObject({
    path: 'letter.txt',
    state: 'conflict',
    cause: expect.stringContaining('did not know of each other'),
    action: expect.stringContaining('Choose a version'),
  });
  const id = conflict?.id ?? '';
  expect((await lap.device.cli('conflict', 'resolve', id)).code).toBe(2);
  const wrong = await lap.device.cli('conflict', 'resolve', id, '--keep', 'abcdefabcdef', '--json');
  expect(wrong).toMatchObject({ code: 1, json: { error: { code: 'not-found' } } });

  const done = await lap.device.ask<{ undoId: string }>('conflict', 'resolve', id, '--keep-both');
  expect(done).toMatchObject({ undoId: expect.any(String), keptBoth: true });
  const [shown, other] =
    conflict?.versions.map(({ hash }) => (hash === hashOf('by lap') ? 'lap' : 'desk')) ?? [];
  const both = { 'letter.txt': hashOf(`by ${shown}`), [`letter (from ${other}).txt`]: hashOf(`by ${other}`) };
  const hashesIn = ({ folder }: Member) =>
    Object.fromEntries(
      fs
        .readdirSync(folder)
        .filter((name) => name !== '.lockstep')
        .map((name) => [name, hashOf(fs.readFileSync(path.join(folder, name), 'utf8'))]),
    );
  for (const each of [desk, lap]) {
    await comesTo('two files', () => hashesIn(each), both);
    await waitUntil(
      'settled',
      async () => (await each.device.ask<unknown[]>('conflict', 'list')).length === 0,
    );
  }
  await inStep(desk.device, lap.device);
  await lap.device.ask('undo', done.undoId);
  await waitUntil(
    'a conflict again',
    async () => (await desk.device.ask<unknown[]>('conflict', 'list')).length === 1,
  );
});
