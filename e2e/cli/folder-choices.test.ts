import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { FolderListing } from '../../core/engine/engine.ts';
import { contentOf, waitUntil } from '../harness/harness.ts';
import { comesTo, inStep, type Member, shareAmong, startMembers, statusOf } from '../harness/lab-group.ts';

const textOf = ({ folder }: Member, name: string): string | undefined => {
  const place = path.join(folder, name);
  return fs.existsSync(place) ? fs.readFileSync(place, 'utf8') : undefined;
};
const put = ({ folder }: Member, name: string, text: string): void => {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
};

/** Two members in step; the files are made on the first. */
async function two(files: Readonly<Record<string, string>>) {
  const [desk, lap] = await startMembers('desk', 'lap');
  for (const [name, text] of Object.entries(files)) put(desk, name, text);
  await shareAmong([desk, lap], 'Work');
  return { desk, lap };
}

test('a rule leaves out what it fits on both, deletes nothing, and what is left out comes back into step without it', async () => {
  const { desk, lap } = await two({ 'build/out': 'made', 'kept.txt': 'kept' });
  expect(await desk.device.ask('ignore', 'list', 'Work')).toEqual([]);
  expect(await desk.device.ask('ignore', 'add', 'Work', 'build/')).toEqual([{ pattern: 'build/', line: 1 }]);
  await comesTo('the rule', () => textOf(lap, '.lockstepignore'), 'build/\n');
  await inStep(desk.device, lap.device);
  expect(await lap.device.ask('ignore', 'test', path.join(lap.folder, 'build', 'out'))).toEqual({
    ignored: true,
    rule: 'build/',
  });
  expect(await lap.device.ask('ignore', 'test', 'Work:kept.txt')).toEqual({ ignored: false, rule: null });
  fs.rmSync(path.join(desk.folder, 'build'), { recursive: true });
  put(lap, 'build/new', 'left out');
  put(lap, 'kept.txt', 'kept, and changed');
  await comesTo('what is kept', () => textOf(desk, 'kept.txt'), 'kept, and changed');
  await inStep(desk.device, lap.device);
  expect([textOf(lap, 'build/out'), textOf(desk, 'build/new')]).toEqual(['made', undefined]);
  expect(await lap.device.ask('why', path.join(lap.folder, 'build', 'new'))).toMatchObject({
    path: 'build/new',
    state: 'not-kept',
    cause: expect.stringContaining('ignore rules'),
    action: expect.any(String),
  });
  expect(await lap.device.ask('ignore', 'remove', 'Work', 'build/')).toEqual([]);
  await comesTo('what was left out', () => textOf(desk, 'build/new'), 'left out');
  await comesTo('what one side deleted meanwhile', () => textOf(desk, 'build/out'), 'made');
  const unknown = await desk.device.cli('ignore', 'remove', 'Work', 'none', '--json');
  expect(unknown).toMatchObject({ code: 1, json: { error: { code: 'not-found' } } });
});

test('a device keeps the top directories that were chosen, and all of them again', async () => {
  const { desk, lap } = await two({ 'music/song': 'la', 'work/plan': 'plan', top: 'top' });
  const set = await lap.device.ask<FolderListing>('folder', 'set', 'Work', '--select', 'work');
  expect(set).toMatchObject({ name: 'Work', path: lap.folder, mode: 'both', selection: ['work'] });
  fs.rmSync(path.join(lap.folder, 'music'), { recursive: true });
  put(desk, 'music/song', 'la la');
  put(desk, 'work/plan', 'a better plan');
  await comesTo('the chosen one', () => textOf(lap, 'work/plan'), 'a better plan');
  await inStep(desk.device, lap.device);
  expect([textOf(desk, 'music/song'), textOf(lap, 'music/song')]).toEqual(['la la', undefined]);
  expect(await lap.device.ask('why', 'Work:music/song')).toMatchObject({ state: 'not-kept' });
  await lap.device.ask('folder', 'set', 'Work', '--select-all');
  await comesTo('all', () => textOf(lap, 'music/song'), 'la la');
  await inStep(desk.device, lap.device);
});

test('a folder that only receives keeps its changes, and each can be taken or put back', async () => {
  const { desk, lap } = await two({ one: 'one', two: 'two', three: 'three' });
  for (const verb of ['accept', 'revert'])
    expect(await lap.device.cli('folder', verb, 'Work', '--json')).toMatchObject({
      code: 1,
      json: { error: { code: 'not-allowed' } },
    });
  expect(await lap.device.ask('folder', 'set', 'Work', '--mode', 'receive')).toMatchObject({
    mode: 'receive',
  });
  for (const name of ['one', 'two', 'three']) put(lap, name, `${name}, changed`);
  await waitUntil(
    'all are listed',
    async () => (await statusOf(lap.device)).folders[0]?.problems.length === 3,
  );
  const { folders, state } = await statusOf(lap.device);
  expect({ state, folder: folders[0] }).toMatchObject({
    state: 'attention',
    folder: {
      state: 'attention',
      problems: ['one', 'three', 'two'].map((at) => ({
        path: at,
        kind: 'local-change',
        cause: expect.stringContaining('only receives'),
        action: expect.stringContaining('revert'),
      })),
    },
  });
  put(desk, 'new', 'what still comes');
  await comesTo('what still comes', () => textOf(lap, 'new'), 'what still comes');
  expect(['one', 'two', 'three'].map((name) => textOf(desk, name))).toEqual(['one', 'two', 'three']);

  expect(await lap.device.ask('folder', 'accept', 'Work', path.join(lap.folder, 'one'))).toEqual({
    paths: 1,
  });
  await comesTo('the accepted one', () => textOf(desk, 'one'), 'one, changed');
  expect(await lap.device.ask('folder', 'revert', 'Work', 'Work:two')).toEqual({ paths: 1 });
  await comesTo('the reverted one', () => textOf(lap, 'two'), 'two');
  expect([textOf(desk, 'three'), textOf(lap, 'three')]).toEqual(['three', 'three, changed']);
  expect(await lap.device.ask('folder', 'revert', 'Work')).toEqual({ paths: 1 });
  await inStep(desk.device, lap.device);
  expect(textOf(lap, 'three')).toBe('three');
  expect((await lap.device.cli('history', path.join(lap.folder, 'three'))).stdout).toContain('here');
});

