import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startDevice } from '../../core/engine/engine.ts';
import { connectControl } from '../control/client.ts';
import type { Audience, Picture, PortReply, PortRequest } from '../ipc/contract.ts';
import { type Host, startHost } from './host.ts';
import { nodePort, type Port } from './port.ts';

/** The window's end of a port, as a test uses it. */
interface Window {
  readonly port: Port;
  /** Sends anything at all. */
  say(message: unknown): void;
  /** Asks, and resolves to the answer. */
  ask(method: string, params?: unknown): Promise<PortReply>;
  /** Resolves to the first picture, newest first, that is as wanted. */
  see(what: (picture: Picture) => boolean): Promise<Picture>;
}

let place: string;
let host: Host;
/** Recovery words that came to main. */
let wordsTold: string[];

beforeEach(async () => {
  wordsTold = [];
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-host-'));
  host = await startHost({
    startDevice,
    recoveryWords: (words) => void wordsTold.push(words),
    options: {
      home: path.join(place, 'home'),
      name: 'Laptop',
      listen: ['/ip4/127.0.0.1/tcp/0'],
      discovery: false,
    },
  });
});
afterEach(async () => {
  await host.stop();
  fs.rmSync(place, { recursive: true, force: true });
});

function openWindow(audience: Audience = 'window'): Window {
  const { port1, port2 } = new MessageChannel();
  const port = nodePort(port1);
  const replies: PortReply[] = [];
  let looks: (() => void)[] = [];
  let lastId = 0;
  port.onMessage((message) => {
    replies.push(message as PortReply);
    for (const look of looks) look();
  });
  const when = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        looks = looks.filter((other) => other !== look);
        resolve(found);
      };
      looks.push(look);
      look();
    });
  host.attach(nodePort(port2), audience);
  return {
    port,
    say: (message) => port.send(message),
    ask(method, params) {
      lastId += 1;
      const id = lastId;
      port.send({ kind: 'ask', id, method, params } satisfies PortRequest);
      return when(() => replies.find((reply) => reply.kind !== 'picture' && reply.id === id));
    },
    async see(what) {
      const reply = await when(() =>
        replies.findLast((each) => each.kind === 'picture' && what(each.picture)),
      );
      if (reply.kind !== 'picture') throw new Error('only pictures are looked for');
      return reply.picture;
    },
  };
}

const place1 = '7d9a4f0e-51c4-4c0b-9e36-0f8a9f7a2c11';

test('every window gets a picture at once and after a change', async () => {
  const [one, two] = [openWindow(), openWindow()];
  for (const window of [one, two]) {
    const picture = await window.see(() => true);
    expect(picture.status.sentence).toBe('No other devices yet.');
    expect(picture.devices.map(({ name, state }) => [name, state])).toEqual([['Laptop', 'self']]);
  }
  await one.ask('pause', { span: 'open' });
  await two.see(({ status }) => status.state === 'paused');
  await two.ask('resume');
  await one.see(({ status }) => status.state !== 'paused');
});

test('a directory a person chose becomes a folder, once, and only by its token', async () => {
  const photos = path.join(place, 'Photos');
  fs.mkdirSync(photos);
  const window = openWindow();
  expect(await window.ask('folderAdd', { path: photos })).toMatchObject({
    kind: 'error',
    error: { code: 'bad-argument' },
  });
  expect(await window.ask('folderAdd', { place: place1 })).toMatchObject({
    kind: 'error',
    error: { code: 'not-found' },
  });
  host.keepPlace(place1, photos);
  expect(await window.ask('folderAdd', { place: place1 })).toMatchObject({ kind: 'result' });
  const picture = await window.see(({ folders }) => folders.length === 1);
  expect(picture.folders[0]?.path).toBe(photos);
  expect(await window.ask('folderAdd', { place: place1 })).toMatchObject({
    kind: 'error',
    error: { code: 'not-found' },
  });
});

