import { invariant, type Log, silentLog } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import { deviceKey, type DeviceKey, type FolderId } from '../model/ids.ts';
import { createPeerKeeper, type DialAddress, pairingTag } from '../network/network.ts';
import type { Profile } from '../protocol/protocol.ts';
import { createBlockFetcher, createFolderTurns, type IndexSession } from '../transfer/transfer.ts';
import { createIdentity, deviceKeyToText, keyWords, verifyStrict } from '../trust/trust.ts';
import { activityItem, isToldOf } from './activity.ts';
import type { DeviceIdentity, EngineEvent } from './api.ts';
import { createDeviceApi } from './device-api.ts';
import { loadDeviceSeed, lookAtDeviceKey } from './device-key-store.ts';
import type { Device, DeviceOptions } from './device-options.ts';
import type { Environment } from './environment.ts';
import { type Folders, openFolders } from './folders.ts';
import { openGroup } from './group.ts';
import { openHome } from './home.ts';
import { type KeyKeeping, type KeyPlace, keptPlain } from './key-keeping.ts';
import { rememberPort, tellsNewPlace, withDevice, withSeen } from './known-devices.ts';
import { createLimitsInForce } from './limits-in-force.ts';
import { openMembershipStore } from './membership-store.ts';
import { createNotKept } from './not-kept.ts';
import { createPacing } from './pacing.ts';
import { createPairing } from './pairing.ts';
import { createPeerLinks, type PeerLinks } from './peer-links.ts';
import { openSettings, type SettingsStore } from './settings.ts';
import { createSystemEnvironment } from './system-environment.ts';

/** LIMIT: folders whose offer is told of as news; more are only in the list. */
const maxOffersTold = 1_000;
/** How often remembered addresses and last-seen times are written while nothing else is. */
const rememberMs = 60_000;

/** Starts the device whose home is given, on this machine. Rejects with SyncError, with nothing left running, e.g. `home-in-use`, `key-exposed`, `bad-argument`. */
export async function startDevice(options: DeviceOptions): Promise<Device> {
  const log = options.log ?? silentLog;
  const device = await runDevice(createSystemEnvironment(log), options);
  if (options.listen !== undefined || device.listening().length > 0) return device;
  // The port of last time belongs to another program now, or the machine has no network: any port will do then.
  await device.stop();
  return runDevice(createSystemEnvironment(log), { ...options, listen: listenOn(0) });
}

/** Who the device in `home` is, running or not, without opening its key; a home without a key gets one, kept as `keeping` says. */
export async function readIdentity(
  home: string,
  keeping: KeyKeeping,
  log: Log = silentLog,
): Promise<DeviceIdentity> {
  const { fileSystem, random, machineName } = createSystemEnvironment(log);
  const place = await openHome(fileSystem, home);
  const parts = { fileSystem, home: place, random, keeping };
  if (lookAtDeviceKey(parts) === undefined) await loadDeviceSeed(parts);
  const key = lookAtDeviceKey(parts);
  invariant(key !== undefined, 'a key that was kept is there');
  const { name } = openSettings(fileSystem, place, machineName).current();
  return identityOf(key.deviceKey, name, key.place);
}

