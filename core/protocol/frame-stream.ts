/**
 * A two-way channel of whole messages between two devices. Frames arrive in the order they were sent, each once, or the stream ends.
 * Whoever implements it bounds what it holds: a slow reader slows the sender down.
 */
export interface FrameStream {
  readonly protocol: StreamProtocol;
  /** Sends `parts`, one after the other, as one frame. Resolves when there is room for more; rejects once the stream is over. The parts must not be changed before that. */
  send(...parts: readonly Uint8Array[]): Promise<void>;
  /** The next frame, its bytes the caller's own; undefined when the other side has finished. Rejects if the stream broke, the frame is over the protocol's limit, or `signal` aborts. One call at a time. */
  receive(signal?: AbortSignal): Promise<Uint8Array | undefined>;
  /** Says that nothing more will be sent, after what was sent has left. Safe to call twice. */
  finish(): Promise<void>;
  /** Breaks the stream off in both directions at once; the reason stays here, the other side learns only that it broke. */
  abort(reason: Error): void;
}

/** The protocols two devices speak, each on its own streams; their order on a connection is PROTOCOL.md's. */
export type StreamProtocol =
  | '/lockstep/beat/1'
  | '/lockstep/trust/1'
  | '/lockstep/pair/1'
  | '/lockstep/profile/1'
  | '/lockstep/ctl/1'
  | '/lockstep/blk/1';

/** LIMIT: the largest frame each protocol accepts, bytes; a longer one breaks the stream before it is read. */
export const maxFrameBytes: Readonly<Record<StreamProtocol, number>> = {
  '/lockstep/beat/1': 64,
  '/lockstep/trust/1': 64 * 1024,
  '/lockstep/pair/1': 4 * 1024,
  '/lockstep/profile/1': 80 * 1024,
  '/lockstep/ctl/1': 1024 * 1024,
  '/lockstep/blk/1': 8 * 1024 * 1024 + 1024,
};
