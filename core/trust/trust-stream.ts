import { abortReason, throwIfAborted } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import { decodeTrustMessage, type FrameStream, type TrustMessage } from '../protocol/protocol.ts';

/** The next message and how many bytes it took; undefined when the other side has finished. */
export async function receiveMessage(
  stream: FrameStream,
  signal: AbortSignal | undefined,
): Promise<{ readonly message: TrustMessage; readonly bytes: number } | undefined> {
  const frame = await stream.receive(signal);
  return frame && { message: decodeTrustMessage(frame), bytes: frame.length };
}

/** Runs `work`; if it fails or the signal aborts, breaks the stream off, so that nothing waits on it for ever. */
export async function brokenOff<T>(
  stream: FrameStream,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  throwIfAborted(signal);
  const stop = (): void => stream.abort(abortReason(signal as AbortSignal));
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await work();
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)));
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** The error for a peer that does not keep to the exchange. */
export function misbehaved(what: string): SyncError {
  return new SyncError('peer-misbehaved', { what });
}
