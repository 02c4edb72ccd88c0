import { createSocket, type Socket } from 'node:dgram';
import { describe, expect, onTestFinished, test } from 'vitest';
import { silentLog, systemClock, systemRandom } from '../base/base.ts';
import { createIdentity } from '../trust/trust.ts';
import { deviceToPeerId } from './device-peer-id.ts';
import { createDiscovery, type Discovery, type DiscoveryPlace } from './discovery.ts';
import type { Interfaces } from './local-addresses.ts';
import type { Sighting } from './network-interface.ts';

/** One device's end of a network that a test plays: what the device says arrives here, and it hears what it is told. */
interface End {
  readonly place: DiscoveryPlace;
  /** What was said, the newest last; a device that speaks also hears. */
  readonly said: Buffer[];
  onSaid: (packet: Buffer) => void;
  tell(packet: Buffer): void;
}

const bound = async (address: string, reuseAddr: boolean): Promise<Socket> => {
  const socket = createSocket({ type: 'udp4', reuseAddr });
  await new Promise<void>((resolve) => void socket.bind(0, address, resolve));
  onTestFinished(() => new Promise<void>((resolve) => void socket.close(() => resolve())));
  return socket;
};

/** An interface that leads somewhere, whatever this machine has. */
const address = '192.168.1.2';
const card: Interfaces = {
  card: [{ address, netmask: '255.255.255.0', family: 'IPv4', mac: '', internal: false, cidr: null }],
};

/** The group is one address of this machine, where the test listens; the device itself hears at all others. */
const makeEnd = async (interfaces: Interfaces = card): Promise<End> => {
  const wire = await bound('127.0.0.2', true);
  const { port } = wire.address();
  const said: Buffer[] = [];
  const end: End = {
    place: { group: { address: '127.0.0.2', port }, interfaces: () => interfaces },
    said,
    onSaid: () => {},
    tell: (packet) => wire.send(packet, port, '127.0.0.1'),
  };
  wire.on('message', (packet) => {
    said.push(packet);
    end.onSaid(packet);
  });
  return end;
};

interface Device extends End {
  readonly discovery: Discovery;
  readonly key: string;
  readonly seen: Sighting[];
}

const makeDevice = async (
  announced: string,
  onSighting: (sighting: Sighting) => void = () => {},
): Promise<Device> => {
  const end = await makeEnd();
  const { deviceKey } = createIdentity(systemRandom.bytes(32));
  const seen: Sighting[] = [];
  const parts = { clock: systemClock, random: systemRandom, log: silentLog };
  const discovery = createDiscovery(
    {
      ...parts,
      self: deviceToPeerId(deviceKey),
      addresses: () => [announced],
      onSighting(sighting) {
        seen.push(sighting);
        onSighting(sighting);
      },
    },
    end.place,
  );
  onTestFinished(() => discovery.stop());
  return Object.assign(end, { discovery, key: deviceKey, seen });
};

/** Has a device look for others; resolves when it can be found. */
const look = async ({ discovery, said }: Device, tags: readonly string[]): Promise<void> => {
  const before = said.length;
  discovery.discover(tags);
  await expect.poll(() => said.length).toBeGreaterThanOrEqual(before + tags.length);
};
const speakTo = (one: Device, other: Device): void => {
  one.onSaid = other.tell;
  other.onSaid = one.tell;
};

const nearA = '/ip4/192.168.1.7/tcp/4001';
const nearB = '/ip4/192.168.1.8/tcp/4001';
const tag = '0123abcd';
const isAnnouncement = (packet: Buffer): boolean => packet.includes('dnsaddr=');
/** Another text of the same length in a packet, so that it stays one. */
const changed = (packet: Buffer, from: string, to: string): Buffer =>
  Buffer.from(packet.toString('latin1').replaceAll(from, to), 'latin1');

test('[NW12] devices with a tag in common see each other, for strangers as for members', async () => {
  const [a, b] = [await makeDevice(nearA), await makeDevice(nearB)];
  speakTo(a, b);
  await look(a, [tag, 'pairing']);
  await look(b, ['pairing']);
  await expect.poll(() => b.seen).toEqual([{ peer: a.key, addresses: [nearA] }]);
  a.discovery.restart();
  await expect.poll(() => a.seen).toEqual([{ peer: b.key, addresses: [nearB] }]);
});

test('[NW12] who took a tag back neither finds nor is found by it', async () => {
  const [a, b] = [await makeDevice(nearA), await makeDevice(nearB)];
  speakTo(a, b);
  await look(b, [tag]);
  b.discovery.discover([]);
  await look(b, ['deadbeef']);
  await look(a, [tag, 'deadbeef']);
  await expect.poll(() => a.seen.length).toBe(1);
  expect(b.said.some((packet) => isAnnouncement(packet) && packet.includes(tag))).toBe(false);
});

