import type { Clock } from '../base/base.ts';
import type { FrameStream } from '../protocol/protocol.ts';
import type { Connection } from './network-interface.ts';

const beatIntervalMs = 5_000;
/** LIMIT: silence after which a connection is given up, if a beat is unanswered. Bytes of any stream break the silence: a slow link that carries data is not dead. */
export const silenceMs = 15_000;
/** LIMIT: how long an answer may take even after a long silence, such as a computer's sleep. */
const answerMs = 5_000;
const ping = 0;
const pong = 1;
const beatBytes = 5;

/** Watches over one connection by a heartbeat both sides send. */
export interface Beat {
  /** Whether the other side has been heard on the beat stream: it let us in, and answers. */
  heard(): boolean;
  /** Round trip of the last answered beat, milliseconds; undefined before the first. */
  rttMs(): number | undefined;
  /** Takes the beat stream the other side opened; there is one a connection, a second is broken off. */
  accept(stream: FrameStream): void;
  /** Opens the beat stream; for the one who dialled. Safe to call twice. */
  open(): void;
  /** Expects the other side, who dialled, to open it: until then its silence counts like an unanswered beat. */
  expect(): void;
  /** The connection may have died unnoticed: asks once more, and gives it up unless something is heard in {@link answerMs}. */
  doubt(): void;
  /** Ends the watch and leaves the connection alone. */
  stop(): void;
}

/** A {@link Beat} on `connection`; it aborts the connection when the other side is silent, breaks the beat stream, or sends what is no beat. */
export function createBeat(connection: Connection, clock: Clock, onHeard: () => void): Beat {
  let stream: FrameStream | undefined;
  let opening = false;
  let expectedSince: number | undefined;
  let heard = false;
  let stopped = false;
  let rttMs: number | undefined;
  let sequence = 0;
  let unanswered: { readonly sequence: number; readonly sentAt: number } | undefined;
  let cancelPing = (): void => {};
  let cancelWatch = (): void => {};
  let cancelDoubt = (): void => {};

  const giveUp = (why: string): void => {
    if (stopped) return;
    stop();
    connection.abort(new Error(why));
  };
  const stop = (): void => {
    stopped = true;
    cancelPing();
    cancelWatch();
    cancelDoubt();
  };
  const send = (kind: number, number: number): void => {
    const frame = new Uint8Array(beatBytes);
    frame[0] = kind;
    new DataView(frame.buffer).setUint32(1, number);
    stream?.send(frame).catch(() => giveUp('the heartbeat broke off'));
  };
  const sendPing = (): void => {
    cancelPing = clock.after(beatIntervalMs, sendPing);
    // One at a time: a beat that waits behind data must not be joined by more.
    if (unanswered !== undefined) return;
    sequence = (sequence + 1) % 2 ** 32;
    unanswered = { sequence, sentAt: clock.monotonic() };
    send(ping, sequence);
  };
  const watch = (): void => {
    const now = clock.monotonic();
    const silentForMs = now - connection.traffic().lastReceivedAt;
    const dueSince = stream === undefined ? expectedSince : unanswered?.sentAt;
    const isDue = dueSince !== undefined && now - dueSince >= answerMs;
    if (silentForMs >= silenceMs && isDue) return giveUp('nothing was heard');
    cancelWatch = clock.after(Math.max(silenceMs - silentForMs, 1_000), watch);
  };
  const take = (frame: Uint8Array): boolean => {
    if (frame.length !== beatBytes) return false;
    const number = new DataView(frame.buffer, frame.byteOffset).getUint32(1);
    if (frame[0] === ping) send(pong, number);
    else if (frame[0] !== pong) return false;
    else if (unanswered?.sequence === number) {
      rttMs = clock.monotonic() - unanswered.sentAt;
      unanswered = undefined;
    }
    return true;
  };
  const listen = async (opened: FrameStream): Promise<void> => {
    for (;;) {
      const frame = await opened.receive();
      if (stopped) return;
      if (frame === undefined || !take(frame)) return giveUp('the heartbeat ended');
      if (heard) continue;
      heard = true;
      onHeard();
    }
  };
  const begin = (opened: FrameStream): void => {
    stream = opened;
    opening = false;
    listen(opened).catch(() => giveUp('the heartbeat broke off'));
    sendPing();
  };

  watch();
  return {
    heard: () => heard,
    rttMs: () => rttMs,
    accept(opened) {
      if (stopped || stream !== undefined || opening) opened.abort(new Error('one heartbeat is enough'));
      else begin(opened);
    },
    open() {
      if (stopped || opening || stream !== undefined) return;
      opening = true;
      expectedSince = clock.monotonic();
      connection.openStream('/lockstep/beat/1').then(
        (opened) => {
          if (stopped) opened.abort(new Error('the watch has ended'));
          else begin(opened);
        },
        () => giveUp('the heartbeat was refused'),
      );
    },
    expect() {
      expectedSince ??= clock.monotonic();
    },
    doubt() {
      if (stopped) return;
      const since = clock.monotonic();
      if (stream !== undefined) {
        // What went out before may be lost, and an answer to it with it.
        unanswered = undefined;
        cancelPing();
        sendPing();
      }
      cancelDoubt();
      cancelDoubt = clock.after(answerMs, () => {
        if (connection.traffic().lastReceivedAt < since) giveUp('nothing was heard after a sleep');
      });
    },
    stop,
  };
}
