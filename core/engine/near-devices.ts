import { compareText } from '../base/base.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { Connection, DialAddress } from '../network/network.ts';
import type { JoinRequest } from '../trust/trust.ts';

/** A device that is near, by its own word. */
export interface NearDevice {
  readonly key: DeviceKey;
  /** What it calls itself, if it has asked to be admitted. */
  readonly claimedName: string | undefined;
  readonly address: string | undefined;
}

/** Who is near: who was seen, who asks, and those whose address a person told, by key. */
export function nearDevices(from: {
  readonly seen: readonly { readonly peer: DeviceKey; readonly addresses: readonly string[] }[];
  readonly known: readonly { readonly key: DeviceKey; readonly addresses: readonly DialAddress[] }[];
  readonly asking: readonly Pick<JoinRequest, 'deviceKey' | 'claimedName'>[];
  readonly connections: readonly Pick<Connection, 'peer' | 'address'>[];
}): readonly NearDevice[] {
  const devices = new Map<DeviceKey, NearDevice>();
  const put = (key: DeviceKey, address: string | undefined, claimedName?: string): void =>
    void devices.set(key, { key, claimedName, address: devices.get(key)?.address ?? address });
  for (const { peer, addresses } of from.seen) put(peer, addresses[0]);
  for (const { key, addresses } of from.known) {
    const told = addresses.find(({ origin }) => origin === 'person');
    if (told !== undefined) put(key, told.address);
  }
  for (const { deviceKey, claimedName } of from.asking) {
    const connection = from.connections.find(({ peer }) => peer === deviceKey);
    put(deviceKey, connection?.address, claimedName);
  }
  return [...devices.values()].sort((a, b) => compareText(a.key, b.key));
}
