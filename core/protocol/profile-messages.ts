import { bytesToHex, hexToBytes } from '../base/pure.ts';
import { type FolderId, folderId } from '../model/ids.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from './cbor.ts';
import { readBytes, readChoice, readInteger, readList, readTuple } from './cbor-read.ts';
import { deviceNameLimits, folderNameLimits, nameToBytes, readName } from './claimed-name.ts';
import { maxFrameBytes } from './frame-stream.ts';

/** What a device says of itself to another member, whole each time: sent after the trust exchange and again when it changes. */
export interface Profile {
  readonly deviceName: string;
  readonly keyStorage: KeyStorage;
  readonly folders: readonly ProfileFolder[];
}

/** Where a device can say it keeps its key, by the number that is sent. */
export const keyStorages = [
  'unknown',
  'os-store',
  'keyring',
  'systemd-creds',
  'passphrase',
  'plain',
] as const;
/** Where a device says it keeps its key. */
export type KeyStorage = (typeof keyStorages)[number];

/** A folder the device knows of; one it neither sends nor receives is known to it but not kept there. */
export interface ProfileFolder {
  readonly folderId: FolderId;
  readonly name: string;
  readonly sends: boolean;
  readonly receives: boolean;
  readonly paused: boolean;
}

/** LIMIT: folders in one profile; with the longest names they still fit in one frame. */
export const maxProfileFolders = 256;

const profileType = 0;
const flag = { sends: 1, receives: 2, paused: 4 } as const;

/** One frame of `/lockstep/profile/1`; names are cleaned and cut to their limits. */
export function encodeProfile(profile: Profile): Uint8Array {
  return encodeCanonical([
    profileType,
    nameToBytes(profile.deviceName, deviceNameLimits),
    keyStorages.indexOf(profile.keyStorage),
    profile.folders.map((folder) => [
      hexToBytes(folder.folderId),
      nameToBytes(folder.name, folderNameLimits),
      (folder.sends ? flag.sends : 0) |
        (folder.receives ? flag.receives : 0) |
        (folder.paused ? flag.paused : 0),
    ]),
  ]);
}

/** Reads one frame of `/lockstep/profile/1`; flags from a later version are ignored. Throws SyncError `peer-misbehaved`. */
export function decodeProfile(frame: Uint8Array): Profile {
  const message = decodeCanonical(frame, {
    maxBytes: maxFrameBytes['/lockstep/profile/1'],
    maxItems: 8 + 4 * maxProfileFolders,
  });
  const [type, deviceName, keyStorage, folders] = readTuple(message, 4, 'profile');
  readInteger(type, profileType, profileType, 'profile-type');
  return {
    deviceName: readName(deviceName, deviceNameLimits, 'profile-device-name'),
    keyStorage: readChoice(keyStorage, keyStorages, 'profile-key-storage'),
    folders: readList(folders, 0, maxProfileFolders, readFolder, 'profile-folders'),
  };
}

function readFolder(value: CborValue): ProfileFolder {
  const [id, name, flagsValue] = readTuple(value, 3, 'profile-folder');
  const flags = readInteger(flagsValue, 0, 0xffff, 'profile-flags');
  return {
    folderId: folderId(bytesToHex(readBytes(id, 16, 16, 'profile-folder-id'))),
    name: readName(name, folderNameLimits, 'profile-folder-name'),
    sends: (flags & flag.sends) !== 0,
    receives: (flags & flag.receives) !== 0,
    paused: (flags & flag.paused) !== 0,
  };
}
