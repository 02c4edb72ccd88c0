import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { EngineEvent } from '../../core/engine/engine.ts';
import { connectControl } from './client.ts';
import { controlPaths, serveControl } from './control.ts';
import { maxRequestBytes } from './serve-caller.ts';
import { createMemoryEngine } from '../testing/memory-engine.ts';

function temporaryHome(): string {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-home-'));
  onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }));
  return home;
}

/** A device that can be asked, in a home of its own. */
async function servedDevice(home = temporaryHome()) {
  const engine = createMemoryEngine();
  const [socketPath = ''] = controlPaths(home);
  const server = await serveControl({ api: engine.api, home, path: socketPath });
  onTestFinished(() => server.close());
  return { engine, home, socketPath, server };
}

/** Sends bytes to a socket and resolves to the lines that come back until the other side ends, or until there are `count`. */
function exchange(
  socketPath: string,
  bytes: string | Buffer,
  count = Number.POSITIVE_INFINITY,
): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(socketPath, () => socket.write(bytes));
    let text = '';
    const lines = (): unknown[] =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line));
    socket.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (lines().length >= count) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(lines()));
  });
}

const change: EngineEvent = { cursor: 1, kind: 'status' };

test('a question is answered, a failure comes back as it was thrown', async () => {
  const { home } = await servedDevice();
  const client = await connectControl(home);
  expect(await client.call('id')).toMatchObject({ deviceKey: 'KEY' });
  expect(await client.call('pause', {})).toEqual({ until: null });
  await expect(client.call('folderRemove', { folder: 'Play' })).rejects.toMatchObject({
    code: 'not-found',
    retry: 'never',
    facts: { what: 'folder', text: 'Play' },
  });
  client.close();
  await client.ended;
});

test('questions of one caller do not wait for each other', async () => {
  const { home, engine } = await servedDevice();
  const client = await connectControl(home);
  const waiting = client.call('wait', {});
  expect(await client.call('groupShow')).toMatchObject({ group: null });
  engine.reachStep();
  expect(await waiting).toEqual({ inStep: true });
  client.close();
});

test('a bug is told as one, without its words', async () => {
  const { home, engine } = await servedDevice();
  engine.breakDown();
  const client = await connectControl(home);
  await expect(client.call('folderList')).rejects.toMatchObject({ code: 'internal', message: 'internal' });
  client.close();
});

test('a caller that goes away ends its waiting', async () => {
  const { home, engine } = await servedDevice();
  const interrupted = new AbortController();
  const client = await connectControl(home, interrupted.signal);
  const waiting = client.call('wait', {});
  await vi.waitUntil(() => engine.waiting() === 1);
  interrupted.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'interrupted', facts: { what: 'caller' } });
  await vi.waitUntil(() => engine.waiting() === 0);
  await expect(client.call('id')).rejects.toMatchObject({ code: 'interrupted' });
});

test('a device that stops tells those who wait, and leaves no socket', async () => {
  const { home, engine, server, socketPath } = await servedDevice();
  const client = await connectControl(home);
  const waiting = client.call('wait', {});
  const refused = waiting.catch((error: unknown) => error);
  await vi.waitUntil(() => engine.waiting() === 1);
  await server.close();
  expect(await refused).toMatchObject({ code: 'interrupted', facts: { what: 'device-stops' } });
  await client.ended;
  expect(fs.existsSync(socketPath)).toBe(false);
  await expect(connectControl(home)).rejects.toMatchObject({ code: 'not-running' });
});

test('events reach those who follow, after those they missed', async () => {
  const { home, engine } = await servedDevice();
  for (const cursor of [1, 2, 3]) engine.emit({ ...change, cursor });
  const client = await connectControl(home);
  const seen: number[] = [];
  await client.follow(({ cursor }) => seen.push(cursor), 1);
  engine.emit({ ...change, cursor: 4 });
  await vi.waitUntil(() => seen.length === 3);
  expect(seen).toEqual([2, 3, 4]);
  client.close();
});

test('the socket is for its owner only', async () => {
  const { socketPath } = await servedDevice();
  expect(fs.statSync(socketPath).mode & 0o777).toBe(0o600);
});

