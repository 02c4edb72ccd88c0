import { abortable, type Clock, type Random, randomFraction, sleep } from '../base/base.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { Connection, DialAddress, Network } from '../network/network.ts';

/** LIMIT: devices remembered as seen near; anybody on the network can invent them. The one not seen for longest makes room. */
const maxSeen = 256;
/** How long a device counts as near after it was seen last: it asks and answers every ten seconds. */
const nearMs = 35_000;
/** LIMIT: between two tries; the first ones come sooner. */
const maxPauseMs = 15_000;
/** LIMIT: what is heard of a device makes it be tried no sooner than this. */
const minPauseMs = 1_000;

/** Finding and dialling devices that are no members. */
export interface Approach {
  /** Devices seen near lately, with where. */
  seen(): readonly { readonly peer: DeviceKey; readonly addresses: readonly string[] }[];
  /** Dials once, where a person said and where the device was seen; a connection that is open will do. Rejects as {@link Network.dial} does. */
  reach(peer: DeviceKey, given: readonly DialAddress[], signal: AbortSignal): Promise<Connection>;
  /** Waits before the try after the `attempt`-th, from 0; shorter when the device is seen or connects. */
  pause(peer: DeviceKey, attempt: number, signal: AbortSignal): Promise<void>;
}

/** The approach over one network. */
export function createApproach(parts: {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
}): Approach {
  const { network, clock, random } = parts;
  const seen = new Map<DeviceKey, { readonly addresses: readonly string[]; readonly at: number }>();
  const waiting = new Map<DeviceKey, Set<() => void>>();
  const heardOf = (peer: DeviceKey): void => {
    for (const wake of waiting.get(peer) ?? []) wake();
  };
  network.onSighting(({ peer, addresses }) => {
    seen.delete(peer);
    seen.set(peer, { addresses, at: clock.monotonic() });
    if (seen.size > maxSeen) seen.delete(seen.keys().next().value as DeviceKey);
    heardOf(peer);
  });
  network.onConnection(({ peer }) => heardOf(peer));

  return {
    seen: () =>
      [...seen]
        .filter(([, { at }]) => clock.monotonic() - at < nearMs)
        .map(([peer, { addresses }]) => ({ peer, addresses })),
    reach: (peer, given, signal) =>
      network.dial(
        peer,
        [
          ...given,
          ...(seen.get(peer)?.addresses ?? []).map((address) => ({ address, origin: 'sighting' as const })),
        ],
        signal,
      ),
    async pause(peer, attempt, signal) {
      await sleep(clock, minPauseMs * (1 + randomFraction(random)), signal);
      const restMs =
        Math.min(maxPauseMs, minPauseMs * 2 ** attempt) * (1 + randomFraction(random)) - minPauseMs;
      const heard = Promise.withResolvers<void>();
      const wakes = waiting.get(peer) ?? new Set();
      waiting.set(peer, wakes.add(heard.resolve));
      const cancel = clock.after(Math.max(0, restMs), heard.resolve);
      try {
        await abortable(heard.promise, signal);
      } finally {
        cancel();
        wakes.delete(heard.resolve);
        if (wakes.size === 0) waiting.delete(peer);
      }
    },
  };
}
