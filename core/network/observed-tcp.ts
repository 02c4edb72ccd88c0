import type { Transport } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { readTcpAddress } from './address.ts';
import type { Listening } from './local-addresses.ts';
import { withWholeSends } from './whole-sends.ts';

/** LIMIT: TCP connections a listener holds, those not yet encrypted included. */
const maxTcpConnections = 64;
/** LIMIT: connections the system may queue before they are accepted. */
const backlog = 16;

/** libp2p's TCP, and what became of each address it was to listen on. */
export interface ObservedTcp {
  readonly create: (components: Parameters<ReturnType<typeof tcp>>[0]) => Transport;
  /** Listeners that work, with their ports. */
  listening(): readonly Listening[];
  /** Error codes of those that do not. */
  failures(): readonly string[];
}

/** TCP that writes what is sent at once in one piece, and remembers why a listener failed; libp2p, told to go on without it, keeps the reason to itself. */
export function observedTcp(): ObservedTcp {
  const listeners: { readonly host: string; port(): number | undefined }[] = [];
  const failures: { readonly host: string; readonly code: string }[] = [];
  return {
    create(components) {
      const transport: Transport = tcp({ maxConnections: maxTcpConnections, backlog })(components);
      const dial = transport.dial.bind(transport);
      transport.dial = (address, options) =>
        dial(address, { ...options, upgrader: withWholeSends(options.upgrader) });
      const createListener = transport.createListener.bind(transport);
      transport.createListener = (options) => {
        const listener = createListener({ ...options, upgrader: withWholeSends(options.upgrader) });
        const listen = listener.listen.bind(listener);
        listener.listen = async (address) => {
          const host = readTcpAddress(address.toString())?.host ?? '';
          try {
            await listen(address);
            listeners.push({
              host,
              port: () => readTcpAddress(listener.getAddrs()[0]?.toString() ?? '')?.port,
            });
          } catch (error) {
            failures.push({ host, code: (error as NodeJS.ErrnoException).code ?? String(error) });
            throw error;
          }
        };
        return listener;
      };
      return transport;
    },
    listening: () =>
      listeners.flatMap(({ host, port }) => {
        const number = port();
        return number === undefined ? [] : [{ host, port: number }];
      }),
    failures: () =>
      failures
        // A machine without IPv6 is whole as long as something listens.
        .filter(({ host, code }) => !(host === '::' && noSuchFamily.has(code) && listeners.length > 0))
        .map(({ code }) => code),
  };
}

const noSuchFamily = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL']);
