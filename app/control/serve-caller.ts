import type net from 'node:net';
import type { DeviceOptions, EngineApi, EngineEvent } from '../../core/engine/engine.ts';
import { SyncError } from '../../core/model/errors.ts';
import { readLines } from './lines.ts';
import { callMethod } from './methods.ts';
import { errorToWire, followMethod, type Reply, type Request } from './wire.ts';

/** LIMIT: no request is longer. */
export const maxRequestBytes = 1024 * 1024;
/** LIMIT: a caller with this many unanswered questions has lost count. */
const maxOpenRequests = 64;
/** LIMIT: what a caller may leave unread before it is cut off; a whole status is far smaller. */
const maxUnsentBytes = 64 * 1024 * 1024;
/** LIMIT: how long a stopping server lets its last answers go out. */
const farewellMs = 1000;

/** What a conversation leans on. */
export interface CallerDependencies {
  readonly api: EngineApi;
  readonly log: DeviceOptions['log'];
  readonly followers: Set<(event: EngineEvent) => void>;
  recent(since: number): readonly EngineEvent[];
}

/** One conversation. */
export interface Caller {
  /** Ends the conversation: what waits is told so, what is said goes out. */
  dismiss(): void;
}

/** Answers the requests that come on `socket`, each when its answer is there, until either side ends the conversation. */
export function serveCaller(socket: net.Socket, dependencies: CallerDependencies): Caller {
  const { api, log, followers } = dependencies;
  const gone = new AbortController();
  let openRequests = 0;

  const say = (reply: Reply): void => {
    if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`);
    if (socket.writableLength > maxUnsentBytes) socket.destroy();
  };
  const tell = (event: EngineEvent): void => say({ event });

  const answer = async (request: Request): Promise<unknown> => {
    if (request.method !== followMethod) return callMethod(api, request.method, request.params, gone.signal);
    const since = (request.params as { since?: unknown } | undefined)?.since;
    if (since !== undefined && typeof since !== 'number')
      throw new SyncError('bad-argument', { field: 'since', reason: 'expected a number' });
    for (const event of since === undefined ? [] : dependencies.recent(since)) tell(event);
    followers.add(tell);
    return {};
  };

  const take = async (line: string): Promise<void> => {
    const request = readRequest(line);
    if (request === undefined) {
      say({
        id: null,
        error: errorToWire(new SyncError('bad-argument', { field: 'request', reason: 'not a request' })),
      });
      return;
    }
    const { id } = request;
    if (openRequests >= maxOpenRequests) {
      say({
        id,
        error: errorToWire(new SyncError('not-allowed', { what: 'open-requests' }, { retry: 'soon' })),
      });
      return;
    }
    openRequests += 1;
    try {
      const result = await untilAborted(answer(request), gone.signal);
      say({ id, result });
    } catch (error) {
      if (!(error instanceof SyncError))
        log?.write('error', 'a command met a bug', {
          method: request.method,
          cause: String(error),
          stack: stackOf(error),
        });
      say({ id, error: errorToWire(error) });
    } finally {
      openRequests -= 1;
    }
  };

  readLines(
    socket,
    maxRequestBytes,
    (line) => void take(line),
    () => {
      const fault = new SyncError('bad-argument', {
        field: 'request',
        reason: `longer than ${maxRequestBytes} bytes`,
      });
      say({ id: null, error: errorToWire(fault) });
      socket.destroySoon();
    },
  );
  // A caller that vanishes is told of by 'close'; nothing else comes of its error.
  socket.on('error', () => {});
  socket.on('close', () => {
    followers.delete(tell);
    gone.abort(new SyncError('interrupted', { what: 'caller-gone' }));
  });
  return {
    dismiss() {
      gone.abort(new SyncError('interrupted', { what: 'device-stops' }, { retry: 'soon' }));
      // The refusals of what waited are written in the microtasks to come.
      setImmediate(() => socket.end());
      setTimeout(() => socket.destroy(), farewellMs).unref();
    },
  };
}

function readRequest(line: string): Request | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return undefined;
    const { id, method, params } = value as Record<string, unknown>;
    return typeof id === 'number' && typeof method === 'string' ? { id, method, params } : undefined;
  } catch {
    return undefined;
  }
}

/** Settles as `work` does, or rejects with the signal's reason. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}
