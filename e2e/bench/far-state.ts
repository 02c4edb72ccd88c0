import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { contentOf } from '../harness/harness.ts';

/** What the far folder must show, as cheap looks at single places, the least likely to come first last. */
export interface Expected {
  readonly count: number;
  isThere(at: number): boolean;
}

/** LIMIT: fine beside the shortest time that is measured, and next to nothing of a processor. */
const lookMs = 3;
/** LIMIT: looks at many places at a time must not keep memory and processor samples from being taken. */
const looksAtOnce = 5000;

/** Resolves when all that is expected was seen; each place is looked at until it is there, and then no more. */
export async function farShows({ count, isThere }: Expected, deadlineMs: number): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  let at = 0;
  for (;;) {
    for (let looks = 0; at < count && looks < looksAtOnce && isThere(at); looks += 1) at += 1;
    if (at === count) return;
    if (performance.now() > deadline)
      throw new Error(`only ${at} of ${count} are there after ${deadlineMs / 1000} s`);
    await sleep(lookMs);
  }
}

/** Throws unless both directories hold the same, by SHA-256 of every file. */
export function expectSame(near: string, far: string): void {
  const [one, other] = [contentOf(near), contentOf(far)];
  const apart = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (name) => one[name] !== other[name] && !isOfTool(name),
  );
  if (apart.length > 0) throw new Error(`${apart.length} paths differ: ${apart.slice(0, 5).join(', ')}`);
}

/** What a program put there for itself. */
function isOfTool(name: string): boolean {
  return name.startsWith('.stfolder');
}

/** A file of this size. */
export function hasSize(sizeBytes: number, ...place: readonly string[]): boolean {
  return fs.lstatSync(path.join(...place), { throwIfNoEntry: false })?.size === sizeBytes;
}

/** A file that has these bytes at an offset. */
export function hasBytes(file: string, offset: number, bytes: Uint8Array): boolean {
  let handle: number;
  try {
    handle = fs.openSync(file, 'r');
  } catch {
    return false;
  }
  try {
    const seen = Buffer.alloc(bytes.length);
    return fs.readSync(handle, seen, 0, seen.length, offset) === seen.length && seen.equals(bytes);
  } finally {
    fs.closeSync(handle);
  }
}

export function isGone(...place: readonly string[]): boolean {
  return fs.lstatSync(path.join(...place), { throwIfNoEntry: false }) === undefined;
}
