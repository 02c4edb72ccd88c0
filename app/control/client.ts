import net from 'node:net';
import type { ApiMethod, EngineEvent } from '../../core/engine/engine.ts';
import { SyncError } from '../../core/model/errors.ts';
import { controlPaths } from './control-path.ts';
import { readLines } from './lines.ts';
import { followMethod, type ParamsOf, type Reply, type ResultOf, wireToError } from './wire.ts';

/** LIMIT: more than any answer; a longer one is not from a device of this version. */
const maxReplyBytes = 256 * 1024 * 1024;

/** A conversation with the device that runs in a home. */
export interface ControlClient {
  /** Asks the device; rejects with its SyncError, or `interrupted` when the device or the caller (`signal`) ended the conversation first. */
  call<M extends ApiMethod>(
    method: M,
    ...params: ParamsOf<M> extends undefined ? [] : [ParamsOf<M>]
  ): Promise<ResultOf<M>>;
  /** Calls `listener` for every event from now on, and before that for those kept since `since`; resolves once it follows. */
  follow(listener: (event: EngineEvent) => void, since?: number): Promise<void>;
  /** Resolves when the conversation is over, whoever ended it. */
  readonly ended: Promise<void>;
  close(): void;
}

/**
 * Opens a conversation with the device of `home`; aborting `signal` ends it. Rejects with SyncError `not-running` when nobody listens there,
 * `not-allowed` when the home is another user's.
 */
export async function connectControl(home: string, signal?: AbortSignal): Promise<ControlClient> {
  let refusal: unknown;
  for (const path of controlPaths(home)) {
    try {
      return converse(await connect(path), signal);
    } catch (error) {
      if (refusal === undefined || !isAbsence(error)) refusal = error;
    }
  }
  const { code } = (refusal ?? {}) as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM')
    throw new SyncError('not-allowed', { path: home, what: 'home' }, { retry: 'after-user', cause: refusal });
  throw new SyncError('not-running', { path: home }, { retry: 'after-user', cause: refusal });
}

function converse(socket: net.Socket, signal: AbortSignal | undefined): ControlClient {
  interface Waiting {
    readonly resolve: (result: unknown) => void;
    readonly reject: (error: Error) => void;
  }
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(event: EngineEvent) => void>();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let lastId = 0;

  const take = (line: string): void => {
    const reply = readReply(line);
    // Nothing of this version speaks so.
    if (reply === undefined) return close();
    if ('event' in reply) {
      for (const listener of listeners) listener(reply.event);
      return;
    }
    const asker = reply.id === null ? undefined : waiting.get(reply.id);
    if (asker === undefined || reply.id === null) return;
    waiting.delete(reply.id);
    if ('error' in reply) asker.reject(wireToError(reply.error));
    else asker.resolve(reply.result);
  };
  const close = (): void => void socket.destroy();
  const over = (): void => {
    signal?.removeEventListener('abort', close);
    const what = signal?.aborted === true ? 'caller' : 'device-gone';
    for (const { reject } of waiting.values())
      reject(new SyncError('interrupted', { what }, { retry: 'soon' }));
    waiting.clear();
    end();
  };
  readLines(socket, maxReplyBytes, take, close);
  socket.on('error', () => {});
  socket.on('close', over);
  signal?.addEventListener('abort', close, { once: true });
  if (signal?.aborted === true) close();

  const ask = (method: string, params: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      if (socket.destroyed) over();
      else socket.write(`${JSON.stringify({ id: lastId, method, params })}\n`);
    });
  return {
    ended,
    close,
    call: <M extends ApiMethod>(method: M, ...[params]: readonly unknown[]) =>
      ask(method, params) as Promise<ResultOf<M>>,
    async follow(listener, since) {
      listeners.add(listener);
      await ask(followMethod, since === undefined ? undefined : { since });
    },
  };
}

function readReply(line: string): Reply | undefined {
  try {
    const reply: unknown = JSON.parse(line);
    return typeof reply === 'object' && reply !== null ? (reply as Reply) : undefined;
  } catch {
    return undefined;
  }
}

function connect(path: string): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** Whether the error says that nobody is there, rather than that somebody may not be asked. */
function isAbsence(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR';
}
