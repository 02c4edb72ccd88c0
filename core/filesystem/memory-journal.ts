import { type Random, randomFraction } from '../base/base.ts';
import type { MemoryContent, MemoryDirectory, MemoryFile, MemoryName } from './memory-tree.ts';
import { emptyContent } from './memory-tree.ts';

/** One slot of one directory before and after. */
export interface NameChange {
  readonly directory: MemoryDirectory;
  readonly slot: string;
  readonly before: MemoryName | undefined;
  readonly after: MemoryName | undefined;
}

/** Changes of names that are not on the platter yet, in the order they were made. What one call changed survives a crash whole or not at all. */
export interface NameJournal {
  /** Makes the changes of one call. */
  apply(changes: readonly NameChange[]): void;
  /** A directory's changes are on the platter, and with them whatever had to come before. */
  flush(directory: MemoryDirectory): void;
  /** Takes back what a crash loses: of each directory's unflushed changes a random number of the last. Nothing stays pending. */
  crash(random: Random): void;
}

/** An empty journal. */
export function createNameJournal(): NameJournal {
  let pending: (readonly NameChange[])[] = [];
  return {
    apply(changes) {
      for (const { directory, slot, after } of changes) put(directory, slot, after);
      pending.push(changes);
    },
    flush(directory) {
      const needed = new Set([directory]);
      const kept: (readonly NameChange[])[] = [];
      for (const changes of pending.toReversed()) {
        if (changes.some((change) => needed.has(change.directory))) {
          for (const change of changes) needed.add(change.directory);
        } else kept.push(changes);
      }
      pending = kept.reverse();
    },
    crash(random) {
      for (const changes of pending.toReversed()) {
        for (const { directory, slot, before } of changes.toReversed()) put(directory, slot, before);
      }
      const cut = new Set<MemoryDirectory>();
      for (const changes of pending) {
        const isLost = changes.some((change) => cut.has(change.directory)) || randomFraction(random) < 0.25;
        for (const { directory, slot, after } of changes) {
          if (isLost) cut.add(directory);
          else put(directory, slot, after);
        }
      }
      pending = [];
    },
  };
}

function put(directory: MemoryDirectory, slot: string, name: MemoryName | undefined): void {
  if (name === undefined) directory.names.delete(slot);
  else directory.names.set(slot, name);
}

/**
 * What a crash leaves of a file's bytes. Written and not flushed, they are there, or as they were at the last flush; a file never
 * flushed is there, empty, or of its full size and all zeros. Size and times may lie: that is what real disks do.
 */
export function contentAfterCrash(file: MemoryFile, random: Random): MemoryContent {
  if (file.content === file.flushed || file.content.sizeBytes === 0) return file.content;
  const lot = randomFraction(random);
  if (lot < 1 / 3) return file.content;
  if (file.flushed !== undefined) return file.flushed;
  return lot < 2 / 3 ? emptyContent : { ...emptyContent, sizeBytes: file.content.sizeBytes };
}
