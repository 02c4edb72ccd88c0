import { setImmediate } from 'node:timers/promises';
import { noise } from '@chainsafe/libp2p-noise';
import { generateKeyPair } from '@libp2p/crypto/keys';
import type { MessageStream } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { createLibp2p } from 'libp2p';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type FrameStream, maxFrameBytes, type StreamProtocol } from '../protocol/protocol.ts';
import { FrameError, frameHeader } from './frame-codec.ts';
import type { Connection } from './network-interface.ts';
import { from } from './network-suite.ts';
import { callFrom, dialFrom, dialUntilIn, makeNetwork, makeRogue, portOf, soon } from './testing/rogue.ts';

const everyProtocol = Object.keys(maxFrameBytes) as StreamProtocol[];
const join = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);

describe('against a peer that keeps to no rule', () => {
  test('[NW10] [A24] a frame that claims too much breaks the stream before it is sent', async () => {
    const network = await makeNetwork();
    const outcome = new Promise<unknown>((resolve) => {
      network.handle('/lockstep/trust/1', (stream) => void stream.receive().catch(resolve));
    });
    await network.start();
    const { rogue } = await makeRogue();
    const connection = await dialFrom(rogue, network);
    const stream = await connection.newStream('/lockstep/trust/1');
    stream.send(Uint8Array.of(0xff, 0xff, 0xff, 0x7f));
    expect(await soon(outcome)).toBeInstanceOf(FrameError);
    await soon(new Promise((resolve) => stream.addEventListener('close', resolve)));
  });

  test('[NW18] [A4] [A22] a muxer frame that claims four gigabytes ends the connection', async () => {
    const network = await makeNetwork();
    const accepted = new Promise<Connection>((resolve) => network.onConnection(resolve));
    await network.start();
    const { rogue, wires } = await makeRogue();
    await dialFrom(rogue, network);
    const over = (await soon(accepted)).closed;
    const wire = wires[0] as MessageStream;
    wire.send(Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff));
    for (let sent = 0; sent < 64 && wire.status === 'open'; sent++) {
      try {
        wire.send(new Uint8Array(256 * 1024));
      } catch {
        break;
      }
      await setImmediate();
    }
    expect((await soon(over)).message).toBe('muxer frame too long');
  });

  test('[NW18] [A22] a peer that asks and does not listen is cut off', async () => {
    const network = await makeNetwork();
    const accepted = new Promise<Connection>((resolve) => network.onConnection(resolve));
    await network.start();
    const { rogue, wires } = await makeRogue();
    await dialFrom(rogue, network);
    const over = (await soon(accepted)).closed;
    const wire = wires[0] as MessageStream;
    wire.pause();
    const pings = new Uint8Array(12 * 4_000);
    for (let at = 0; at < pings.length; at += 12) pings.set([0, 2, 0, 1], at);
    let ended = false;
    void over.then(() => {
      ended = true;
    });
    for (let sent = 0; sent < 2_000 && !ended && wire.status === 'open'; sent++) {
      try {
        // Its own buffer must not run over first: it would hang up by itself.
        if (!wire.send(pings)) await Promise.race([wire.onDrain(), over]);
      } catch {
        break;
      }
      await setImmediate();
    }
    expect((await soon(over)).message).toBe('peer does not read');
  }, 60_000);

  test('[NW18] a stranger with a key of another kind is nobody', async () => {
    const network = await makeNetwork();
    let told = false;
    network.onConnection(() => {
      told = true;
    });
    await network.start();
    const rogue = await createLibp2p({
      privateKey: await generateKeyPair('secp256k1'),
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
    });
    onTestFinished(() => rogue.stop());
    const opened = dialFrom(rogue, network).then(
      (connection) => new Promise((resolve) => connection.addEventListener('close', resolve)),
      () => undefined,
    );
    await soon(opened);
    expect(told).toBe(false);
  });

  test('[NW18] [A21] silent callers of one address get two places, and a member still gets in', async () => {
    const network = await makeNetwork();
    await network.start();
    const callers = [1, 2, 3, 4].map(() => connect(portOf(network), '127.0.0.1').on('error', () => {}));
    const order: number[] = [];
    const closed = callers.map(
      (socket, index) =>
        new Promise<void>((resolve) => {
          socket.on('close', () => {
            order.push(index);
            resolve();
          });
        }),
    );
    await soon(Promise.all(closed));
    expect(new Set(order.slice(0, 2))).toEqual(new Set([2, 3]));
    const member = await makeNetwork([]);
    await member.start();
    await soon(member.dial(network.self, from(network)));
  }, 20_000);

  test('[NW18] [A21] silent callers from everywhere leave room for a member', async () => {
    const network = await makeNetwork();
    await network.start();
    // Each address gets two places of the ten.
    const callers = Array.from({ length: 12 }, (_, i) => callFrom(network, `127.0.1.${(i % 6) + 1}`));
    const silenced = Promise.all(
      callers.map((socket) => new Promise((resolve) => socket.on('close', resolve))),
    );
    const member = await makeNetwork([]);
    await member.start();
    expect((await soon(dialUntilIn(member, network))).peer).toBe(network.self);
    await soon(silenced);
  }, 30_000);

  test('[NW18] [A22] hundreds of calls at once are turned away, and a member still gets in', async () => {
    const network = await makeNetwork();
    await network.start();
    const callers = Array.from({ length: 400 }, (_, i) => {
      const socket = callFrom(network, `127.0.2.${(i % 200) + 1}`);
      socket.write(new Uint8Array(1_000));
      return socket;
    });
    await soon(
      Promise.all(callers.map((socket) => new Promise((resolve) => socket.once('connect', resolve)))),
    );
    const accepted = new Promise<Connection>((resolve) => network.onConnection(resolve));
    const member = await makeNetwork([]);
    await member.start();
    await soon(dialUntilIn(member, network));
    expect((await soon(accepted)).peer).toBe(member.self);
    expect(network.connections()).toHaveLength(1);
  }, 30_000);

  test('[NW18] [A22] of a thousand streams thirty-two are let in at once', async () => {
    const network = await makeNetwork();
    const open = new Set<FrameStream>();
    let most = 0;
    for (const protocol of everyProtocol)
      network.handle(protocol, (stream) => {
        open.add(stream);
        most = Math.max(most, open.size);
        stream.receive().catch(() => open.delete(stream));
      });
    await network.start();
    const { rogue } = await makeRogue();
    const connection = await dialFrom(rogue, network);
    // Each asks anew when the ones before are settled: all at once would end the connection.
    for (let i = 0; i < 1_000 && connection.status === 'open'; i++) {
      const protocol = everyProtocol[i % everyProtocol.length] as StreamProtocol;
      const options = { signal: AbortSignal.timeout(5_000), maxOutboundStreams: 2_000 };
      await connection.newStream(protocol, options).catch(() => {});
    }
    expect([most > 0, most <= 32]).toEqual([true, true]);
    expect(network.connections().length).toBeLessThanOrEqual(1);
  }, 60_000);

  test('[A23] another muxer, and a protocol of another version, are not spoken', async () => {
    const network = await makeNetwork();
    for (const protocol of everyProtocol) network.handle(protocol, () => {});
    await network.start();
    const { rogue: old } = await makeRogue({ muxer: '/mplex/6.7.0' });
    await expect(soon(dialFrom(old, network))).rejects.toBeInstanceOf(Error);
    const { rogue } = await makeRogue();
    const connection = await dialFrom(rogue, network);
    for (const protocol of ['/lockstep/trust/0', '/lockstep/trust/2', '/ipfs/id/1.0.0', '/ipfs/ping/1.0.0'])
      await expect(soon(connection.newStream(protocol))).rejects.toBeInstanceOf(Error);
  });

  const wrongs: readonly (readonly [string, (limit: number) => Uint8Array])[] = [
    ['a byte too long', (limit) => frameHeader(limit + 1)],
    ['of a length of ten bytes', () => new Uint8Array(10).fill(0xff)],
    ['of a length not in its shortest form', () => Uint8Array.of(0x81, 0x00)],
    ['cut short', (limit) => join(frameHeader(limit), new Uint8Array(Math.min(limit, 1_000) - 1))],
  ];
  test.each(
    everyProtocol.flatMap((protocol) => wrongs.map(([says, bytes]) => [protocol, says, bytes] as const)),
  )('[A24] on %s a frame %s breaks its stream and nothing else', async (protocol, _says, bytes) => {
    const network = await makeNetwork();
    const outcome = new Promise<unknown>((resolve) => {
      network.handle(protocol, (stream) => void stream.receive().then(resolve, resolve));
    });
    await network.start();
    const { rogue } = await makeRogue();
    const connection = await dialFrom(rogue, network);
    const stream = await connection.newStream(protocol);
    stream.send(bytes(maxFrameBytes[protocol]));
    await stream.close().catch(() => {});
    expect(await soon(outcome)).toBeInstanceOf(Error);
    expect(network.connections()).toHaveLength(1);
  });

  test('[NW18] [A22] streams beyond the limit are reset, the connection lives on', async () => {
    const network = await makeNetwork();
    let streams = 0;
    network.handle('/lockstep/pair/1', () => {
      streams += 1;
    });
    await network.start();
    const { rogue } = await makeRogue();
    const connection = await dialFrom(rogue, network);
    await Promise.allSettled([1, 2, 3, 4].map(() => connection.newStream('/lockstep/pair/1')));
    expect(streams).toBe(1);
    expect(network.connections()).toHaveLength(1);
  });
});
