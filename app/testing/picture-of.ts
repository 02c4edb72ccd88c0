import type {
  ActivityItem,
  DeviceListing,
  Limits,
  Picture,
  PictureFolder,
  StatusFacts,
} from '../ipc/contract.ts';

/** What a test cares about in a picture. */
export interface PictureFacts {
  readonly state: Picture['status']['state'];
  /** What the status sentence is made of, where it is not {@link inStepFacts}. */
  readonly facts?: Partial<StatusFacts>;
  readonly pausedUntil?: string;
  readonly folders?: readonly string[];
  /** Names of devices that ask to join. */
  readonly pending?: readonly string[];
  /** Open conflicts of the first folder. */
  readonly conflicts?: number;
  readonly recent?: readonly ActivityItem[];
}

/** Of a device in step with one other. */
export const inStepFacts: StatusFacts = {
  isRemoved: false,
  needFiles: 0,
  pendingLocal: 0,
  isScanning: false,
  problems: 0,
  conflicts: 0,
  questions: 0,
  folders: 1,
  members: 1,
  connected: 1,
  holding: 1,
  behind: 0,
  differing: 0,
};

/** Of a device that may use the network as fast as it goes, always. */
export const noLimits: Limits = {
  sendBps: null,
  receiveBps: null,
  lanExempt: true,
  schedule: [],
  now: { paused: false, sendBps: null, receiveBps: null, bySchedule: false, until: null },
};

/** A picture of a device with these facts and nothing else. */
export function pictureOf(facts: PictureFacts): Picture {
  const { state, folders = [], pending = [], conflicts = 0, recent = [], pausedUntil = null } = facts;
  return {
    status: {
      deviceKey: 'SELF',
      name: 'Laptop',
      state,
      sentence: '',
      facts: { ...inStepFacts, ...facts.facts },
      peers: [],
      pausedUntil,
      pausedBy: null,
      limits: noLimits.now,
      questions: 0,
      incomplete: [],
      totals: { sentBytes: 0, receivedBytes: 0 },
    },
    folders: folders.map((name, i) => folderOf({ name, conflicts: i === 0 ? conflicts : 0 })),
    offered: [],
    devices: pending.map((name) => deviceOf({ key: name, name, state: 'pending' })),
    group: { group: null, members: [], epoch: 0, recovery: false },
    questions: [],
    recent,
  };
}

/** A folder that is up to date, but for what is given. */
export function folderOf(facts: Partial<PictureFolder> & { readonly name: string }): PictureFolder {
  return {
    id: facts.name.toLowerCase(),
    path: `/home/ana/${facts.name}`,
    state: 'up-to-date',
    pausedUntil: null,
    files: 3,
    directories: 0,
    bytes: 300,
    needFiles: 0,
    needBytes: 0,
    pendingLocal: 0,
    conflicts: 0,
    etaS: null,
    problems: [],
    moreProblems: 0,
    selection: null,
    holders: [],
    ...facts,
  };
}

/** Something that happened in the folder “Documents”. */
export function itemOf(facts: Pick<ActivityItem, 'kind' | 'path'> & Partial<ActivityItem>): ActivityItem {
  return {
    id: '00000000-1',
    at: '2026-03-05T12:00:00.000Z',
    folderId: 'documents',
    device: 'SELF',
    isNew: false,
    undoable: false,
    ...facts,
  };
}

/** A member that was never seen, but for what is given. */
export function deviceOf(
  facts: Partial<DeviceListing> & Pick<DeviceListing, 'key' | 'name' | 'state'>,
): DeviceListing {
  return {
    words: 'one two three four five six',
    addresses: [],
    lastSeen: null,
    addedBy: null,
    method: null,
    heardOfRemovals: true,
    notHeard: [],
    keyStorage: 'plain',
    alarms: [],
    ...facts,
  };
}
