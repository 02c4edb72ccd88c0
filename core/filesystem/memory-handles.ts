import type { Observed } from '../model/disk.ts';
import { DiskError, type DiskPath, type WriteHandle } from './file-system.ts';
import {
  type MemoryContent,
  type MemoryFile,
  readContent,
  resizeContent,
  writeContent,
} from './memory-tree.ts';

/** What a handle asks of its disk. */
export interface HandleDisk {
  /** Whether the disk crashed since the handle was opened. */
  isStale(): boolean;
  observe(file: MemoryFile): Observed;
  /** Gives the file what `make` makes, `storedBytes` of it stored; throws DiskError ENOSPC before it makes anything. */
  store(file: MemoryFile, storedBytes: number, make: () => MemoryContent): void;
  closed(file: MemoryFile): void;
}

/** An open file of the memory disk. */
export function memoryHandle(
  disk: HandleDisk,
  file: MemoryFile,
  path: DiskPath,
  access: 'read' | 'write',
): WriteHandle {
  let isOpen = true;
  const check = (call: string, wanted: 'read' | 'write'): void => {
    if (!isOpen || disk.isStale() || (wanted === 'write' && access === 'read')) {
      throw new DiskError('EBADF', call, path);
    }
  };
  return {
    read(into, position) {
      check('read', 'read');
      return readContent(file.content, into, position);
    },
    write(bytes, position) {
      check('write', 'write');
      if (bytes.length === 0) return;
      const storedBytes = Math.max(file.content.storedBytes, position + bytes.length);
      disk.store(file, storedBytes, () => writeContent(file.content, bytes, position, file.flushed));
    },
    truncate(sizeBytes) {
      check('truncate', 'write');
      const storedBytes = Math.min(file.content.storedBytes, sizeBytes);
      disk.store(file, storedBytes, () => resizeContent(file.content, sizeBytes, file.flushed));
    },
    look() {
      check('look', 'read');
      return disk.observe(file);
    },
    close() {
      check('close', 'read');
      isOpen = false;
      disk.closed(file);
    },
  };
}
