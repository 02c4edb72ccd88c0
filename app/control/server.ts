import net from 'node:net';
import type { DeviceOptions, EngineApi, EngineEvent } from '../../core/engine/engine.ts';
import { dropControlPath } from './control-path.ts';
import { listenAlone } from './listen-alone.ts';
import { type Caller, serveCaller } from './serve-caller.ts';

/** LIMIT: people and scripts on one machine. */
const maxConnections = 64;
/** LIMIT: events kept for those who say what they saw last. */
const maxKeptEvents = 1000;

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
  // A connection that could not be taken, for want of file descriptors say, is the caller's loss.
  server.on('error', (error) => log?.write('warn', 'a command could not connect', { cause: String(error) }));
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
      dropControlPath(path, home);
    },
  };
}
