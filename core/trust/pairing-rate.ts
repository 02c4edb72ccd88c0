import type { Clock } from '../base/base.ts';
import type { DeviceKey } from '../model/ids.ts';

/** LIMIT: strangers from one network in a minute, while pairing is open. */
export const maxStrangersPerMinute = 10;
/** LIMIT: connections of one of them in a minute: one that is told to wait comes again and again. */
export const maxConnectionsPerStranger = 10;
/** LIMIT: networks remembered; over it the one seen longest ago is forgotten. */
const maxNetworks = 256;
const minuteMs = 60_000;

/** Which strangers of one network were let in, and how often; kept in memory only. */
export interface PairingRate {
  /** Whether `peer`, a stranger at `address`, a multiaddr, may be let in now; counts it if so. */
  admits(peer: DeviceKey, address: string): boolean;
}

/** A rate with nobody counted. */
export function createPairingRate({ clock }: { readonly clock: Pick<Clock, 'monotonic'> }): PairingRate {
  const admitted = new Map<string, { readonly peer: DeviceKey; readonly at: number }[]>();
  return {
    admits(peer, address) {
      const network = networkOf(address);
      const now = clock.monotonic();
      const recent = (admitted.get(network) ?? []).filter(({ at }) => now - at < minuteMs);
      // Moves it to the end: the first is always the one seen longest ago.
      admitted.delete(network);
      admitted.set(network, recent);
      if (admitted.size > maxNetworks) admitted.delete(admitted.keys().next().value as string);
      const others = new Set(recent.map((each) => each.peer).filter((other) => other !== peer));
      const times = recent.filter((each) => each.peer === peer).length;
      if (others.size >= maxStrangersPerMinute || times >= maxConnectionsPerStranger) return false;
      recent.push({ peer, at: now });
      return true;
    },
  };
}

/** The network an address lies in: its first 24 bits if it is an IPv4 one, 64 if it is an IPv6 one; addresses of other kinds are one network. */
export function networkOf(address: string): string {
  const v4 = /^\/ip4\/(\d+\.\d+\.\d+)\.\d+(\/|$)/.exec(address);
  if (v4 !== null) return `ip4 ${v4[1]}`;
  const v6 = /^\/ip6(?:zone\/[^/]+\/ip6)?\/([0-9a-fA-F:.]+)(\/|$)/.exec(address);
  return v6 === null ? 'other' : `ip6 ${first64Bits(v6[1] as string)}`;
}

function first64Bits(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+)\.\d+$/i.exec(address);
  if (mapped !== null) return `of ip4 ${mapped[1]}`;
  const [before = '', after] = address.toLowerCase().split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const ends = after === undefined ? [] : groups(after);
  const zeros = Math.max(0, 8 - groups(before).length - ends.length);
  return [...groups(before), ...Array.from({ length: zeros }, () => '0'), ...ends]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
