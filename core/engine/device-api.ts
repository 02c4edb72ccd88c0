import { abortable } from '../base/base.ts';
import { diskPath } from '../filesystem/filesystem.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, FolderId } from '../model/ids.ts';
import { type DialAddress, type Network, parseAddress, type PeerKeeper } from '../network/network.ts';
import { deviceKeyBegins, deviceKeyToText, type Identity, keyWords, textToDeviceKey } from '../trust/trust.ts';
import type { DeviceListing, EngineApi, EngineEvent, FolderListing, FolderStatus, PeerStatus, Status } from './api.ts';
import type { Environment } from './environment.ts';
import { folderIdOf } from './folder-reference.ts';
import type { AttachedFolder, Folders } from './folders.ts';
import type { Group } from './group.ts';
import type { Pairing } from './pairing.ts';
import type { PeerLink, PeerLinks } from './peer-links.ts';
import type { SettingsStore } from './settings.ts';
import { folderStatus, isInStepWith, isSettled, statusOf } from './status.ts';
import { createTrafficMeter } from './traffic-meter.ts';

/** How often a waiting `wait` looks although nothing was told. */
const waitPollMs = 200;

/** The parts of a running device that its API speaks for. */
export interface DeviceParts {
  readonly environment: Environment;
  readonly settings: SettingsStore;
  readonly identity: Identity;
  readonly group: Group;
  readonly network: Network;
  readonly keeper: PeerKeeper;
  readonly links: PeerLinks;
  readonly folders: Folders;
  readonly pairing: Pairing;
  readonly totals: { readonly sentBytes: number; readonly receivedBytes: number };
  refreshPeers(): void;
  statusChanged(): void;
  met(device: DeviceKey, name: string, address: DialAddress | undefined): Promise<void>;
  listen(listener: (event: EngineEvent) => void): () => void;
}