test('[NW12] its own announcement, heard again after it began anew, is no device', async () => {
  const [a, b] = [await makeDevice(nearA), await makeDevice(nearB)];
  speakTo(a, b);
  await look(a, [tag]);
  await look(b, [tag]);
  await expect.poll(() => a.said.some(isAnnouncement)).toBe(true);
  const own = a.said.filter(isAnnouncement);
  a.discovery.restart();
  await expect.poll(() => a.seen.length).toBe(1);
  for (const packet of own) a.tell(packet);
  // What is told after it is heard after it.
  a.tell(changed(b.said.filter(isAnnouncement)[0] ?? Buffer.of(), '192.168.1.8', '192.168.1.9'));
  await expect.poll(() => a.seen.length).toBe(2);
  expect(a.seen.map(({ peer }) => peer)).toEqual([b.key, b.key]);
});

test('[NW14] an announcement of a place that is not near, or of none, is no sighting', async () => {
  const [a, b] = [await makeDevice(nearA), await makeDevice(nearB)];
  speakTo(a, b);
  await look(a, [tag]);
  a.onSaid = () => {};
  await look(b, [tag]);
  await expect.poll(() => a.said.some(isAnnouncement)).toBe(true);
  const [announcement = Buffer.of()] = a.said.filter(isAnnouncement);
  b.tell(changed(announcement, '192.168.1.7', '93.184.21.7'));
  b.tell(changed(announcement, '192.168.1.7', '192.168.1.x'));
  b.tell(Buffer.of(1, 2, 3));
  b.tell(announcement);
  await expect.poll(() => b.seen).toEqual([{ peer: a.key, addresses: [nearA] }]);
});

test('[NW16] what a listener throws is not thrown into the library, and later sightings come', async () => {
  const a = await makeDevice(nearA);
  const b = await makeDevice(nearB, ({ addresses }) => {
    if (addresses.includes(nearA)) throw new Error('a bug elsewhere');
  });
  speakTo(a, b);
  await look(a, [tag]);
  await look(b, [tag]);
  await expect.poll(() => b.seen.length).toBe(1);
  b.tell(changed(a.said.filter(isAnnouncement)[0] ?? Buffer.of(), '192.168.1.7', '192.168.1.9'));
  await expect.poll(() => b.seen.length).toBe(2);
});

describe('why nobody can be found', () => {
  const discoveryAt = (place: DiscoveryPlace): Discovery => {
    const parts = { clock: systemClock, random: systemRandom, log: silentLog };
    const self = deviceToPeerId(createIdentity(systemRandom.bytes(32)).deviceKey);
    const discovery = createDiscovery({ ...parts, self, addresses: () => [], onSighting: () => {} }, place);
    onTestFinished(() => discovery.stop());
    return discovery;
  };

  test('[NW19] is told while anybody is looked for', async () => {
    let interfaces: Interfaces = {};
    const { place } = await makeEnd();
    const discovery = discoveryAt({ ...place, interfaces: () => interfaces });
    discovery.discover([tag]);
    await expect.poll(() => discovery.problem()).toBe('no-interface');
    discovery.discover([]);
    expect(discovery.problem()).toBeUndefined();
    discovery.discover([tag]);
    await expect.poll(() => discovery.problem()).toBe('no-interface');
    interfaces = card;
    discovery.check();
    await expect.poll(() => discovery.problem()).not.toBe('no-interface');
  });

  test('[NW19] may be a port that another program has for itself', async () => {
    const { port } = (await bound('127.0.0.1', false)).address();
    const discovery = discoveryAt({ group: { address: '127.0.0.1', port }, interfaces: () => card });
    discovery.discover([tag]);
    await expect.poll(() => discovery.problem()).toBe('EADDRINUSE');
  });

  test('[NW19] may be that no route leads to the group', async () => {
    // A datagram to everybody needs a permission that the route alone does not give.
    const group = { address: '255.255.255.255', port: 9 };
    const discovery = discoveryAt({ group, interfaces: () => card });
    discovery.discover([tag]);
    await expect.poll(() => discovery.problem()).toMatch(/^E[A-Z]+$/);
  });
});

test('[NW12] a tag that is none is a bug of whoever asks', async () => {
  const { discovery } = await makeDevice(nearA);
  expect(() => discovery.discover(['Not a tag'])).toThrow('a discovery tag');
});