test('what a killed device left is replaced', async () => {
  const home = temporaryHome();
  const [socketPath = ''] = controlPaths(home);
  const dead = net.createServer();
  await new Promise<void>((resolve) => dead.listen(`${socketPath}.old`, resolve));
  fs.linkSync(`${socketPath}.old`, socketPath);
  await new Promise((resolve) => dead.close(resolve));
  await expect(connectControl(home)).rejects.toMatchObject({ code: 'not-running' });
  await servedDevice(home);
  const client = await connectControl(home);
  expect(await client.call('id')).toMatchObject({ deviceKey: 'KEY' });
  client.close();
});

test('where somebody answers nobody else listens', async () => {
  const { home, socketPath } = await servedDevice();
  const second = serveControl({ api: createMemoryEngine().api, home, path: socketPath });
  await expect(second).rejects.toMatchObject({ code: 'home-in-use' });
  expect(await exchange(socketPath, '{"id":1,"method":"id"}\n', 1)).toHaveLength(1);
});

test('a long home is served from a run-time directory', async () => {
  const home = path.join(temporaryHome(), 'x'.repeat(120));
  fs.mkdirSync(home);
  const { socketPath, server } = await servedDevice(home);
  const client = await connectControl(home);
  expect(await client.call('id')).toMatchObject({ deviceKey: 'KEY' });
  client.close();
  await server.close();
  expect(fs.existsSync(path.dirname(socketPath))).toBe(false);
});

test.each(['not json', '[]', 'null', '7', '{}', '{"id":"1","method":"id"}', '{"id":1,"method":2}', ''])(
  'the line %j is no request, and the next one is answered',
  async (line) => {
    const { socketPath } = await servedDevice();
    expect(await exchange(socketPath, `${line}\n{"id":2,"method":"folderList"}\n`, 2)).toMatchObject([
      { id: null, error: { code: 'bad-argument', facts: { field: 'request' } } },
      { id: 2, result: [{ name: 'Work' }] },
    ]);
  },
);

test('unknown methods and wrong parameters are refused by name', async () => {
  const { socketPath } = await servedDevice();
  const asked = [
    { id: 1, method: 'fly' },
    { id: 2, method: 'folderAdd', params: { path: 3 } },
    { id: 3, method: 'follow', params: { since: 'x' } },
  ];
  const answers = await exchange(socketPath, asked.map((each) => `${JSON.stringify(each)}\n`).join(''), 3);
  expect(answers).toHaveLength(3);
  expect(answers).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        id: 1,
        error: { code: 'bad-argument', facts: { method: 'fly' }, retry: 'never' },
      }),
      expect.objectContaining({
        id: 2,
        error: expect.objectContaining({ facts: expect.objectContaining({ field: 'path' }) }),
      }),
      expect.objectContaining({
        id: 3,
        error: expect.objectContaining({ facts: expect.objectContaining({ field: 'since' }) }),
      }),
    ]),
  );
});

test('a request over the limit ends the conversation, one of just that size is read', async () => {
  const { socketPath } = await servedDevice();
  const fits = `{"id":1,"method":"id"${' '.repeat(maxRequestBytes - 22)}}`;
  expect(Buffer.byteLength(fits)).toBe(maxRequestBytes);
  expect(await exchange(socketPath, `${fits}\n`, 1)).toMatchObject([{ id: 1, result: { deviceKey: 'KEY' } }]);
  expect(await exchange(socketPath, Buffer.alloc(maxRequestBytes + 1, 'x'))).toMatchObject([
    { id: null, error: { code: 'bad-argument' } },
  ]);
});

test('a caller with too many open questions is refused more', async () => {
  const { socketPath, engine } = await servedDevice();
  const asked = Array.from({ length: 65 }, (_, id) => `{"id":${id},"method":"wait","params":{}}\n`);
  expect(await exchange(socketPath, asked.join(''), 1)).toMatchObject([
    { id: 64, error: { code: 'not-allowed' } },
  ]);
  await vi.waitUntil(() => engine.waiting() === 0);
});