/** Starts a device in any environment. */
export async function runDevice(environment: Environment, options: DeviceOptions): Promise<Device> {
  const { clock, random, log, fileSystem } = environment;
  const home = await openHome(fileSystem, options.home);
  const lock = environment.lockHome(home);
  const undo: (() => Promise<void> | void)[] = [() => lock.release()];
  const stop = async (): Promise<void> => {
    let failure: Error | undefined;
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
      try {
        await step();
      } catch (error) {
        failure ??= error instanceof Error ? error : new Error(String(error));
      }
    }
    if (failure !== undefined) throw failure;
  };
  try {
    return await assemble();
  } catch (error) {
    await stop();
    throw error;
  }

  async function assemble(): Promise<Device> {
    undo.push(() => environment.scan.close());
    const keeping = options.key ?? keptPlain;
    const { seed, place: keyPlace } = await loadDeviceSeed({ fileSystem, home, random, keeping });
    const identity = createIdentity(seed);
    const settings = openSettings(fileSystem, home, options.name ?? environment.machineName);
    const { name } = options;
    if (name !== undefined && settings.current().name !== name)
      await settings.change((all) => ({ ...all, name }));
    const group = openGroup({ store: openMembershipStore(fileSystem, home), identity, clock, random });
    const listeners = new Set<(event: EngineEvent) => void>();
    let cursor = 0;
    const emit = (event: EventBody): void => {
      cursor += 1;
      for (const listener of listeners) listener({ cursor, ...event });
    };
    let isStatusDue = false;
    const statusChanged = (): void => {
      if (isStatusDue) return;
      isStatusDue = true;
      clock.after(50, () => {
        isStatusDue = false;
        emit({ kind: 'status' });
      });
    };
    const totals = { sentBytes: 0, receivedBytes: 0 };
    let isOnBattery = false;

    const pacing = createPacing(clock);
    const inForce = createLimitsInForce({
      clock,
      log,
      settings: () => settings.current(),
      toLocal: environment.toLocal,
      async changed(now) {
        pacing.set(now);
        fetcher.intakeChanged();
        await folders.refresh();
        statusChanged();
      },
    });
    undo.push(() => inForce.stop());
    const network = await environment.createNetwork({
      seed,
      pace: pacing.pace,
      admission: (peer) => (group.isKnown(peer) || pairing.isOpen(peer) ? 'admit' : 'refuse'),
      listen: listenAddresses(options, settings),
    });
    undo.push(() => network.stop());
    const keeper = createPeerKeeper({ network, clock, random, log });
    const fetcher = createBlockFetcher({ clock, random, log, intake: pacing.intake });
    const instance = random.bytes(16);
    const indexSessions = (): IndexSession[] =>
      links.all().flatMap(({ index }) => (index === undefined ? [] : [index]));

    const refreshPeers = (): void => {
      const known = settings.current().devices;
      keeper.want(
        group.wanted().map((peer) => ({
          peer,
          addresses: known.find(({ key }) => key === peer)?.addresses ?? [],
        })),
      );
      if (options.discovery !== false) network.discover(discoveryTags());
      statusChanged();
    };
    const discoveryTags = (): string[] => {
      const own = group.current()?.log.group;
      return [
        ...(own === undefined ? [] : [own.slice(0, 8)]),
        ...(pairing.wantsDiscovery() ? [pairingTag] : []),
      ];
    };
    const met = async (
      device: DeviceKey,
      claimedName: string,
      address: DialAddress | undefined,
    ): Promise<void> => {
      await settings.change((all) => ({
        ...all,
        devices: withDevice(all.devices, device, claimedName, address, clock.now()),
      }));
    };
    const pairing = createPairing({
      network,
      identity,
      group,
      clock,
      random,
      log,
      deviceName: () => settings.current().name,
      met,
      known: () =>
        settings.current().devices.map(({ key, addresses }) => ({ key: deviceKey(key), addresses })),
      asks: (request) =>
        emit({
          kind: 'device-asks',
          device: deviceKeyToText(request.deviceKey),
          name: request.claimedName,
          words: request.words.join(' '),
        }),
      joined: (device) => emit({ kind: 'device-joined', device: deviceKeyToText(device) }),
      changed: refreshPeers,
    });
    undo.push(() => pairing.stop());

    /** What each peer last said it holds of a folder: only news of that is worth another try. */
    const lastHeld = new Map<string, string>();
    const offersSeen = new Set<string>();
    const tellOffers = (): void => {
      for (const { peer, profile } of links.all()) {
        for (const offered of profile?.folders ?? []) {
          const name = `${peer} ${offered.folderId}`;
          if (
            offersSeen.size >= maxOffersTold ||
            offersSeen.has(name) ||
            folders.get(offered.folderId) !== undefined
          )
            continue;
          offersSeen.add(name);
          emit({
            kind: 'folder-offered',
            folderId: offered.folderId,
            name: offered.name,
            device: deviceKeyToText(peer),
          });
        }
      }
    };
    const rememberSeen = async (): Promise<void> => {
      await settings.change((all) => ({ ...all, devices: withSeen(all.devices, links, clock.now()) }));
    };
    const writeSeen = (): void => {
      rememberSeen().catch((error: unknown) => {
        log.write('warn', 'settings not written', { error: String(error) });
      });
    };
    let folders: Folders = noFolders;
    const notKept = createNotKept({
      identity,
      clock,
      keeps: (id) => folders.get(id) !== undefined,
      quorum: () => group.quorum(),
    });
    const links: PeerLinks = createPeerLinks({
      network,
      keeper,
      identity,
      instance,
      group,
      clock,
      random,
      log,
      fetcher,
      index: {
        clock,
        random,
        log,
        turns: createFolderTurns(clock),
        folders: () => folders.doors(),
        folder: (id) => folders.get(id)?.session?.door,
        verify: verifyStrict,
        notKept: (id) => notKept.wordOn(id),
        announced(peer, id, announcement) {
          const name = `${peer} ${id}`;
          const holds = announcement?.materialisedRoot;
          const session = folders.get(id)?.session;
          if (announcement !== undefined && session !== undefined) {
            if (session.heardRuns(peer, announcement.runs) === 'rolled-back-here') {
              beginAnew(id, 'the index is an old copy');
              return;
            }
            session.losses.heard(peer, announcement);
          }
          if (lastHeld.get(name) !== holds) folders.get(id)?.session?.peersChanged();
          if (holds === undefined) lastHeld.delete(name);
          else lastHeld.set(name, holds);
          statusChanged();
        },
      },
      folder: (id) => folders.get(id)?.session?.door,
      profile: () => profileOf(settings, folders, keyPlace),
      changed: () => peersTold(),
      profileTold() {
        tellOffers();
        if (tellsNewPlace(settings.current().devices, links)) writeSeen();
        statusChanged();
      },
      sent: (_id, bytes) => {
        totals.sentBytes += bytes;
      },
    });
    const beginAnew = (id: FolderId, why: string): void => {
      void folders.beginAnew(id, why).catch((error: unknown) => {
        log.write('error', 'no new index could be started', { folder: id, error: String(error) });
      });
    };
    const peersTold = (): void => {
      folders.peersChanged();
      // Whoever is out of the group only looks for those it still has something to tell.
      if (!group.isActive(identity.deviceKey)) refreshPeers();
      statusChanged();
    };
    folders = await openFolders({
      environment,
      home,
      settings,
      identity,
      fetcher,
      group,
      indexSessions,
      hasOthers: () => group.others().length > 0,
      isOlderCopy: (id) => beginAnew(id, 'the directory is an older copy'),
      quorum: () => group.quorum(),
      isPaused: () => inForce.now().pause !== undefined,
      isOnBattery: () => isOnBattery,
      pushed(id, entries, cameFrom) {
        for (const session of indexSessions()) session.push(id, entries, cameFrom);
      },
      changed(id) {
        for (const session of indexSessions()) session.changed(id);
        statusChanged();
      },
      shown: (id, path, what, author) =>
        emit({
          kind: 'change',
          folderId: id,
          path,
          device: author === undefined ? '' : deviceKeyToText(author),
          what,
        }),
      received: (bytes) => {
        totals.receivedBytes += bytes;
      },
      happened(id, row) {
        if (isToldOf(row)) emit({ kind: 'activity', ...activityItem(id, row) });
      },
      listChanged() {
        notKept.changed();
        links.profileChanged();
        for (const session of indexSessions()) for (const { id } of folders.all()) session.changed(id);
        statusChanged();
      },
    });
    undo.push(() => folders.stop());
    undo.push(() => links.stop());
    group.onTaken(() => links.cut());
    group.onChange(() => {
      links.groupChanged();
      folders.membersChanged();
      links.profileChanged();
      refreshPeers();
    });
    network.onAddressesChanged(refreshPeers);

    await network.start();
    await rememberPort(settings, network.addresses());
    keeper.start();
    undo.push(() => keeper.stop());
    undo.push(() => fetcher.stop());
    refreshPeers();
    await inForce.look();
    const remember = (): void => {
      writeSeen();
      cancelRemember = clock.after(rememberMs, remember);
    };
    let cancelRemember = clock.after(2_000, remember);
    undo.push(() => cancelRemember());

    const api = createDeviceApi({
      environment,
      settings,
      inForce,
      rememberSeen,
      identity,
      keyPlace,
      group,
      network,
      keeper,
      links,
      folders,
      pairing,
      totals,
      refreshPeers,
      statusChanged,
      met,
      listen(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    });
    return {
      api,
      identity: identityOf(identity.deviceKey, settings.current().name, keyPlace),
      listening: () => network.addresses(),
      woke() {
        network.woke();
        keeper.woke();
        folders.rescan();
      },
      setOnBattery(is) {
        isOnBattery = is;
      },
      stop,
    };
  }
}

