import type net from 'node:net';
import type { MultiaddrConnection } from '@libp2p/interface';
import { Uint8ArrayList } from 'uint8arraylist';
import { expect, onTestFinished, test } from 'vitest';
import { connectSockets } from './testing/connected-sockets.ts';

/** Sends a message of two parts and returns how its socket was told to write. */
async function writesOf(connection: MultiaddrConnection): Promise<readonly string[]> {
  const { socket } = connection as unknown as { readonly socket: net.Socket };
  const writes: string[] = [];
  for (const name of ['_write', '_writev'] as const) {
    const original = socket[name]?.bind(socket) as (...args: unknown[]) => void;
    socket[name] = (...args: unknown[]) => {
      writes.push(name);
      original(...args);
    };
  }
  connection.send(new Uint8ArrayList(Uint8Array.of(0, 3), Uint8Array.of(1, 2, 3)));
  return writes;
}

test('[NW20] a message and its length are written together, by who dials and by who is dialled', async () => {
  const { ends, close } = await connectSockets();
  onTestFinished(close);
  for (const connection of ends) {
    expect(await writesOf(connection)).toEqual(['_writev']);
  }
  const { socket } = ends[1] as unknown as { readonly socket: net.Socket };
  expect(socket.writableCorked).toBe(0);
});
