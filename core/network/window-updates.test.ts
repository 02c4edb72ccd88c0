import type net from 'node:net';
import type { Stream } from '@libp2p/interface';
import { expect, onTestFinished, test, vi } from 'vitest';
import { guardedYamux } from './guarded-muxer.ts';
import { connectSockets } from './testing/connected-sockets.ts';

const headerBytes = 12;

test('[NW21] who receives says so when much has come, not at every frame', async () => {
  const { ends, close } = await connectSockets();
  onTestFinished(close);
  const [atSender, atReceiver] = ends;
  const receiving = Promise.withResolvers<Stream>();
  guardedYamux()()
    .createStreamMuxer(atReceiver)
    .addEventListener('stream', (event) => receiving.resolve(event.detail));
  const sending = await guardedYamux()().createStreamMuxer(atSender).createStream();
  const stream = await receiving.promise;
  const taken: Uint8Array[] = [];
  stream.addEventListener('message', (event) => void taken.push(event.data.subarray()));
  const takenBytes = (): number => taken.reduce((sum, { length }) => sum + length, 0);
  const saidFrames = (): number =>
    (atReceiver as unknown as { readonly socket: net.Socket }).socket.bytesWritten / headerBytes;

  for (let i = 1; i <= 100; i += 1) {
    sending.send(new Uint8Array(1000).fill(i));
    await vi.waitFor(() => expect(takenBytes()).toBe(1000 * i), { interval: 1 });
  }
  // That the stream was opened, a ping at most, and that 64,000 have come.
  expect(saidFrames()).toBeLessThanOrEqual(4);

  const more = 4 * 1024 * 1024;
  sending.send(new Uint8Array(more));
  await vi.waitFor(() => expect(takenBytes()).toBe(100_000 + more), { timeout: 20_000 });
  expect(saidFrames()).toBeLessThanOrEqual(3 + (100_000 + more) / 64_000);
});
