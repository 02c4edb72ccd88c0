import { SyncError } from '../model/errors.ts';
import type { FolderId } from '../model/ids.ts';
import type { DeviceKey } from '../model/ids.ts';
import { deviceKeyToText } from '../trust/trust.ts';
import type { FolderListing } from './api.ts';
import { folderIdOf } from './folder-reference.ts';
import type { AttachedFolder, Folders } from './folders.ts';
import type { Group } from './group.ts';
import type { PeerLinks } from './peer-links.ts';
import { massChangeLimitsOf, type SettingsStore } from './settings.ts';
import { folderStatus } from './status.ts';

/** The folders held here and those that connected devices offer, as people name and see them. */
export interface FolderDirectory {
  /** A folder by its id, or by its name if only one has it; throws SyncError `not-found` or `ambiguous`. */
  find(text: string): { readonly id: FolderId; readonly name: string };
  /** The same among those held here. */
  findAttached(text: string): AttachedFolder;
  listing(id: FolderId): FolderListing;
  list(): readonly FolderListing[];
}

/** The directory over the folders here and the links to others. */
export function createFolderDirectory({
  folders,
  settings,
  links,
  group,
  self,
}: {
  readonly folders: Folders;
  readonly settings: SettingsStore;
  readonly links: PeerLinks;
  readonly group: Group;
  readonly self: DeviceKey;
}): FolderDirectory {
  const offers = (): { readonly id: FolderId; readonly name: string; readonly by: DeviceKey[] }[] => {
    const offered = new Map<
      FolderId,
      { readonly id: FolderId; readonly name: string; readonly by: DeviceKey[] }
    >();
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
  const find = (text: string): { readonly id: FolderId; readonly name: string } => {
    const id = folderIdOf(text);
    const matches = folderNames().filter((folder) => folder.id === id || folder.name === text);
    if (matches.length > 1) throw new SyncError('ambiguous', { what: 'folder', text });
    const [match] = matches;
    if (match === undefined) throw new SyncError('not-found', { what: 'folder', text });
    return match;
  };
  const findAttached = (text: string): AttachedFolder => {
    const folder = folders.get(find(text).id);
    if (folder === undefined) throw new SyncError('not-found', { what: 'folder', text });
    return folder;
  };

  const listing = (id: FolderId): FolderListing => {
    const attached = folders.get(id);
    const offered = offers().find((offer) => offer.id === id);
    const by = (offered?.by ?? []).map(deviceKeyToText).sort();
    const rights = {
      mayChange: group.accessTo(id, self) === 'rw',
      readers: [...(group.current()?.log.members().active ?? [])]
        .filter((device) => group.accessTo(id, device) !== 'rw')
        .map(deviceKeyToText)
        .sort(),
    };
    if (attached === undefined)
      return {
        id,
        name: offered?.name ?? '',
        path: null,
        state: 'offered',
        mode: 'both',
        massChange: null,
        ...rights,
        offeredBy: by,
      };
    const { state } = folderStatus(attached, links.all(), 0);
    return {
      id,
      name: attached.settings.name,
      path: attached.settings.path,
      state,
      mode: attached.mode,
      selection: attached.settings.selection ?? null,
      ...rights,
      massChange: massChangeLimitsOf(settings.current(), attached.settings),
      offeredBy: by,
    };
  };

  return { find, findAttached, listing, list: () => folderNames().map(({ id }) => listing(id)) };
}