type EventBody = EngineEvent extends infer Event
  ? Event extends EngineEvent
    ? Omit<Event, 'cursor'>
    : never
  : never;

const noFolders: Folders = {
  all: () => [],
  get: () => undefined,
  doors: () => [],
  add: () => Promise.reject(new SyncError('internal')),
  join: () => Promise.reject(new SyncError('internal')),
  remove: () => Promise.resolve(),
  pause: () => Promise.resolve(),
  resume: () => Promise.resolve(),
  set: () => Promise.resolve(),
  move: () => Promise.resolve(),
  refresh: () => Promise.resolve(),
  renew: () => Promise.resolve(),
  peersChanged() {},
  membersChanged() {},
  rescan() {},
  beginAnew: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};

function identityOf(key: DeviceKey, name: string, keyStorage: KeyPlace): DeviceIdentity {
  return { deviceKey: deviceKeyToText(key), words: keyWords(key).join(' '), name, keyStorage };
}

function listenAddresses(options: DeviceOptions, settings: SettingsStore): readonly string[] {
  if (options.listen !== undefined) return options.listen;
  return listenOn(settings.current().port);
}

/** Every interface, at one port; 0 is any. */
function listenOn(port: number): readonly string[] {
  return [`/ip4/0.0.0.0/tcp/${port}`, `/ip6/::/tcp/${port}`];
}

function profileOf(settings: SettingsStore, folders: Folders, keyStorage: KeyPlace): Profile {
  return {
    deviceName: settings.current().name,
    keyStorage,
    folders: folders.all().map(({ id, settings: { name }, mode, session }) => ({
      folderId: id,
      name,
      sends: mode !== 'receive',
      receives: mode !== 'send',
      paused: session === undefined,
    })),
  };
}
