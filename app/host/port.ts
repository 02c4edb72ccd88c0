import type { MessagePort } from 'node:worker_threads';
import type { MessagePortMain } from 'electron';

/** One end of a channel, whichever runtime made it. */
export interface Port {
  send(message: unknown): void;
  /** One listener; messages that came before wait for it. */
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/** A port of Electron, in its main process or a utility process. */
export function electronPort(port: MessagePortMain): Port {
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  };
}

/** A port of Node's own. */
export function nodePort(port: MessagePort): Port {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  };
}