test('recovery words come to main and to no window; what takes devices out only main may ask', async () => {
  const [window, main] = [openWindow(), openWindow('main')];
  const invited = await window.ask('deviceInvite');
  expect(invited).toMatchObject({ kind: 'result', result: { invitation: expect.any(String) } });
  expect(JSON.stringify(invited)).not.toContain('recoveryCode');
  expect(wordsTold.map((words) => words.split(' ').length)).toEqual([12]);
  expect(JSON.stringify(invited)).not.toContain(wordsTold[0]);
  for (const [method, params] of [
    ['deviceRemove', { devices: ['A'] }],
    ['recover', { code: wordsTold[0] }],
    ['groupLeave', undefined],
  ] as const)
    expect(await window.ask(method, params)).toMatchObject({ error: { code: 'bad-argument' } });
  expect((await main.see(({ group }) => group.group !== null)).group.recovery).toBe(true);
  expect(await main.ask('deviceRemove', { devices: ['A'] })).toMatchObject({ error: { code: 'not-found' } });
  expect(await main.ask('groupLeave')).toMatchObject({ kind: 'result' });
});

test.each([
  ['groupLeave', undefined],
  ['deviceConnect', { device: 'A', address: '/ip4/1.2.3.4/tcp/5' }],
  ['constructor', undefined],
  ['onEvent', undefined],
  ['pause', { span: 'for ever' }],
  ['pause', { until: '2030-01-01T00:00:00.000Z' }],
  ['folderRemove', { folder: 7 }],
  ['history', { path: '/etc/passwd' }],
  ['browse', { path: 'C:\\Users' }],
  ['versionRead', { path: '/home/ana/.ssh/id_ed25519', version: 'v' }],
  ['restore', { path: `${'0'.repeat(32)}:a`, version: 'v', to: '/etc/cron.d/a' }],
  ['why', { path: 'Photos:a' }],
  ['deviceInvite', { admit: 'ask', recovery: true, more: 1 }],
])('%s with %j is refused by its form', async (method, params) => {
  expect(await openWindow().ask(method, params)).toMatchObject({
    kind: 'error',
    error: { code: 'bad-argument' },
  });
});

test('what is no request is dropped, and the next request is answered', async () => {
  const window = openWindow();
  for (const nonsense of [
    'x',
    null,
    7,
    [],
    { kind: 'ask' },
    { kind: 'ask', id: -1, method: 'id' },
    { kind: 'other', id: 1 },
  ])
    window.say(nonsense);
  expect(await window.ask('id')).toMatchObject({ kind: 'result', result: { name: 'Laptop' } });
});

test('a window that waits can cancel, and is told so', async () => {
  const gone = await startDevice({
    home: path.join(place, 'other'),
    discovery: false,
    listen: ['/ip4/127.0.0.1/tcp/0'],
  });
  const { invitation } = await gone.api.deviceInvite({ admit: 'ask', recovery: false });
  await gone.stop();
  const window = openWindow();
  const answer = window.ask('deviceJoin', { invitation });
  window.say({ kind: 'cancel', id: 1 });
  expect(await answer).toMatchObject({ kind: 'error', error: { code: 'interrupted' } });
});

test('the command reaches the same device through the home', async () => {
  const control = await connectControl(path.join(place, 'home'));
  const { name } = await control.call('id');
  control.close();
  expect(name).toBe('Laptop');
});

test('stopping twice is stopping once, and the home can be used again', async () => {
  await Promise.all([host.stop(), host.stop()]);
  const again = await startDevice({
    home: path.join(place, 'home'),
    discovery: false,
    listen: ['/ip4/127.0.0.1/tcp/0'],
  });
  expect(again.identity.name).toBe('Laptop');
  await again.stop();
});

test('a window reads and restores versions by a path in a folder, and sees what happened', async () => {
  const notes = path.join(place, 'Notes');
  fs.mkdirSync(notes);
  fs.writeFileSync(path.join(notes, 'a.txt'), 'first');
  const window = openWindow();
  host.keepPlace(place1, notes);
  await window.ask('folderAdd', { place: place1 });
  const { folders } = await window.see((picture) => picture.folders[0]?.files === 1);
  const at = `${folders[0]?.id}:a.txt`;
  fs.writeFileSync(path.join(notes, 'a.txt'), 'second, and longer');
  const { recent } = await window.see((picture) => picture.recent.length > 0);
  expect(recent).toMatchObject([{ kind: 'written', path: 'a.txt' }]);
  const listed = await window.ask('browse', { path: `${folders[0]?.id}:` });
  expect(listed).toMatchObject({ kind: 'result', result: [{ name: 'a.txt', size: 18, state: 'there' }] });
  expect(await window.ask('history', { path: at })).toMatchObject({ kind: 'result' });
});
