import { hostname } from 'node:os';
import { type Log, systemClock, systemLocalTime, systemRandom } from '../base/base.ts';
import { openFolderIndex } from '../file-index/file-index.ts';
import {
  acquireHomeLock,
  createNodeFileSystem,
  createWatcher,
  type DiskPath,
  joinDisk,
} from '../filesystem/filesystem.ts';
import type { FolderId } from '../model/ids.ts';
import { createLibp2pNetwork } from '../network/network.ts';
import { decodeEntry } from '../protocol/protocol.ts';
import { createThreadScanService } from '../scanner/scanner.ts';
import type { Environment } from './environment.ts';

/** The machine this program runs on. */
export function createSystemEnvironment(log: Log): Environment {
  const clock = systemClock;
  const random = systemRandom;
  const fileSystem = createNodeFileSystem();
  const indexDirectory = (home: DiskPath): DiskPath => joinDisk(home, 'folders');
  const indexFile = (home: DiskPath, folderId: FolderId, suffix = ''): DiskPath =>
    joinDisk(indexDirectory(home), `${folderId}.sqlite${suffix}`);
  return {
    clock,
    toLocal: systemLocalTime,
    random,
    log,
    fileSystem,
    watcher: createWatcher({ clock }),
    scan: createThreadScanService(),
    machineName: hostname(),
    lockHome: (home) => acquireHomeLock(joinDisk(home, 'lock')),
    createNetwork: ({ seed, admission, pace, listen }) =>
      createLibp2pNetwork({ seed, admission, pace, clock, random, log }, { listen }),
    openIndex(home, folderId) {
      if (fileSystem.look(indexDirectory(home)) === undefined)
        fileSystem.makeDirectory(indexDirectory(home), 0o700);
      return openFolderIndex({ file: indexFile(home, folderId), folderId, parseEntry: decodeEntry });
    },
    discardIndex(home, folderId) {
      for (const suffix of ['', '-wal', '-shm']) {
        const path = indexFile(home, folderId, suffix);
        if (fileSystem.look(path) !== undefined) fileSystem.remove(path);
      }
    },
  };
}
