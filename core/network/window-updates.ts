import type { Stream, StreamMuxer } from '@libp2p/interface';

/** LIMIT: bytes taken in before the sender is told. One piece of a large frame is as much: told of at every second one, the sender got room for one and a bit, and sent that bit by itself. */
const updateFromBytes = 64_000;

/** What a stream of `@libp2p/yamux` is besides: how much it may still receive of its window, and how it says that there is room again. */
interface WindowedStream {
  readonly state: number;
  readonly recvWindow: number;
  readonly recvWindowCapacity: number;
  sendWindowUpdate(): void;
}

/** Yamux's name for a stream that has nothing to say of itself: what opens, accepts or resumes one is told by a window update. */
const established = 3;

/**
 * Lets a yamux muxer's streams tell of room in their windows less often: yamux does it at every frame, however short, which made half of all packets of a quiet conversation.
 * A muxer that is built otherwise than expected is left as it is; window-updates.test.ts fails then.
 */
export function withFewerWindowUpdates(muxer: StreamMuxer): StreamMuxer {
  if (!makesStreams(muxer)) return muxer;
  const make = muxer._newStream.bind(muxer);
  muxer._newStream = (...args) => {
    const stream = make(...args);
    if (isWindowed(stream)) tellLess(stream);
    return stream;
  };
  return muxer;
}

function tellLess(stream: WindowedStream): void {
  const send = stream.sendWindowUpdate.bind(stream);
  stream.sendWindowUpdate = () => {
    const taken = stream.recvWindow - stream.recvWindowCapacity;
    if (stream.state !== established || taken >= updateFromBytes) send();
  };
}

function makesStreams(muxer: StreamMuxer): muxer is StreamMuxer & { _newStream(...args: unknown[]): Stream } {
  return '_newStream' in muxer && typeof muxer._newStream === 'function';
}

function isWindowed(stream: object): stream is WindowedStream {
  return 'sendWindowUpdate' in stream && 'recvWindow' in stream && 'recvWindowCapacity' in stream;
}
