import type { DeviceListing, Picture, PictureFolder } from '../ipc/contract.ts';

/** What a test cares about in a picture. */
export interface PictureFacts {
  readonly state: Picture['status']['state'];
  readonly sentence: string;
  readonly folders?: readonly string[];
  /** Names of devices that ask to join. */
  readonly pending?: readonly string[];
}

/** A picture of a device with these facts and nothing else. */
export function pictureOf({ state, sentence, folders = [], pending = [] }: PictureFacts): Picture {
  return {
    status: {
      deviceKey: 'SELF',
      name: 'Laptop',
      state,
      sentence,
      peers: [],
      pausedUntil: null,
      questions: 0,
      incomplete: [],
      totals: { sentBytes: 0, receivedBytes: 0 },
    },
    sentence,
    folders: folders.map((name) => folderOf({ name })),
    offered: [],
    devices: pending.map((name) => deviceOf({ key: name, name, state: 'pending' })),
  };
}

/** A folder that is up to date, but for what is given. */
export function folderOf(facts: Partial<PictureFolder> & { readonly name: string }): PictureFolder {
  return {
    id: facts.name.toLowerCase(),
    path: `/home/ana/${facts.name}`,
    state: 'up-to-date',
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
    holders: [],
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
