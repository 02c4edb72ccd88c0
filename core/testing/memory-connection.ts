import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { Connection } from '../network/network.ts';
import type { FrameStream } from '../protocol/protocol.ts';
import { createFrameStreamPair } from './memory-frame-stream.ts';

/** One end of a connection in a test's memory. */
export interface TestConnection extends Connection {
  /** Who answers the streams the other end opens. */
  onStream: (stream: FrameStream) => void;
  /** Why it is over, undefined while it is open. */
  readonly reason: Error | undefined;
}

/** Both ends of a connection, `a`'s first; `a` dialled. */
export function connectInMemory(a: DeviceKey, b: DeviceKey): readonly [TestConnection, TestConnection] {
  const streams = new Set<FrameStream>();
  const ends: TestConnection[] = [];
  const finishers: ((reason: Error) => void)[] = [];
  const over = (by: number, reason: Error): void => {
    if (finishers[by] === undefined) return;
    const told = new SyncError('interrupted', { what: 'connection' });
    for (const stream of streams) stream.abort(reason);
    finishers[by](reason);
    finishers[1 - by]?.(told);
  };
  const end = (place: 0 | 1, peer: DeviceKey): TestConnection => {
    const { promise: closed, resolve } = Promise.withResolvers<Error>();
    let reason: Error | undefined;
    finishers[place] = (why) => {
      reason ??= why;
      resolve(why);
    };
    return {
      peer,
      dialled: place === 0,
      address: '/memory',
      isNear: false,
      onStream: (stream) => stream.abort(new Error('nobody answers')),
      openStream(protocol) {
        if (reason !== undefined) return Promise.reject(reason);
        const [mine, theirs] = createFrameStreamPair(protocol);
        streams.add(mine).add(theirs);
        queueMicrotask(() => ends[1 - place]?.onStream(theirs));
        return Promise.resolve(mine);
      },
      abort: (why) => over(place, why),
      closed,
      get reason() {
        return reason;
      },
      traffic: () => ({ sentBytes: 0, receivedBytes: 0, lastReceivedAt: 0 }),
    };
  };
  ends.push(end(0, b), end(1, a));
  return ends as [TestConnection, TestConnection];
}
