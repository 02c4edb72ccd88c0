import type { Port } from './host/port.ts';
import type { Picture, PortReply, PortRequest, WindowMethods } from './ipc/contract.ts';

/** Main's own port to the engine: a window without a window. */
export interface EngineLink {
  /** The newest picture; undefined while no engine runs. */
  picture(): Picture | undefined;
  /** Asks without waiting for the answer: what came of it shows in the next picture. Dropped while no engine runs. */
  tell<M extends keyof WindowMethods>(method: M, params: WindowMethods[M]['takes']): void;
  /** Follows a fresh engine over a new port. */
  use(port: Port): void;
  /** The engine is gone. */
  lose(): void;
}

/** No engine yet. `changed` is called whenever the picture does; `refused` with what the engine would not do. */
export function createEngineLink(dependencies: {
  changed(): void;
  refused(method: string, code: string): void;
}): EngineLink {
  let port: Port | undefined;
  let picture: Picture | undefined;
  let lastId = 0;
  const asked = new Map<number, string>();

  const take = (reply: PortReply): void => {
    switch (reply.kind) {
      case 'picture':
        picture = reply.picture;
        dependencies.changed();
        return;
      case 'error':
        dependencies.refused(asked.get(reply.id) ?? '', reply.error.code);
        asked.delete(reply.id);
        return;
      case 'result':
        asked.delete(reply.id);
    }
  };
  return {
    picture: () => picture,
    tell(method, params) {
      if (port === undefined) return;
      lastId += 1;
      asked.set(lastId, method);
      port.send({ kind: 'ask', id: lastId, method, params } satisfies PortRequest);
    },
    use(next) {
      port = next;
      asked.clear();
      next.onMessage((message) => {
        if (port === next) take(message as PortReply);
      });
    },
    lose() {
      port?.close();
      port = undefined;
      picture = undefined;
      dependencies.changed();
    },
  };
}
