import { createSocket } from 'node:dgram';

/** Where mDNS is spoken: an IPv4 group and its port. */
export interface MulticastGroup {
  readonly address: string;
  readonly port: number;
}

export const mdnsGroup: MulticastGroup = { address: '224.0.0.251', port: 5353 };

/** The system's code for why nothing can be sent to a group, `ENETUNREACH` where no route leads there; undefined if one does. Sends nothing: connecting a datagram socket only looks for the route, which sending would do without telling. */
export function multicastProblem({ address, port }: MulticastGroup): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (error?: Error | null): void => {
      socket.removeAllListeners();
      socket.on('error', () => {});
      try {
        socket.close();
      } catch {
        // It never opened.
      }
      resolve(
        error === undefined || error === null
          ? undefined
          : ((error as NodeJS.ErrnoException).code ?? error.message),
      );
    };
    socket.once('error', end);
    try {
      socket.connect(port, address, end);
    } catch (error) {
      end(error as Error);
    }
  });
}
