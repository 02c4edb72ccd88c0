import { chunkFile } from '../chunker/chunker.ts';
import { diskPath, joinDisk } from '../filesystem/filesystem.ts';
import { createMemoryFileSystem } from '../filesystem/memory-file-system.ts';
import type { Hash } from '../model/ids.ts';
import { createManualClock } from './manual-clock.ts';

const scratch = createMemoryFileSystem({ clock: createManualClock() });
const hashes = new Map<string, Hash>();

/** The content root the engine gives a text. */
export function contentHash(text: string): Hash {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  const path = joinDisk(diskPath('/'), 'text');
  const file = scratch.create(path, 0o600);
  file.write(new TextEncoder().encode(text), 0);
  file.close();
  const result = chunkFile({ fileSystem: scratch, path });
  scratch.remove(path);
  if (result.kind === 'changed') throw new Error('nobody else writes to the scratch disk');
  if (hashes.size > 1_000) hashes.clear();
  hashes.set(text, result.content);
  return result.content;
}
