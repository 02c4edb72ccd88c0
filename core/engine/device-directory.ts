import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { PeerKeeper, Network } from '../network/network.ts';
import { deviceKeyBegins, deviceKeyToText, hearingOf, type Identity, keyWords } from '../trust/trust.ts';
import type { DeviceListing, PeerStatus } from './api.ts';
import type { Clock } from '../base/base.ts';
import type { Group } from './group.ts';
import type { KeyPlace } from './key-keeping.ts';
import type { Pairing } from './pairing.ts';
import type { PeerLink, PeerLinks } from './peer-links.ts';
import type { SettingsStore } from './settings.ts';
import { createTrafficMeter } from './traffic-meter.ts';

/** How long what passed counts for the speeds shown of a connection. */
const trafficWindowMs = 2_000;

/** The devices this one knows, as people name and see them. */
export interface DeviceDirectory {
  nameOf(key: DeviceKey): string;
  /** A device of the group, or one of `extra`, by its key, the beginning of it, or its name; throws SyncError `not-found` or `ambiguous`. */
  find(text: string, extra?: readonly DeviceKey[]): DeviceKey;
  /** The other active members with how it stands with their connections. */
  peers(): readonly PeerStatus[];
  /** This device, everybody the group ever admitted, and who asks to join. */
  list(): readonly DeviceListing[];
}

/** The directory over what a device holds of others. */
export function createDeviceDirectory(parts: {
  readonly clock: Clock;
  readonly settings: SettingsStore;
  readonly identity: Identity;
  readonly keyPlace: KeyPlace;
  readonly group: Group;
  readonly network: Network;
  readonly keeper: PeerKeeper;
  readonly links: PeerLinks;
  readonly pairing: Pairing;
}): DeviceDirectory {
  const { clock, settings, identity, group, network, keeper, links, pairing } = parts;
  const meter = createTrafficMeter<string>(clock, trafficWindowMs);

  const deviceSettings = (key: DeviceKey) => settings.current().devices.find((device) => device.key === key);
  const nameOf = (key: DeviceKey): string => {
    if (key === identity.deviceKey) return settings.current().name;
    const known = deviceSettings(key);
    const told = links.all().find(({ peer }) => peer === key)?.profile?.deviceName;
    return known?.alias ?? told ?? known?.claimedName ?? deviceKeyToText(key).slice(0, 7);
  };
  const linkTo = (key: DeviceKey): PeerLink | undefined => links.all().findLast(({ peer }) => peer === key);

  const find = (text: string, extra: readonly DeviceKey[] = []): DeviceKey => {
    const known = [
      ...new Set([identity.deviceKey, ...(group.current()?.log.members().known ?? []), ...extra]),
    ];
    const named = known.filter((key) => nameOf(key) === text);
    const matches = named.length > 0 ? named : known.filter((key) => deviceKeyBegins(key, text));
    if (matches.length > 1) throw new SyncError('ambiguous', { what: 'device', text });
    const [match] = matches;
    if (match === undefined) throw new SyncError('not-found', { what: 'device', text });
    return match;
  };

  const peers = (): PeerStatus[] =>
    (group.isActive(identity.deviceKey) ? group.others() : []).map((peer) => {
      const state = keeper.states().find((known) => known.peer === peer);
      const link = linkTo(peer);
      const traffic = link?.connection.traffic();
      return {
        key: deviceKeyToText(peer),
        name: nameOf(peer),
        state:
          link !== undefined
            ? 'connected'
            : state?.state === 'connecting' || state?.state === 'connected'
              ? 'connecting'
              : 'offline',
        address: link?.connection.address ?? null,
        rttMs: state?.rttMs ?? null,
        sendBps: traffic === undefined ? 0 : meter.rateOf(`${peer} sent`, traffic.sentBytes),
        receiveBps: traffic === undefined ? 0 : meter.rateOf(`${peer} received`, traffic.receivedBytes),
      };
    });

  const isInTwoPlaces = (key: DeviceKey): boolean =>
    links.isInTwoPlaces(key) ||
    (group.current()?.log.alarms() ?? []).some(
      (alarm) => alarm.kind === 'identity-in-two-places' && alarm.device === key,
    );

  const deviceListing = (key: DeviceKey): DeviceListing => {
    const members = group.current()?.log.members();
    const isSelf = key === identity.deviceKey;
    const admission = group
      .current()
      ?.log.ops()
      .find(({ body }) => body.kind === 'admit' && body.key === key);
    const known = deviceSettings(key);
    const link = linkTo(key);
    const current = group.current();
    const hearing = current && hearingOf(current.log, current.statements, identity.deviceKey);
    const state = isSelf
      ? 'self'
      : members?.revoked.has(key)
        ? 'revoked'
        : members?.suspended.has(key)
          ? 'suspended'
          : link === undefined
            ? 'offline'
            : 'connected';
    const method =
      admission?.body.kind === 'admit'
        ? admission.body.method
        : members?.known.has(key) === true
          ? 'founder'
          : null;
    return {
      key: deviceKeyToText(key),
      name: nameOf(key),
      words: keyWords(key).join(' '),
      state,
      ...(isSelf ? { active: members === undefined || members.active.has(key) } : {}),
      addresses: isSelf ? network.addresses() : (known?.addresses ?? []).map(({ address }) => address),
      lastSeen:
        link !== undefined
          ? new Date(clock.now()).toISOString()
          : known?.lastSeenAt === undefined
            ? null
            : new Date(known.lastSeenAt).toISOString(),
      addedBy: admission === undefined ? null : deviceKeyToText(admission.author),
      method,
      heardOfRemovals: hearing?.hasHeardOfRemovals(key) ?? true,
      notHeard: (hearing?.notHeardOf(key) ?? []).map(deviceKeyToText),
      keyStorage: isSelf ? parts.keyPlace : (link?.profile?.keyStorage ?? known?.keyStorage ?? 'unknown'),
      alarms: isInTwoPlaces(key) ? ['identity-in-two-places'] : [],
    };
  };

  return {
    nameOf,
    find,
    peers,
    list() {
      const known = [...new Set([identity.deviceKey, ...(group.current()?.log.members().known ?? [])])];
      const pending = pairing.waiting().map(
        (request): DeviceListing => ({
          ...deviceListing(request.deviceKey),
          name: request.claimedName,
          state: 'pending',
          method: 'invite',
        }),
      );
      return [...known.map(deviceListing), ...pending];
    },
  };
}
