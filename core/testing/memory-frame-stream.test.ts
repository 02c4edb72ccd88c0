import { describe, expect, test } from 'vitest';
import { maxFrameBytes } from '../protocol/protocol.ts';
import { createFrameStreamPair } from './memory-frame-stream.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const largest = maxFrameBytes['/lockstep/pair/1'];
const open = () => createFrameStreamPair('/lockstep/pair/1');

describe('stream in memory', () => {
  test('carries whole frames both ways, in order, empty and full ones too', async () => {
    const [a, b] = open();
    await a.send(bytes(1), bytes(2, 3), bytes());
    await a.send();
    await a.send(new Uint8Array(largest).fill(9));
    await b.send(bytes(4));
    expect(await b.receive()).toEqual(bytes(1, 2, 3));
    expect(await b.receive()).toEqual(bytes());
    expect(await b.receive()).toEqual(new Uint8Array(largest).fill(9));
    expect(await a.receive()).toEqual(bytes(4));
  });

  test('gives bytes of their own', async () => {
    const [a, b] = open();
    const sent = bytes(1, 2);
    await a.send(sent);
    sent.fill(7);
    expect(await b.receive()).toEqual(bytes(1, 2));
  });

  test('ends after what was sent, in one direction', async () => {
    const [a, b] = open();
    await a.send(bytes(1));
    await a.finish();
    await a.finish();
    expect(await b.receive()).toEqual(bytes(1));
    expect(await b.receive()).toBeUndefined();
    await b.send(bytes(2));
    expect(await a.receive()).toEqual(bytes(2));
    await expect(a.send(bytes(3))).rejects.toThrow('stream-finished');
  });

  test('breaks off in both directions, with the reason on this side', async () => {
    const [a, b] = open();
    const waiting = [a.receive(), b.receive()].map((each) => each.catch((error: unknown) => error));
    a.abort(new Error('enough'));
    expect(await waiting[0]).toMatchObject({ message: 'enough' });
    expect(await waiting[1]).toBeInstanceOf(Error);
    await expect(a.send(bytes(1))).rejects.toThrow('enough');
    await expect(b.send(bytes(1))).rejects.toThrow('interrupted');
  });

  test('waits no longer than its signal, and goes on afterwards', async () => {
    const [a, b] = open();
    const stop = new AbortController();
    const waiting = b.receive(stop.signal);
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    await expect(b.receive(AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    await a.send(bytes(5));
    expect(await b.receive()).toEqual(bytes(5));
  });

  test('breaks on a frame over the limit', async () => {
    const [a, b] = open();
    const sending = a.send(new Uint8Array(largest + 1)).catch(() => {});
    await expect(b.receive()).rejects.toThrow('interrupted');
    await sending;
  });

  test('slows a sender down that nobody reads, and loses nothing', async () => {
    const [a, b] = open();
    const frames = 4096;
    let sent = 0;
    const sending = (async () => {
      for (; sent < frames; sent++) await a.send(new Uint8Array(largest).fill(sent % 256));
      await a.finish();
    })();
    let received = 0;
    for (let frame = await b.receive(); frame !== undefined; frame = await b.receive(), received++)
      if (frame[0] !== received % 256) throw new Error(`frame ${received} is out of order`);
    await sending;
    expect(received).toBe(frames);
  });
  test('a sender waits while as many frames as may wait do', async () => {
    const [a, b] = createFrameStreamPair('/lockstep/pair/1', { maxQueuedFrames: 2 });
    await a.send(Uint8Array.of(1));
    let room = false;
    const second = a.send(Uint8Array.of(2)).then(() => {
      room = true;
    });
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    expect(room).toBe(false);
    await b.receive();
    await second;
    expect(room).toBe(true);
  });

  test('a waiting sender hears that the stream broke', async () => {
    const [a, b] = createFrameStreamPair('/lockstep/pair/1', { maxQueuedFrames: 1 });
    const sending = a.send(Uint8Array.of(1));
    b.abort(new Error('enough'));
    await expect(sending).rejects.toThrow('interrupted');
  });
});
