import { abortable, sleep } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import { type DialAddress, type Network, parseAddress, type PeerKeeper } from '../network/network.ts';
import { deviceKeyToText, type Identity, keyWords, textToDeviceKey } from '../trust/trust.ts';
import type { EngineApi, EngineEvent, FolderStatus, Status } from './api.ts';
import { createDeviceDirectory } from './device-directory.ts';
import type { Environment } from './environment.ts';
import { createFolderApi } from './folder-api.ts';
import { createFolderDirectory } from './folder-directory.ts';
import type { AttachedFolder, Folders } from './folders.ts';
import type { Group } from './group.ts';
import { groupHistory } from './group-history.ts';
import type { KeyPlace } from './key-keeping.ts';
import type { Pairing } from './pairing.ts';
import { createLimitsApi } from './limits-api.ts';
import type { LimitsInForce } from './limits-in-force.ts';
import { createPairingApi } from './pairing-api.ts';
import type { PeerLinks } from './peer-links.ts';
import { createQuestions } from './questions.ts';
import { createReaderApi } from './reader-api.ts';
import { readmit } from './readmission.ts';
import { createRemoval } from './removal.ts';
import { createRemovalApi } from './removal-api.ts';
import { changeSetting, listSettings } from './setting-keys.ts';
import type { SettingsStore } from './settings.ts';
import { folderStatus, isInStepWith, isSettled, shortfallsOf, statusOf } from './status.ts';
import { createTrafficMeter } from './traffic-meter.ts';
import { createVersionApi } from './version-api.ts';

/** How often a waiting `wait` looks although nothing was told. */
const waitPollMs = 200;
/** How long a change on disk takes to be noticed: what the watcher gathers and a look. */
const noticeMs = 250;
/** LIMIT: the time left goes by the speed of the last seconds: on a slow way a block comes every few of them. */
const timeLeftWindowMs = 15_000;

/** The parts of a running device that its API speaks for. */
export interface DeviceParts {
  readonly environment: Environment;
  readonly settings: SettingsStore;
  readonly inForce: LimitsInForce;
  readonly identity: Identity;
  readonly keyPlace: KeyPlace;
  readonly group: Group;
  readonly network: Network;
  readonly keeper: PeerKeeper;
  readonly links: PeerLinks;
  readonly folders: Folders;
  readonly pairing: Pairing;
  readonly totals: { readonly sentBytes: number; readonly receivedBytes: number };
  /** Writes down what the present connections tell of devices: names, and where they are. */
  rememberSeen(): Promise<void>;
  refreshPeers(): void;
  statusChanged(): void;
  met(device: DeviceKey, name: string, address: DialAddress | undefined): Promise<void>;
  listen(listener: (event: EngineEvent) => void): () => void;
}

