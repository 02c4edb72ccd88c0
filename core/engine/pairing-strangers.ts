import type { Clock } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { Connection, Network } from '../network/network.ts';
import { createPairingRate } from '../trust/trust.ts';

/** LIMIT: devices that are neither members nor expected connected at once while pairing is open. */
const maxStrangers = 3;
/** LIMIT: how long a device that is no member may stay connected without pairing. */
const strangerMs = 30_000;

/** What strangers are measured by. */
export interface StrangerRules {
  readonly network: Network;
  readonly clock: Clock;
  isMember(peer: DeviceKey): boolean;
  /** Whether a person named this device, so that it is not counted. */
  isExpected(peer: DeviceKey): boolean;
  /** Whether a person is being asked about this device, so that it may stay. */
  isAsked(peer: DeviceKey): boolean;
}

/** Lets few strangers stay for a short time, and few of one network in at all. Whoever has become a member is none any more. */
export function limitStrangers(rules: StrangerRules): { hasRoomFor(peer: DeviceKey): boolean } {
  const { network, clock } = rules;
  const rate = createPairingRate({ clock });
  const strangers = new Map<DeviceKey, number>();
  const watch = (connection: Connection): void => {
    const { peer } = connection;
    const cancel = clock.after(strangerMs, () => {
      if (rules.isMember(peer)) return;
      if (rules.isAsked(peer)) watch(connection);
      else connection.abort(new SyncError('timed-out', { what: 'pairing' }));
    });
    void connection.closed.then(cancel);
  };
  network.onConnection((connection) => {
    const { peer } = connection;
    if (rules.isMember(peer)) return;
    if (!rules.isExpected(peer)) {
      strangers.set(peer, (strangers.get(peer) ?? 0) + 1);
      void connection.closed.then(() => {
        const left = (strangers.get(peer) ?? 1) - 1;
        if (left === 0) strangers.delete(peer);
        else strangers.set(peer, left);
      });
      if (!rate.admits(peer, connection.address)) {
        connection.abort(new SyncError('not-allowed', { what: 'pairing-rate' }));
        return;
      }
    }
    watch(connection);
  });
  return {
    hasRoomFor: (peer) =>
      strangers.has(peer) ||
      [...strangers.keys()].filter((each) => !rules.isMember(each)).length < maxStrangers,
  };
}
