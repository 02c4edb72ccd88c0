import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { Interfaces } from './local-addresses.ts';
import { isNearAddress } from './near-address.ts';

const info = (cidr: string, mac = '52:54:00:12:34:56'): NetworkInterfaceInfo => {
  const [address = ''] = cidr.split('/');
  const isFour = !cidr.includes(':');
  const common = { address, netmask: '', mac, internal: false, cidr };
  return isFour ? { ...common, family: 'IPv4' } : { ...common, family: 'IPv6', scopeid: 0 };
};

const interfaces: Interfaces = {
  lo: [{ ...info('127.0.0.1/8', '00:00:00:00:00:00'), internal: true }],
  eth0: [info('192.168.1.7/24'), info('2001:db8:1:2::7/64'), info('fd00:1::7/64'), info('fe80::1/64')],
  wlan0: [info('203.0.113.20/28')],
  wg0: [info('10.8.0.2/24', '00:00:00:00:00:00'), info('fd00:8::2/64', '00:00:00:00:00:00')],
  gone: undefined,
};

describe('[LM7] what is on the same local network', () => {
  test.each([
    '/ip4/192.168.1.250/tcp/4001',
    '/ip4/203.0.113.17/tcp/4001',
    '/ip4/127.0.0.1/tcp/4001',
    '/ip4/169.254.9.9/tcp/4001',
    '/ip6/::1/tcp/4001',
    '/ip6/fe80::99/tcp/4001',
    '/ip6/2001:db8:1:2:ffff::1/tcp/4001',
    '/ip6/fd00:1::99/tcp/4001',
    '/ip6/::ffff:192.168.1.9/tcp/4001',
  ])('%s is', (address) => {
    expect(isNearAddress(address, interfaces)).toBe(true);
  });

  test.each([
    ['another private network, behind a router', '/ip4/192.168.2.7/tcp/4001'],
    ['a VPN, though its network is this device’s too', '/ip4/10.8.0.9/tcp/4001'],
    ['a VPN by IPv6', '/ip6/fd00:8::9/tcp/4001'],
    ['a public address', '/ip4/198.51.100.1/tcp/4001'],
    ['the next network', '/ip4/203.0.113.32/tcp/4001'],
    ['another network by IPv6', '/ip6/2001:db8:1:3::7/tcp/4001'],
    ['a name', '/dns4/nas.lan/tcp/4001'],
    ['no address of ours', '/memory/3'],
  ])('%s is not', (_says, address) => {
    expect(isNearAddress(address, interfaces)).toBe(false);
  });
});
