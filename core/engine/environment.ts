import type { Clock, Log, Random } from '../base/base.ts';
import type { FolderIndex } from '../file-index/file-index.ts';
import type { DiskPath, FileSystem, HomeLock, Watcher } from '../filesystem/filesystem.ts';
import type { LocalTime } from '../limits/limits.ts';
import type { FolderId } from '../model/ids.ts';
import type { Admission, Network, Pace } from '../network/network.ts';
import type { ScanService } from '../scanner/scanner.ts';

/** Everything outside a device: the machine it runs on, or a simulated one. */
export interface Environment {
  readonly clock: Clock;
  /** What the clock on the wall shows at a wall time. */
  readonly toLocal: (at: number) => LocalTime;
  readonly random: Random;
  readonly log: Log;
  readonly fileSystem: FileSystem;
  readonly watcher: Watcher;
  readonly scan: ScanService;
  /** What a new device is called. */
  readonly machineName: string;
  /** Takes the lock of a home; throws SyncError `home-in-use`. */
  lockHome(home: DiskPath): HomeLock;
  createNetwork(options: {
    readonly seed: Uint8Array;
    readonly admission: Admission;
    readonly pace: Pace;
    readonly listen: readonly string[];
  }): Promise<Network>;
  /** Opens a folder's index in `home`; throws SyncError `index-unreadable`. */
  openIndex(home: DiskPath, folderId: FolderId): Promise<FolderIndex>;
  /** Sets an index aside or removes it, so that the next one opened is new. */
  discardIndex(home: DiskPath, folderId: FolderId): void;
}
