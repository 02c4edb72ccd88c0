import { BlockList, isIP } from 'node:net';
import { readTcpAddress, reachOf } from './address.ts';
import type { Interfaces } from './local-addresses.ts';

/** What the system gives as the hardware address of a tunnel. */
const noHardware = '00:00:00:00:00:00';

/**
 * Whether a multiaddr leads to this machine, or to a network that it is directly attached to: a loopback or link-local address, or one in the subnet of an interface with a
 * hardware address. Tunnels have none: what lies behind a VPN is far, whatever its addresses look like.
 */
export function isNearAddress(address: string, interfaces: Interfaces): boolean {
  const host = readTcpAddress(address)?.host.replace(/^::ffff:(?=\d+\.)/i, '') ?? '';
  const version = isIP(host);
  if (version === 0) return false;
  const reach = reachOf(host);
  if (reach === 'loopback' || reach === 'link-local') return true;
  const near = new BlockList();
  for (const info of Object.values(interfaces).flatMap((infos) => infos ?? [])) {
    if (info.internal || info.mac === noHardware || info.cidr === null) continue;
    const [network = '', prefix = ''] = info.cidr.split('/');
    near.addSubnet(network, Number(prefix), info.family === 'IPv4' ? 'ipv4' : 'ipv6');
  }
  return near.check(host, version === 4 ? 'ipv4' : 'ipv6');
}
