import { SyncError } from '../model/errors.ts';
import { cutListHash, encodeCutList } from '../protocol/protocol.ts';
import { createFolderOp, type Identity } from '../trust/trust.ts';
import type { EngineApi } from './api.ts';
import type { DeviceDirectory } from './device-directory.ts';
import type { FolderDirectory } from './folder-directory.ts';
import type { Group } from './group.ts';
import { knownPositions } from './limited-authors.ts';

/** The part of the API that says who may change a folder. */
export function createReaderApi(parts: {
  readonly directory: FolderDirectory;
  readonly devices: DeviceDirectory;
  readonly group: Group;
  readonly identity: Identity;
}): Pick<EngineApi, 'folderPermit'> {
  const { directory, devices, group, identity } = parts;
  const self = identity.deviceKey;
  return {
    async folderPermit({ folder, device, may }) {
      await group.untilMet();
      const found = directory.findAttached(folder);
      const key = devices.find(device);
      const current = group.current();
      if (current === undefined) throw new SyncError('no-group');
      if (key === self) throw new SyncError('not-allowed', { what: 'permit-self' });
      if (!group.isActive(key)) throw new SyncError('not-member', { what: 'device' });
      if (group.accessTo(found.id, self) !== 'rw')
        throw new SyncError('not-allowed', { what: 'folder-read-only' });
      if ((group.accessTo(found.id, key) === 'rw') === (may === 'change')) return directory.listing(found.id);
      const list = may === 'read' ? encodeCutList(knownPositions(found, key)) : undefined;
      const word = {
        folderId: found.id,
        verb: 'grant',
        key,
        mode: may === 'read' ? 'ro' : 'rw',
        cut: list === undefined ? undefined : cutListHash(list),
      } as const;
      await group.write(
        createFolderOp({ log: current.log, identity }, word),
        list === undefined ? [] : [list],
      );
      return directory.listing(found.id);
    },
  };
}
