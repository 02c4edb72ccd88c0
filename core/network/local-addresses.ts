import type { NetworkInterfaceInfo } from 'node:os';
import { compareText } from '../base/base.ts';
import { maxAddressesPerPeer } from './dial-policy.ts';
import { type Reach, readTcpAddress, reachOf } from './address.ts';

/** What `os.networkInterfaces()` tells. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Bridges and adapters that lead to containers and virtual machines on this computer, never to another device. */
const virtualInterface =
  /^(docker\d+|br-[0-9a-f]{12}|virbr\d+|vmnet\d+|vboxnet\d+|lxcbr\d+|lxdbr\d+|cni\d+|podman\d+|vEthernet|VirtualBox|VMware)/;

/** LIMIT: what the announced addresses may take in one mDNS answer, so that it fits one Ethernet packet. */
const maxAnnouncedBytes = 1100;
/** What one announced address costs in an answer besides its own text: record header, record name, key and peer id. */
const announcedOverheadBytes = 130;

const preference: Readonly<Record<Reach, number>> = { private: 0, public: 1, 'link-local': 2, loopback: 3 };

/** One address a listener was asked for, and the port it got. */
export interface Listening {
  readonly host: string;
  readonly port: number;
}

/** Every multiaddr at which `listening` can be reached, the likeliest first: private, public, link-local, loopback, IPv4 before IPv6. Wildcards become the addresses of all interfaces but virtual ones. */
export function localAddresses(listening: readonly Listening[], interfaces: Interfaces): string[] {
  const hosts = (host: string): string[] => {
    if (host !== '0.0.0.0' && host !== '::') return [host];
    const family = host === '::' ? 'IPv6' : 'IPv4';
    return Object.entries(interfaces)
      .filter(([name]) => !virtualInterface.test(name))
      .flatMap(([, infos]) => infos ?? [])
      .filter((info) => info.family === family && !isScoped(info.address))
      .map((info) => info.address);
  };
  const found = listening.flatMap(({ host, port }) =>
    hosts(host).map((ip) => ({ ip, text: `/${ip.includes(':') ? 'ip6' : 'ip4'}/${ip}/tcp/${port}` })),
  );
  found.sort(
    (a, b) =>
      preference[reachOf(a.ip)] - preference[reachOf(b.ip)] ||
      Number(a.ip.includes(':')) - Number(b.ip.includes(':')),
  );
  return [...new Set(found.map(({ text }) => text))];
}

/** Those of `addresses` worth telling the neighbours. */
export function announcedAddresses(addresses: readonly string[]): string[] {
  const near = addresses.filter((address) => {
    const reach = reachOf(readTcpAddress(address)?.host ?? '');
    return reach === 'private' || reach === 'link-local';
  });
  let bytes = 0;
  return near.slice(0, maxAddressesPerPeer).filter((address) => {
    bytes += address.length + announcedOverheadBytes;
    return bytes <= maxAnnouncedBytes;
  });
}

/** A text that changes when this device's addresses do, or the interfaces they belong to. */
export function interfacesFingerprint(interfaces: Interfaces): string {
  return Object.entries(interfaces)
    .flatMap(([name, infos]) => (infos ?? []).map((info) => `${name} ${info.address}`))
    .sort(compareText)
    .join('\n');
}

/** Whether some interface can carry discovery at all. */
export function hasNeighbours(interfaces: Interfaces): boolean {
  return Object.values(interfaces).some((infos) =>
    infos?.some((info) => info.family === 'IPv4' && !info.internal),
  );
}

/** An IPv6 link-local address means something only together with the interface it was seen on. */
const isScoped = (ip: string): boolean => ip.includes(':') && reachOf(ip) === 'link-local';