/** What a device can be asked; see {@link EngineApi}. */
export function createDeviceApi(parts: DeviceParts): EngineApi {
  const { environment, settings, identity, group, network, keeper, links, folders, pairing } = parts;
  const { clock } = environment;
  const meter = createTrafficMeter<string>(clock);
  const selfText = deviceKeyToText(identity.deviceKey);

  const deviceSettings = (key: DeviceKey) => settings.current().devices.find((device) => device.key === key);
  const nameOfDevice = (key: DeviceKey): string => {
    if (key === identity.deviceKey) return settings.current().name;
    const known = deviceSettings(key);
    const told = links.all().find(({ peer }) => peer === key)?.profile?.deviceName;
    return known?.alias ?? told ?? known?.claimedName ?? deviceKeyToText(key).slice(0, 7);
  };
  const linkTo = (key: DeviceKey): PeerLink | undefined => links.all().findLast(({ peer }) => peer === key);

  /** A device of the group, or one that asks to join, by its key, the beginning of it, or its name. */
  const findDevice = (text: string, extra: readonly DeviceKey[] = []): DeviceKey => {
    const known = [...new Set([identity.deviceKey, ...(group.current()?.log.members().known ?? []), ...extra])];
    const named = known.filter((key) => nameOfDevice(key) === text);
    const matches = named.length > 0 ? named : known.filter((key) => deviceKeyBegins(key, text));
    if (matches.length > 1) throw new SyncError('ambiguous', { what: 'device', text });
    const [match] = matches;
    if (match === undefined) throw new SyncError('not-found', { what: 'device', text });
    return match;
  };

  const offers = (): { readonly id: FolderId; readonly name: string; readonly by: DeviceKey[] }[] => {
    const offered = new Map<FolderId, { readonly id: FolderId; readonly name: string; readonly by: DeviceKey[] }>();
    for (const { peer, profile } of links.all()) {
      for (const folder of profile?.folders ?? []) {
        const known = offered.get(folder.folderId) ?? { id: folder.folderId, name: folder.name, by: [] };
        if (!known.by.includes(peer)) known.by.push(peer);
        offered.set(folder.folderId, known);
      }
    }
    return [...offered.values()];
  };

  const folderNames = (): { readonly id: FolderId; readonly name: string }[] => {
    const attached = folders.all().map(({ id, settings: { name } }) => ({ id, name }));
    return [...attached, ...offers().filter(({ id }) => !attached.some((folder) => folder.id === id))];
  };
  const findFolder = (text: string): { readonly id: FolderId; readonly name: string } => {
    const id = folderIdOf(text);
    const matches = folderNames().filter((folder) => folder.id === id || folder.name === text);
    if (matches.length > 1) throw new SyncError('ambiguous', { what: 'folder', text });
    const [match] = matches;
    if (match === undefined) throw new SyncError('not-found', { what: 'folder', text });
    return match;
  };
  const findAttached = (text: string): AttachedFolder => {
    const folder = folders.get(findFolder(text).id);
    if (folder === undefined) throw new SyncError('not-found', { what: 'folder', text });
    return folder;
  };

  const receiveRate = (): number => meter.rateOf('content', parts.totals.receivedBytes);
  const folderStatuses = (): FolderStatus[] => {
    const rate = receiveRate();
    return folders.all().map((folder) => folderStatus(folder, links.all(), rate));
  };
  const peerStatuses = (): PeerStatus[] =>
    group.others().map((peer) => {
      const state = keeper.states().find((known) => known.peer === peer);
      const link = linkTo(peer);
      const traffic = link?.connection.traffic();
      return {
        key: deviceKeyToText(peer),
        name: nameOfDevice(peer),
        state: link !== undefined ? 'connected' : state?.state === 'connecting' || state?.state === 'connected' ? 'connecting' : 'offline',
        address: link?.connection.address ?? null,
        rttMs: state?.rttMs ?? null,
        sendBps: traffic === undefined ? 0 : meter.rateOf(`${peer} sent`, traffic.sentBytes),
        receiveBps: traffic === undefined ? 0 : meter.rateOf(`${peer} received`, traffic.receivedBytes),
      };
    });

  const status = (): Status => {
    const { pausedUntil, name } = settings.current();
    const isPaused = pausedUntil === 'until-resumed' || (pausedUntil !== undefined && pausedUntil > clock.now());
    return statusOf({
      deviceKey: selfText,
      name,
      peers: peerStatuses(),
      folders: folderStatuses(),
      isPaused,
      pausedUntil: isPaused && typeof pausedUntil === 'number' ? pausedUntil : undefined,
      incomplete: shortfalls(),
      totals: { ...parts.totals },
    });
  };
  const shortfalls = (): Status['incomplete'] => {
    const watch = folders.all().flatMap(({ session }) => session?.watchShortfall() ?? []);
    return [
      { what: 'key' as const, sentence: 'The device key is kept in a plain file that only you can read.' },
      ...network.incomplete().map(({ what, cause }) => ({
        what,
        sentence:
          what === 'port'
            ? `Other devices may not be able to connect: the port could not be opened (${cause}).`
            : `Devices near may not be found by themselves: the local network could not be asked (${cause}).`,
      })),
      ...watch.slice(0, 1).map((cause) => ({
        what: 'watch' as const,
        sentence: `Not every directory can be watched (${cause}); changes are found by looking every minute. On Linux, raise fs.inotify.max_user_watches.`,
      })),
    ];
  };

  const listingOf = (id: FolderId): FolderListing => {
    const attached = folders.get(id);
    const offered = offers().find((offer) => offer.id === id);
    const by = (offered?.by ?? []).map(deviceKeyToText).sort();
    if (attached === undefined) return { id, name: offered?.name ?? '', path: null, state: 'offered', mode: 'both', offeredBy: by };
    const { state } = folderStatus(attached, links.all(), 0);
    return { id, name: attached.settings.name, path: attached.settings.path, state, mode: 'both', offeredBy: by };
  };

  const deviceListing = (key: DeviceKey): DeviceListing => {
    const members = group.current()?.log.members();
    const isSelf = key === identity.deviceKey;
    const admission = group.current()?.log.ops().find(({ body }) => body.kind === 'admit' && body.key === key);
    const known = deviceSettings(key);
    const link = linkTo(key);
    const state = isSelf ? 'self' : members?.revoked.has(key) ? 'revoked' : members?.suspended.has(key) ? 'suspended' : link === undefined ? 'offline' : 'connected';
    const method = admission?.body.kind === 'admit' ? admission.body.method : members?.known.has(key) === true ? 'founder' : null;
    return {
      key: deviceKeyToText(key),
      name: nameOfDevice(key),
      words: keyWords(key).join(' '),
      state,
      ...(isSelf ? { active: members === undefined || members.active.has(key) } : {}),
      addresses: isSelf ? network.addresses() : (known?.addresses ?? []).map(({ address }) => address),
      lastSeen: link !== undefined ? new Date(clock.now()).toISOString() : known?.lastSeenAt === undefined ? null : new Date(known.lastSeenAt).toISOString(),
      addedBy: admission === undefined ? null : deviceKeyToText(admission.author),
      method,
      heardOfRemovals: true,
      notHeard: [],
      keyStorage: isSelf || link?.profile?.keyStorage === 'plain' ? 'plain' : link?.profile === undefined || link.profile.keyStorage === 'unknown' ? 'unknown' : 'sealed',
      alarms: (group.current()?.log.alarms() ?? []).flatMap((alarm) => (alarm.kind === 'identity-in-two-places' && alarm.device === key ? [alarm.kind] : [])),
    };
  };

  const ensureGroup = async (recovery: boolean): Promise<string | undefined> => {
    if (group.current() !== undefined) return undefined;
    return (await group.found({ recovery })).recoveryCode;
  };

  const untilOf = (until: string | undefined): number | 'until-resumed' => {
    if (until === undefined) return 'until-resumed';
    const at = Date.parse(until);
    if (Number.isNaN(at)) throw new SyncError('bad-argument', { what: 'until', text: until });
    return at;
  };
  /** Ends a timed pause when its time has come. */
  const scheduleRefresh = (until: number | 'until-resumed'): void => {
    if (until !== 'until-resumed') clock.after(Math.max(0, until - clock.now()) + 50, () => void folders.refresh());
  };

  const isInStep = (wanted: readonly AttachedFolder[], devices: readonly DeviceKey[] | undefined): boolean =>
    wanted.every((folder) => {
      if (!isSettled(folder)) return false;
      const having = links.all().filter(({ index }) => index?.peerAnnouncement(folder.id) !== undefined);
      if (devices === undefined) return having.every((link) => isInStepWith(folder, link));
      return devices.every((device) => having.some((link) => link.peer === device && isInStepWith(folder, link)));
    });

  return {
    id: () => Promise.resolve({ deviceKey: selfText, words: keyWords(identity.deviceKey).join(' '), name: settings.current().name, keyStorage: 'plain' }),
    status: () => Promise.resolve(status()),
    async wait({ folder, devices, timeoutS }) {
      const keys = devices?.map((text) => findDevice(text));
      const endsAt = timeoutS === undefined ? Number.POSITIVE_INFINITY : clock.monotonic() + timeoutS * 1000;
      for (;;) {
        const wanted = folder === undefined ? folders.all() : [findAttached(folder)];
        if (isInStep(wanted, keys)) return { inStep: true };
        if (clock.monotonic() >= endsAt) throw new SyncError('timed-out', { what: 'wait' }, { retry: 'soon' });
        await new Promise<void>((resolve) => void clock.after(waitPollMs, resolve));
      }
    },
    async pause({ until }) {
      const at = untilOf(until);
      await settings.change((all) => ({ ...all, pausedUntil: at }));
      await folders.refresh();
      scheduleRefresh(at);
      return { until: at === 'until-resumed' ? null : new Date(at).toISOString() };
    },
    async resume() {
      await settings.change(({ pausedUntil: _, ...all }) => all);
      await folders.refresh();
      return { until: null };
    },

    groupCreate: (options) => group.found(options),
    groupShow() {
      const current = group.current();
      const members = current?.log.members();
      const genesis = current?.log.ops()[0]?.body;
      return Promise.resolve({
        group: current?.log.group ?? null,
        members: [...(members?.active ?? [])].map(deviceKeyToText).sort(),
        epoch: members?.epoch ?? 0,
        recovery: genesis?.kind === 'genesis' && genesis.recoveryKey !== undefined,
      });
    },
    groupLeave() {
      group.leave();
      return Promise.resolve({});
    },

    async folderAdd({ path, name }) {
      checkAbsolute(path);
      const folder = await folders.add({ path, name });
      return { folderId: folder.id };
    },
    folderList: () => Promise.resolve(folderNames().map(({ id }) => listingOf(id))),
    async folderJoin({ folder, path }) {
      checkAbsolute(path);
      const { id, name } = findFolder(folder);
      if (folders.get(id) !== undefined) throw new SyncError('already-exists', { what: 'folder', text: name });
      await folders.join({ id, name, path });
      return listingOf(id);
    },
    async folderRemove({ folder }) {
      await folders.remove(findAttached(folder).id);
      return {};
    },
    async folderPause({ folder, until }) {
      const { id } = findAttached(folder);
      const at = untilOf(until);
      await folders.pause(id, at);
      scheduleRefresh(at);
      return listingOf(id);
    },
    async folderResume({ folder }) {
      const { id } = findAttached(folder);
      await folders.resume(id);
      return listingOf(id);
    },

    async deviceInvite({ admit, recovery }) {
      const recoveryCode = await ensureGroup(recovery);
      const { text, expiresInMs } = pairing.invite({ preapproved: admit === 'any' });
      return { invitation: text, expiresInS: Math.round(expiresInMs / 1000), ...(recoveryCode === undefined ? {} : { recoveryCode }) };
    },
    async deviceJoin({ invitation, timeoutS }) {
      const deadline = new AbortController();
      const cancel = timeoutS === undefined ? () => {} : clock.after(timeoutS * 1000, () => deadline.abort(new SyncError('timed-out', { what: 'join' }, { retry: 'soon' })));
      try {
        const { group: joined } = await abortable(pairing.join(invitation, deadline.signal), deadline.signal);
        return { deviceKey: selfText, group: joined };
      } finally {
        cancel();
      }
    },
    deviceList() {
      const known = [...new Set([identity.deviceKey, ...(group.current()?.log.members().known ?? [])])];
      const pending = pairing.waiting().map((request): DeviceListing => ({
        ...deviceListing(request.deviceKey),
        name: request.claimedName,
        state: 'pending',
        method: 'invite',
      }));
      return Promise.resolve([...known.map(deviceListing), ...pending]);
    },
    deviceApprove: ({ device }) => answer(device, true),
    deviceRefuse: ({ device }) => answer(device, false),
    async deviceConnect({ device, address }) {
      const key = findDeviceOrKey(device);
      await parts.met(key, '', { address: parseAddress(address), origin: 'person' });
      parts.refreshPeers();
      keeper.tryNow(key);
      return {};
    },
    async deviceRename({ device, name }) {
      const key = findDevice(device);
      const cleaned = name.trim();
      if (cleaned === '' || cleaned.length > 64) throw new SyncError('bad-argument', { what: 'name', text: name });
      if (key === identity.deviceKey) {
        await settings.change((all) => ({ ...all, name: cleaned }));
        links.profileChanged();
      } else {
        await parts.met(key, '', undefined);
        await settings.change((all) => ({ ...all, devices: all.devices.map((known) => (known.key === key ? { ...known, alias: cleaned } : known)) }));
      }
      parts.statusChanged();
      return {};
    },
    onEvent: (listener) => parts.listen(listener),
  };

  function answer(device: string, isWelcome: boolean): Promise<Record<string, never>> {
    const waiting = pairing.waiting();
    const named = waiting.filter(({ claimedName }) => claimedName === device);
    const key = named.length === 1 ? named[0]?.deviceKey : undefined;
    pairing.answer(key ?? findDevice(device, waiting.map(({ deviceKey }) => deviceKey)), isWelcome);
    return Promise.resolve({});
  }

  function findDeviceOrKey(text: string): DeviceKey {
    try {
      return findDevice(text);
    } catch (error) {
      if (!(error instanceof SyncError) || error.code !== 'not-found') throw error;
      return textToDeviceKey(text);
    }
  }
}

/** Paths come from other programs: only a whole one means the same there and here. */
function checkAbsolute(path: string): void {
  try {
    diskPath(path);
  } catch (cause) {
    throw new SyncError('bad-argument', { what: 'path', text: path }, { cause });
  }
}
