import { chunkFile } from '../chunker/chunker.ts';
import { diskPath, joinDisk } from '../filesystem/filesystem.ts';
import { createMemoryFileSystem } from '../filesystem/memory-file-system.ts';
import type { Hash } from '../model/ids.ts';
import { createManualClock } from './manual-clock.ts';

/** LIMIT: contents whose root is remembered; a world has far fewer. */
const maxHashes = 300;
const hashes = new Map<string, Hash>();

/** The content root the engine gives a text. */
export function contentHash(text: string): Hash {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  // A disk of its own: one that is never flushed remembers all that was ever on it, as what a power cut may bring back.
  const fileSystem = createMemoryFileSystem({ clock: createManualClock() });
  const path = joinDisk(diskPath('/'), 'text');
  const file = fileSystem.create(path, 0o600);
  file.write(new TextEncoder().encode(text), 0);
  file.close();
  const result = chunkFile({ fileSystem, path });
  if (result.kind === 'changed') throw new Error('nobody else writes to this disk');
  if (hashes.size >= maxHashes) hashes.clear();
  hashes.set(text, result.content);
  return result.content;
}