test('a folder that only sends stays as it is, and what others did is overruled or taken', async () => {
  const { desk, lap } = await two({ one: 'one', two: 'two' });
  await desk.device.ask('folder', 'set', 'Work', '--mode', 'send');
  for (const name of ['one', 'two']) put(lap, name, `${name}, changed`);
  await waitUntil('both are listed', async () => {
    const [folder] = (await statusOf(desk.device)).folders;
    return folder?.problems.length === 2 && folder.problems.every(({ kind }) => kind === 'not-taken');
  });
  expect(await desk.device.ask('folder', 'revert', 'Work', path.join(desk.folder, 'one'))).toEqual({
    paths: 1,
  });
  await comesTo('the one taken', () => textOf(desk, 'one'), 'one, changed');
  expect(await desk.device.ask('folder', 'accept', 'Work')).toEqual({ paths: 1 });
  await comesTo('the one overruled', () => textOf(lap, 'two'), 'two');
  await inStep(desk.device, lap.device);
});

test('a folder whose directory was moved while it was paused goes on where it is now, and nowhere else', async () => {
  const { desk, lap } = await two({ 'd/file': 'first', stays: 'stays' });
  await lap.device.ask('folder', 'pause', 'Work');
  const place = `${lap.folder}-moved`;
  fs.renameSync(lap.folder, place);
  fs.writeFileSync(path.join(place, 'd', 'file'), 'changed while it was moved');
  put(desk, 'new', 'made meanwhile');
  await lap.device.ask('folder', 'resume', 'Work');
  await waitUntil('it is missed', async () => (await statusOf(lap.device)).folders[0]?.state === 'error');
  const empty = `${lap.folder}-empty`;
  fs.mkdirSync(empty);
  for (const [wrong, code] of [
    [empty, 'not-found'],
    [`${lap.folder}-nowhere`, 'directory-missing'],
  ] as const)
    expect(await lap.device.cli('folder', 'move', 'Work', wrong, '--json')).toMatchObject({
      code: 1,
      json: { error: { code } },
    });
  expect(fs.readdirSync(empty)).toEqual([]);
  expect(await lap.device.ask('folder', 'move', 'Work', place)).toMatchObject({ name: 'Work', path: place });
  await comesTo('what was changed', () => textOf(desk, 'd/file'), 'changed while it was moved');
  await inStep(desk.device, lap.device);
  expect(contentOf(place)).toEqual(contentOf(desk.folder));
  expect(Object.keys(contentOf(desk.folder))).toEqual(['d', 'd/file', 'new', 'stays']);
  expect(await lap.device.ask('folder', 'rescan', 'Work')).toMatchObject({ path: place });
});

test('files found gone at a start are asked about before others hear of it, and both answers hold', async () => {
  const files = Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`d/${i}.txt`, `text ${i}`]));
  const { desk, lap } = await two(files);
  const held = (member: Member): number =>
    Object.keys(files).filter((name) => textOf(member, name) !== undefined).length;
  const loseAll = async (): Promise<{ readonly id: string; readonly sentence: string }> => {
    await lap.device.kill('SIGTERM');
    fs.rmSync(path.join(lap.folder, 'd'), { recursive: true });
    await lap.device.restart();
    const [question] = await waitUntil('it is asked', async () => {
      const open = await lap.device.ask<{ id: string; sentence: string }[]>('questions');
      return open.length > 0 && open;
    });
    expect(question).toMatchObject({
      id: expect.any(String),
      kind: 'mass-change',
      folderId: expect.any(String),
      device: lap.device.ready().deviceKey,
      since: expect.stringMatching(/Z$/),
      counts: { removed: 130, replaced: 0 },
      sentence: expect.stringContaining('130 files are gone from Work'),
      answers: ['apply', 'undo', 'later'],
    });
    return question as { id: string; sentence: string };
  };
  const first = await loseAll();
  expect((await lap.device.cli('wait', '--timeout', '60')).code).toBe(5);
  expect(held(desk)).toBe(130);
  await lap.device.ask('answer', first.id, 'undo');
  await comesTo('all back', () => held(lap), 130);
  await inStep(desk.device, lap.device);

  const second = await loseAll();
  await lap.device.ask('answer', second.id, 'apply');
  // The other device is asked in its turn.
  const [theirs] = await waitUntil('the other asks', async () => {
    const open = await desk.device.ask<{ id: string; device: string }[]>('questions');
    return open.length > 0 && open;
  });
  expect(theirs?.device).toBe(lap.device.ready().deviceKey);
  await desk.device.ask('answer', theirs?.id ?? '', 'apply');
  await comesTo('all gone', () => held(desk), 0);
});
