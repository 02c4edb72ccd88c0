import { expect, test } from 'vitest';
import { parseAddress, reachOf, readTcpAddress } from './address.ts';
import { dialable, mayDial, maxAddressesPerPeer } from './dial-policy.ts';
import { announcedAddresses, localAddresses } from './local-addresses.ts';

test.each([
  { address: '/ip4/192.168.1.7/tcp/4001', near: true },
  { address: '/ip4/10.0.0.1/tcp/4001', near: true },
  { address: '/ip4/172.16.0.1/tcp/1', near: true },
  { address: '/ip4/172.32.0.1/tcp/1', near: false },
  { address: '/ip4/169.254.9.9/tcp/1', near: true },
  { address: '/ip4/127.0.0.1/tcp/22', near: false },
  { address: '/ip4/127.9.9.9/tcp/22', near: false },
  { address: '/ip4/0.0.0.0/tcp/22', near: false },
  { address: '/ip4/8.8.8.8/tcp/53', near: false },
  { address: '/ip4/100.64.0.1/tcp/53', near: false },
  { address: '/ip4/224.0.0.251/tcp/53', near: false },
  { address: '/ip6/fd12::1/tcp/1', near: true },
  { address: '/ip6/fe80::1/tcp/1', near: true },
  { address: '/ip6/::1/tcp/1', near: false },
  { address: '/ip6/2001:db8::1/tcp/1', near: false },
  { address: '/ip6/::ffff:127.0.0.1/tcp/1', near: false },
  { address: '/dns4/printer.local/tcp/80', near: false },
])('[NW14] $address: an announcement may name it: $near; a person may', ({ address, near }) => {
  expect(mayDial({ address, origin: 'sighting' })).toBe(near);
  expect(mayDial({ address, origin: 'person' })).toBe(true);
});

test.each([
  '',
  'x',
  '/ip4/1.2.3.4',
  '/ip4/1.2.3.4/tcp/0',
  '/ip4/1.2.3.4/udp/1',
  '/ip4/1.2.3.4/tcp/1/ws',
  '/unix/a',
])('[NW14] nobody may have %j dialled', (address) => {
  expect(mayDial({ address, origin: 'person' })).toBe(false);
  expect(mayDial({ address, origin: 'sighting' })).toBe(false);
});

test('[NW14] peer ids are taken off, doubles are dropped, and there is a limit', () => {
  const id = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp';
  const many = Array.from({ length: 50 }, (_, index) => `/ip4/10.0.0.${index}/tcp/1`);
  const addresses = [`/ip4/10.0.0.0/tcp/1/p2p/${id}`, ...many];
  const allowed = dialable(addresses.map((address) => ({ address, origin: 'sighting' })));
  expect(allowed).toEqual(many.slice(0, maxAddressesPerPeer));
});

test.each([
  ['192.168.1.7:4001', '/ip4/192.168.1.7/tcp/4001'],
  ['[fd00::1]:4001', '/ip6/fd00::1/tcp/4001'],
  ['nas.lan:4001', '/dns/nas.lan/tcp/4001'],
  ['/ip4/127.0.0.1/tcp/4001', '/ip4/127.0.0.1/tcp/4001'],
])('[NW14] a person who writes %s means %s', (text, address) => {
  expect(parseAddress(text)).toBe(address);
});

test.each(['', 'nas.lan', '1.2.3.4:0', '1.2.3.4:70000', '/ip4/300.1.1.1/tcp/1', 'fd00::1:4001'])(
  '[NW14] %j means nothing',
  (text) => {
    expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  },
);

test('[NW14] an address is what it says, whatever IPv6 wraps it in', () => {
  expect(reachOf('::ffff:10.0.0.1')).toBe('private');
  expect(readTcpAddress('/ip4/10.0.0.1/tcp/1')?.host).toBe('10.0.0.1');
});

const info = (address: string, internal = false) => ({
  address,
  internal,
  family: address.includes(':') ? ('IPv6' as const) : ('IPv4' as const),
  netmask: '',
  mac: '',
  cidr: null,
  scopeid: 0,
});
const interfaces = {
  lo: [info('127.0.0.1', true), info('::1', true)],
  docker0: [info('172.17.0.1')],
  'br-0123456789ab': [info('172.18.0.1')],
  br0: [info('192.168.7.2')],
  wlan0: [info('203.0.113.9'), info('fd00::2'), info('fe80::1')],
  usb0: [info('169.254.3.4')],
} as never;

test('[NW15] a device is found at all its interfaces, the likeliest first, and never at those of its containers', () => {
  const listening = [
    { host: '0.0.0.0', port: 1 },
    { host: '::', port: 2 },
  ];
  expect(localAddresses(listening, interfaces)).toEqual([
    '/ip4/192.168.7.2/tcp/1',
    '/ip6/fd00::2/tcp/2',
    '/ip4/203.0.113.9/tcp/1',
    '/ip4/169.254.3.4/tcp/1',
    '/ip4/127.0.0.1/tcp/1',
    '/ip6/::1/tcp/2',
  ]);
});

test('[NW15] neighbours are told no loopback and no public address, and no more than fits one packet', () => {
  expect(announcedAddresses(localAddresses([{ host: '0.0.0.0', port: 1 }], interfaces))).toEqual([
    '/ip4/192.168.7.2/tcp/1',
    '/ip4/169.254.3.4/tcp/1',
  ]);
  const many = Array.from({ length: 30 }, (_, index) => `/ip4/192.168.100.${index + 100}/tcp/65535`);
  expect(announcedAddresses(many).length).toBeLessThanOrEqual(7);
});
