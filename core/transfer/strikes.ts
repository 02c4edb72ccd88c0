import type { Log } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { Connection } from '../network/network.ts';

/** LIMIT: a device with a broken disk or memory may send something wrong once; one that does so thrice is cut off. */
export const maxStrikes = 3;

/** Counts what a peer sent that no honest device sends. */
export interface Strikes {
  /** Counts `error` if it is the peer's doing (`peer-misbehaved`), and aborts the connection at the third. */
  count(error: unknown): void;
}

/** Strikes of one connection. */
export function createStrikes(connection: Connection, log: Log): Strikes {
  let strikes = 0;
  return {
    count(error) {
      if (!(error instanceof SyncError) || error.code !== 'peer-misbehaved') return;
      strikes += 1;
      log.write('warn', 'peer sent something wrong', { peer: connection.peer, strikes, ...error.facts });
      if (strikes === maxStrikes) connection.abort(error);
    },
  };
}
