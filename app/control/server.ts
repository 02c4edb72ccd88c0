import fs from 'node:fs';
import net from 'node:net';
import type { DeviceOptions, EngineApi, EngineEvent } from '../../core/engine/engine.ts';
import { SyncError } from '../../core/model/errors.ts';
import { prepareControlPath } from './control-path.ts';
import { readLines } from './lines.ts';
import { callMethod } from './methods.ts';
import { errorToWire, followMethod, type Reply, type Request } from './wire.ts';

/** LIMIT: no request is longer. */
export const maxRequestBytes = 1024 * 1024;
/** LIMIT: people and scripts on one machine. */
const maxConnections = 64;
/** LIMIT: a caller with this many unanswered questions has lost count. */
const maxOpenRequests = 64;
/** LIMIT: what a caller may leave unread before it is cut off; a whole status is far smaller. */
const maxUnsentBytes = 64 * 1024 * 1024;
/** LIMIT: events kept for those who say what they saw last. */
const maxKeptEvents = 1000;
/** LIMIT: how long a stopping server lets its last answers go out. */
const farewellMs = 1000;

/** What the server needs. */
export interface ControlDependencies {
  readonly api: EngineApi;
  readonly home: string;
  /** A socket's path, or a Windows pipe's. */
  readonly path: string;
  readonly log?: DeviceOptions['log'];
}

/** A device's ear for commands. */
export interface ControlServer {
  /** Answers what it can, tells the rest `interrupted`, removes the socket. */
  close(): Promise<void>;
}

/**
 * Listens for commands at `path`, mode 0600: a JSON request a line, a JSON reply a line, in the order they are ready. A socket nobody answers at is
 * what a killed device left, and is replaced; where somebody answers it throws SyncError `home-in-use`. A caller that goes away ends what it waits for.
 */
export async function serveControl(dependencies: ControlDependencies): Promise<ControlServer> {
  const { api, home, path, log } = dependencies;
  const followers = new Set<(event: EngineEvent) => void>();
  const kept: EngineEvent[] = [];
  const callers = new Set<Caller>();
  const recent = (since: number): readonly EngineEvent[] => kept.filter((event) => event.cursor > since);

  const server = net.createServer((socket) => {
    const caller = serveCaller(socket, { api, log, followers, recent });
    callers.add(caller);
    socket.on('close', () => callers.delete(caller));
  });
  server.maxConnections = maxConnections;
  await listenAlone(server, path, home);
  const stopEvents = api.onEvent((event) => {
    kept.push(event);
    if (kept.length > maxKeptEvents) kept.shift();
    for (const tell of followers) tell(event);
  });
  return {
    async close() {
      stopEvents();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const caller of callers) caller.dismiss();
      await closed;
    },
  };
}

interface CallerDependencies {
  readonly api: EngineApi;
  readonly log: DeviceOptions['log'];
  readonly followers: Set<(event: EngineEvent) => void>;
  recent(since: number): readonly EngineEvent[];
}

interface Caller {
  /** Ends the conversation: what waits is told so, what is said goes out. */
  dismiss(): void;
}

function serveCaller(socket: net.Socket, dependencies: CallerDependencies): Caller {
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

async function listenAlone(server: net.Server, path: string, home: string): Promise<void> {
  prepareControlPath(path, home);
  try {
    await listen(server, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw unusable(path, error);
    if (process.platform === 'win32' || (await isAnswered(path)))
      throw new SyncError('home-in-use', { path: home }, { retry: 'after-user' });
    fs.unlinkSync(path);
    await listen(server, path).catch((again: unknown) => {
      throw unusable(path, again);
    });
  }
  if (process.platform !== 'win32') fs.chmodSync(path, 0o600);
}

function listen(server: net.Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // The socket is made with these rights, not given them later.
    const before = process.platform === 'win32' ? undefined : process.umask(0o177);
    try {
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
    } finally {
      if (before !== undefined) process.umask(before);
    }
  });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(path);
    const settle = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.on('connect', () => settle(true));
    socket.on('error', () => settle(false));
  });
}

function unusable(path: string, cause: unknown): SyncError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'EIO';
  return new SyncError('home-unusable', { path, code }, { retry: 'after-user', cause });
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}
