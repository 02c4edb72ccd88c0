import { type WireError, wireToError } from './control/wire.ts';
import type { Port } from './host/port.ts';
import type { MainMethods, Picture, PortReply, PortRequest } from './ipc/contract.ts';

/** Main's own port to the engine: a window without a window. */
export interface EngineLink {
  /** The newest picture; undefined while no engine runs. */
  picture(): Picture | undefined;
  /** Asks without waiting for the answer: what came of it shows in the next picture. Dropped while no engine runs. */
  tell<M extends keyof MainMethods>(method: M, params: MainMethods[M]['takes']): void;
  /** Asks and waits; rejects with the engine's refusal, or when the engine goes away. */
  ask<M extends keyof MainMethods>(
    method: M,
    params: MainMethods[M]['takes'],
  ): Promise<MainMethods[M]['gives']>;
  /** Follows a fresh engine over a new port. */
  use(port: Port): void;
  /** The engine is gone. */
  lose(): void;
}

interface Asked {
  resolve(result: unknown): void;
  reject(error: WireError): void;
}

const engineGone: WireError = { code: 'interrupted', facts: { what: 'device-gone' }, retry: 'soon' };

/** No engine yet. `changed` is called whenever the picture does; `refused` with what the engine would not do. */
export function createEngineLink(dependencies: {
  changed(): void;
  refused(method: string, code: string): void;
}): EngineLink {
  let port: Port | undefined;
  let picture: Picture | undefined;
  let lastId = 0;
  const asked = new Map<number, Asked>();

  const send = (method: string, params: unknown, { resolve, reject }: Asked): void => {
    if (port === undefined) {
      reject(engineGone);
      return;
    }
    lastId += 1;
    asked.set(lastId, { resolve, reject });
    port.send({ kind: 'ask', id: lastId, method, params } satisfies PortRequest);
  };
  const forget = (): void => {
    for (const { reject } of asked.values()) reject(engineGone);
    asked.clear();
  };
  const take = (reply: PortReply): void => {
    switch (reply.kind) {
      case 'picture':
        picture = reply.picture;
        dependencies.changed();
        return;
      case 'error':
        asked.get(reply.id)?.reject(reply.error);
        asked.delete(reply.id);
        return;
      case 'result':
        asked.get(reply.id)?.resolve(reply.result);
        asked.delete(reply.id);
    }
  };
  return {
    picture: () => picture,
    tell(method, params) {
      const reject = ({ code }: WireError): void => dependencies.refused(method, code);
      send(method, params, { resolve: () => {}, reject });
    },
    ask: (method, params) =>
      new Promise((resolve, reject) => {
        const refused = (error: WireError): void => reject(wireToError(error));
        send(method, params, { resolve, reject: refused });
      }),
    use(next) {
      forget();
      port = next;
      next.onMessage((message) => {
        if (port === next) take(message as PortReply);
      });
    },
    lose() {
      port?.close();
      port = undefined;
      forget();
      picture = undefined;
      dependencies.changed();
    },
  };
}
