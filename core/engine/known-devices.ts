import type { DeviceKey } from '../model/ids.ts';
import type { DialAddress } from '../network/network.ts';
import type { PeerLinks } from './peer-links.ts';
import type { DeviceSettings, SettingsStore } from './settings.ts';

/** Keeps the port for the next start, so that others find this device where it was. */
export async function rememberPort(settings: SettingsStore, addresses: readonly string[]): Promise<void> {
  const port = Number(/\/tcp\/(\d+)/.exec(addresses[0] ?? '')?.[1] ?? 0);
  if (port !== 0 && port !== settings.current().port) await settings.change((all) => ({ ...all, port }));
}

/** LIMIT: addresses remembered for a device. */
const maxAddresses = 8;

/** `devices` with one of them met now: its own name if it told one, and the address that worked first. */
export function withDevice(
  devices: readonly DeviceSettings[],
  key: DeviceKey,
  claimedName: string,
  address: DialAddress | undefined,
  now: number,
): DeviceSettings[] {
  const known: DeviceSettings = devices.find((device) => device.key === key) ?? { key, addresses: [] };
  const addresses =
    address === undefined
      ? known.addresses
      : [address, ...known.addresses.filter((other) => other.address !== address.address)];
  const next: DeviceSettings = {
    ...known,
    ...(claimedName === '' ? {} : { claimedName }),
    lastSeenAt: now,
    addresses: addresses.slice(0, maxAddresses),
  };
  return [...devices.filter((device) => device.key !== key), next];
}

/** Whether a connected device says of its key what is not remembered. */
export function tellsNewPlace(devices: readonly DeviceSettings[], links: PeerLinks): boolean {
  return links
    .all()
    .some(
      ({ peer, profile }) =>
        profile !== undefined && devices.find(({ key }) => key === peer)?.keyStorage !== profile.keyStorage,
    );
}

/** `devices` with everything the present connections tell of them. */
export function withSeen(
  devices: readonly DeviceSettings[],
  links: PeerLinks,
  now: number,
): DeviceSettings[] {
  let next = [...devices];
  for (const { peer, connection, profile } of links.all()) {
    const known = next
      .find((device) => device.key === peer)
      ?.addresses.find(({ address }) => address === connection.address);
    const address = connection.dialled
      ? (known ?? { address: connection.address, origin: 'sighting' as const })
      : undefined;
    next = withDevice(next, peer, profile?.deviceName ?? '', address, now).map((device) =>
      device.key === peer && profile !== undefined ? { ...device, keyStorage: profile.keyStorage } : device,
    );
  }
  return next;
}
