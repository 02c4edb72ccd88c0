import type {
  PortMessage,
  PortReply,
  PortRequest,
  ShellMethods,
  WindowMethods,
  WireError,
} from '../../app/ipc/contract.ts';
import { createStore, type Store } from './store.ts';

/** What the engine, or main, would not do; `error` says why. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly error: WireError;

  constructor(error: WireError) {
    super(error.code);
    this.error = error;
  }
}

/** What a failure says; anything but a refusal is a bug of ours. */
export function errorOf(error: unknown): WireError {
  return error instanceof Refusal ? error.error : { code: 'internal', facts: {}, retry: 'never' };
}

/** The window's way to the engine and to the main process. */
export interface EngineClient {
  readonly store: Store;
  /** Asks the engine; rejects with {@link Refusal}. Aborting `signal` ends the waiting there, and so here, and a pairing also later. */
  ask<M extends keyof WindowMethods>(
    method: M,
    params: WindowMethods[M]['takes'],
    signal?: AbortSignal,
  ): Promise<WindowMethods[M]['gives']>;
  /** Asks the main process. */
  shell<M extends keyof ShellMethods>(
    method: M,
    params: ShellMethods[M]['takes'],
  ): Promise<ShellMethods[M]['gives']>;
}

interface Asked {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Refusal) => void;
}

const engineGone: WireError = { code: 'interrupted', facts: { what: 'device-gone' }, retry: 'soon' };

/** Follows the engine through every port that main hands over, and main's notes. */
export function connectEngine(page: Window): EngineClient {
  const store = createStore();
  const asked = new Map<number, Asked>();
  let port: MessagePort | undefined;
  let lastId = 0;

  const forget = (): void => {
    for (const { reject } of asked.values()) reject(new Refusal(engineGone));
    asked.clear();
  };
  const take = (reply: PortReply): void => {
    switch (reply.kind) {
      case 'picture':
        store.happened({ kind: 'picture', picture: reply.picture });
        return;
      case 'result':
        asked.get(reply.id)?.resolve(reply.result);
        asked.delete(reply.id);
        return;
      case 'error':
        asked.get(reply.id)?.reject(new Refusal(reply.error));
        asked.delete(reply.id);
    }
  };

  page.addEventListener('message', ({ source, data, ports: [next] }) => {
    const awaited: PortMessage = 'lockstep-engine-port';
    if (source !== page || data !== awaited || next === undefined) return;
    port?.close();
    forget();
    port = next;
    next.onmessage = ({ data: reply }: MessageEvent<PortReply>) => take(reply);
  });
  page.shell.onNote((note) => {
    if (note.kind === 'engine' && note.state.kind !== 'running') {
      port = undefined;
      forget();
    }
    store.happened(note.kind === 'engine' ? { kind: 'engine', state: note.state } : note);
  });
  void page.shell.ask('connectEngine', undefined).then((state) => store.happened({ kind: 'engine', state }));

  void page.shell
    .ask('readSettings', undefined)
    .then((settings) => store.happened({ kind: 'settings', settings }));

  return {
    store,
    shell: (method, params) => page.shell.ask(method, params),
    ask(method, params, signal) {
      if (port === undefined) return Promise.reject(new Refusal(engineGone));
      const to = port;
      lastId += 1;
      const id = lastId;
      const say = (request: PortRequest): void => to.postMessage(request);
      const cancel = (): void => say({ kind: 'cancel', id });
      signal?.addEventListener('abort', cancel, { once: true });
      return new Promise<unknown>((resolve, reject) => {
        asked.set(id, { resolve, reject });
        say({ kind: 'ask', id, method, params });
      }) as Promise<WindowMethods[typeof method]['gives']>;
    },
  };
}
