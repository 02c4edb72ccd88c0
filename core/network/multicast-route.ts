import { createSocket } from 'node:dgram';

const mdnsAddress = '224.0.0.251';
const mdnsPort = 5353;

/** The system's code for why nothing can be sent to the mDNS group, `ENETUNREACH` where no route leads there; undefined if one does. Sends nothing: connecting a datagram socket only looks for the route, which sending would do without telling. */
export function multicastProblem(): Promise<string | undefined> {
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
      socket.connect(mdnsPort, mdnsAddress, end);
    } catch (error) {
      end(error as Error);
    }
  });
}
