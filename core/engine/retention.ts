import type { CommitContext } from '../apply/apply.ts';
import { inPages } from '../base/base.ts';
import type { FolderIndex, KeptVersion, ViewRow } from '../file-index/file-index.ts';
import { removeQuietly } from '../filesystem/filesystem.ts';
import { sameContent } from '../model/entry.ts';

/** How long and how much is kept of what sync replaced or removed. */
export interface Retention {
  readonly keepDays: number;
  /** Of the disk's size, 0 to 1. */
  readonly maxShare: number;
}

/** LIMIT: rows read at a time. */
const rowsAtATime = 1_000;
const dayMs = 24 * 60 * 60_000;
/**
 * LIMIT: a clock that is more than this ahead of the last sweep has leapt, or the device was off that long; then nothing goes by its age for
 * two days more, so that a clock that is wrong can be set right.
 */
const leapMs = 2 * dayMs;
const lastSweptFact = 'versions-swept';
const leaptFact = 'clock-leapt';
/** When orphans were first looked for under this index, wall milliseconds. */
const orphansFact = 'orphans-since';

/** The contents that stand in open conflicts, wherever in the folder. */
function contestedContents(index: FolderIndex): ReadonlySet<string> {
  const contents = new Set<string>();
  for (const { path } of inPages<ViewRow>((last) => index.conflicts(last?.path, rowsAtATime)))
    for (const { entry } of index.members(path)) if (entry.kind === 'file') contents.add(entry.file.content);
  return contents;
}

/** Whether it is about to be shown: then it must not be fetched from elsewhere. */
function isAwaited(index: FolderIndex, { path, content }: KeptVersion): boolean {
  return index.pendingAt(path) !== undefined && sameContent(index.view(path)?.content, content);
}

/** Whether the clock can be believed about the age of things; remembers in the index when it was asked, inside a transaction of its own. */
function isSteady(index: FolderIndex, now: number): boolean {
  const last = Number(index.fact(lastSweptFact) ?? now);
  const hasLeapt = now - last > leapMs;
  const leaptAt = hasLeapt ? now : Number(index.fact(leaptFact) ?? Number.NEGATIVE_INFINITY);
  // A clock that was set back is asked again from there.
  const isOver = now - leaptAt >= leapMs || now < leaptAt;
  index.transaction(() => {
    index.setFact(lastSweptFact, String(now));
    index.setFact(leaptFact, isOver ? undefined : String(leaptAt));
  });
  return isOver;
}

/**
 * Removes kept versions that are older than `keepDays`, by a clock that has not just leapt, then the oldest while all together take more than `maxShare` of the disk; never one that stands in a conflict, since somebody may still choose it.
 * Files in the version store that no row knows go a day after a sweep first met them under this index. The row goes first: what a stop leaves is such a file.
 */
export function sweepVersions({ fileSystem, root, index, clock }: CommitContext, retention: Retention): void {
  const now = clock.now();
  const oldest = isSteady(index, now) ? now - retention.keepDays * dayMs : Number.NEGATIVE_INFINITY;
  const maxBytes = fileSystem.space(root.root).totalBytes * retention.maxShare;
  const versions = allVersions(index);
  const contested = contestedContents(index);
  const isPinned = (version: KeptVersion): boolean =>
    (version.content.kind === 'file' && contested.has(version.content.content)) || isAwaited(index, version);
  let bytes = versions.reduce((sum, version) => sum + bytesOf(version), 0);
  let replacedAt = Number.NEGATIVE_INFINITY;
  for (const version of versions) {
    // In the order in which they came here: one that seems older than the one before was replaced while the clock was behind.
    replacedAt = Math.max(replacedAt, Math.min(version.replacedAt, now));
    const isDue = replacedAt < oldest || (bytes > maxBytes && version.storedName !== undefined);
    if (!isDue || isPinned(version)) continue;
    index.transaction(() => index.removeVersion(version.id));
    bytes -= bytesOf(version);
    if (version.storedName !== undefined) removeStored(version.storedName);
  }
  sweepOrphans();

  function sweepOrphans(): void {
    const since = Number(index.fact(orphansFact) ?? now);
    if (since === now) index.transaction(() => index.setFact(orphansFact, String(now)));
    if (now - since < dayMs) return;
    const known = new Set(allVersions(index).flatMap(({ storedName }) => storedName ?? []));
    for (const { version } of index.intents()) if (version !== undefined) known.add(version.storedName);
    for (const listed of fileSystem.list(root.versions)) {
      if (!('name' in listed) || known.has(listed.name)) continue;
      const seen = fileSystem.look(root.versionAt(listed.name));
      if (seen === undefined || seen.kind === 'directory') continue;
      if (now - Number(seen.changedAtNs / 1_000_000n) > dayMs) removeStored(listed.name);
    }
  }

  function removeStored(name: string): void {
    removeQuietly(fileSystem, root.versionAt(name));
  }
}

/** All kept versions, oldest first. */
function allVersions(index: FolderIndex): KeptVersion[] {
  return [...inPages<KeptVersion>((last) => index.versions(last?.id ?? 0, rowsAtATime))];
}

function bytesOf({ content, storedName }: KeptVersion): number {
  return storedName !== undefined && content.kind === 'file' ? content.sizeBytes : 0;
}