/** What a device can be asked; see {@link EngineApi}. */
export function createDeviceApi(parts: DeviceParts): EngineApi {
  const { environment, settings, inForce, identity, group, network, keeper, links, folders, pairing } = parts;
  const { clock } = environment;
  const meter = createTrafficMeter<'content'>(clock, timeLeftWindowMs);
  const devices = createDeviceDirectory({ ...parts, clock });
  const directory = createFolderDirectory({ folders, links, settings, group, self: identity.deviceKey });
  const selfText = deviceKeyToText(identity.deviceKey);
  const questions = createQuestions({
    folders,
    pairing,
    self: identity.deviceKey,
    nameOf: (key) => devices.nameOf(key),
  });

  const receiveRate = (): number => meter.rateOf('content', parts.totals.receivedBytes);
  const folderStatuses = (): FolderStatus[] => {
    const rate = receiveRate();
    return folders.all().map((folder) => folderStatus(folder, links.all(), rate));
  };
  const status = (): Status => {
    const { name } = settings.current();
    const limits = inForce.now();
    return statusOf({
      deviceKey: selfText,
      name,
      peers: devices.peers(),
      folders: folderStatuses(),
      limits,
      isRemoved: group.current() !== undefined && !group.isActive(identity.deviceKey),
      questions: questions.count(),
      incomplete: shortfallsOf(network, folders, parts.keyPlace),
      totals: { ...parts.totals },
    });
  };
  const ensureGroup = async (recovery: boolean): Promise<string | undefined> => {
    if (group.current() !== undefined) return undefined;
    try {
      return (await group.found({ recovery })).recoveryCode;
    } catch (error) {
      // Another call founded it in this moment.
      if (error instanceof SyncError && error.code === 'already-in-group') return undefined;
      throw error;
    }
  };

  const isInStep = (wanted: readonly AttachedFolder[], devices: readonly DeviceKey[] | undefined): boolean =>
    wanted.every((folder) => {
      if (!isSettled(folder)) return false;
      const having = links.all().filter(({ index }) => index?.peerAnnouncement(folder.id) !== undefined);
      if (devices === undefined) return having.every((link) => isInStepWith(folder, link));
      return devices.every((device) =>
        having.some((link) => link.peer === device && isInStepWith(folder, link)),
      );
    });

  return {
    id: () =>
      Promise.resolve({
        deviceKey: selfText,
        words: keyWords(identity.deviceKey).join(' '),
        name: settings.current().name,
        keyStorage: parts.keyPlace,
      }),
    status: () => Promise.resolve(status()),
    async wait({ folder, devices: named, timeoutS, signal }) {
      const keys = named?.map((text) => devices.find(text));
      const endsAt = timeoutS === undefined ? Number.POSITIVE_INFINITY : clock.monotonic() + timeoutS * 1000;
      // What was saved just before must have been noticed, or the answer would be about the time before it.
      await sleep(clock, noticeMs, signal);
      for (;;) {
        const wanted = folder === undefined ? folders.all() : [directory.findAttached(folder)];
        if (isInStep(wanted, keys)) return { inStep: true };
        if (wanted.some(({ session }) => session?.losses.isAsking() === true))
          throw new SyncError('person-needed', { what: 'questions' }, { retry: 'after-user' });
        if (clock.monotonic() >= endsAt)
          throw new SyncError('timed-out', { what: 'wait' }, { retry: 'soon' });
        await sleep(clock, waitPollMs, signal);
      }
    },
    ...createLimitsApi({ settings, inForce, clock }),

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
    groupHistory() {
      const current = group.current();
      return Promise.resolve(
        current === undefined ? [] : groupHistory(current.log, (id) => group.heardAt(id)),
      );
    },
    async groupLeave() {
      await group.leave();
      pairing.close();
      await folders.renew();
      return {};
    },

    ...createFolderApi({ folders, directory, fileSystem: environment.fileSystem }),
    ...createReaderApi({ directory, devices, group, identity }),

    async deviceInvite({ admit, recovery }) {
      const recoveryCode = await ensureGroup(recovery);
      const { text, expiresInMs } = pairing.invite({ preapproved: admit === 'any' });
      return {
        invitation: text,
        expiresInS: Math.round(expiresInMs / 1000),
        ...(recoveryCode === undefined ? {} : { recoveryCode }),
      };
    },
    async deviceJoin({ invitation, timeoutS, signal }) {
      const deadline = new AbortController();
      const cancel =
        timeoutS === undefined
          ? () => {}
          : clock.after(timeoutS * 1000, () =>
              deadline.abort(new SyncError('timed-out', { what: 'join' }, { retry: 'soon' })),
            );
      try {
        const until = signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, signal]);
        const { group: joined } = await abortable(pairing.join(invitation, until), until);
        return { deviceKey: selfText, group: joined };
      } finally {
        cancel();
      }
    },
    ...createPairingApi({ pairing, clock, random: environment.random, self: identity.deviceKey, group }),
    deviceList: () => Promise.resolve(devices.list()),
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
      const key = devices.find(device);
      const cleaned = name.trim();
      if (cleaned === '' || cleaned.length > 64)
        throw new SyncError('bad-argument', { what: 'name', text: name });
      if (key === identity.deviceKey) {
        await settings.change((all) => ({ ...all, name: cleaned }));
        links.profileChanged();
      } else {
        await parts.met(key, '', undefined);
        await settings.change((all) => ({
          ...all,
          devices: all.devices.map((known) => (known.key === key ? { ...known, alias: cleaned } : known)),
        }));
      }
      parts.statusChanged();
      return {};
    },
    ...createRemovalApi({
      removal: createRemoval({ group, identity, folders }),
      rememberSeen: parts.rememberSeen,
      group,
      folders,
      devices,
      self: identity.deviceKey,
    }),
    ...createVersionApi({
      folders,
      directory,
      devices,
      links,
      fileSystem: environment.fileSystem,
      clock,
      self: identity.deviceKey,
    }),
    questions: () => Promise.resolve(questions.list()),
    async answer({ id, answer: word, signal }) {
      const undoId = await questions.answer(id, word, signal ?? new AbortController().signal);
      parts.statusChanged();
      return { undoId: undoId ?? null };
    },
    settingsList: () => Promise.resolve(listSettings(settings.current())),
    async settingsSet({ key, value }) {
      const changed = await changeSetting(settings, key, value);
      if (key === 'name') links.profileChanged();
      await inForce.look();
      parts.statusChanged();
      return changed;
    },
    onEvent: (listener) => parts.listen(listener),
  };

  async function answer(device: string, isWelcome: boolean): Promise<Record<string, never>> {
    const waiting = pairing.waiting();
    const named = waiting.filter(({ claimedName }) => claimedName === device);
    const key =
      (named.length === 1 ? named[0]?.deviceKey : undefined) ??
      devices.find(
        device,
        waiting.map(({ deviceKey }) => deviceKey),
      );
    const isSuspended = group.current()?.log.members().suspended.has(key) === true;
    if (isWelcome && isSuspended) await readmit({ group, identity, links }, key);
    else pairing.answer(key, isWelcome);
    return {};
  }

  function findDeviceOrKey(text: string): DeviceKey {
    try {
      return devices.find(text);
    } catch (error) {
      if (!(error instanceof SyncError) || error.code !== 'not-found') throw error;
      return textToDeviceKey(text);
    }
  }
}
