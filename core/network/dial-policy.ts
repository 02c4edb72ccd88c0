import { readTcpAddress, reachOf } from './address.ts';
import type { DialAddress } from './network-interface.ts';

/** LIMIT: addresses tried for one device at once, and taken from one announcement. */
export const maxAddressesPerPeer = 10;
/** LIMIT: an announced address longer than this is no address of ours. */
const maxAddressChars = 128;

/** Whether this device may dial `address`. A person may name any place. An announcement may only name places near: otherwise whoever shares the Wi-Fi could make every device knock at a door of his choice, this machine's own included. */
export function mayDial({ address, origin }: DialAddress): boolean {
  const read = readTcpAddress(address);
  if (read === undefined || read.port === 0) return false;
  if (origin === 'person') return true;
  if (read.named || address.length > maxAddressChars) return false;
  const reach = reachOf(read.host);
  return reach === 'private' || reach === 'link-local';
}

/** Those of `addresses` that may be dialled, without their peer ids, each once, in the given order, at most {@link maxAddressesPerPeer}. */
export function dialable(addresses: readonly DialAddress[]): string[] {
  const allowed = addresses.filter(mayDial).map(({ address }) => readTcpAddress(address)?.text ?? address);
  return [...new Set(allowed)].slice(0, maxAddressesPerPeer);
}
