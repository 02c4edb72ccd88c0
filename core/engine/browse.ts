import { compareText } from '../base/base.ts';
import type { FolderIndex, FormerVersion } from '../file-index/file-index.ts';
import { type Content, sameContent } from '../model/entry.ts';
import { childOf, isBelow, nameOf, parentOf, type RelativePath } from '../model/path.ts';
import { deviceKeyToText } from '../trust/trust.ts';
import type { DirectoryItem } from './api.ts';
import { pastVersionsOf } from './history.ts';
import type { Place } from './places.ts';
import { checkMoment } from './restore.ts';

/** LIMIT: items in one answer, also when none was asked for. */
const maxItems = 10_000;

/** What a directory may list, by name; undefined for a name at which nothing was. */
type Listed = ReadonlyMap<string, () => DirectoryItem | undefined>;

/** The items of a directory, now or at a moment (wall milliseconds). Throws SyncError `not-found` for a moment before the journal begins. */
export function browse(
  { folder, path }: Place,
  wish: {
    readonly at: number | undefined;
    readonly after: string | undefined;
    readonly limit: number | undefined;
  },
): DirectoryItem[] {
  const { at, after, limit = maxItems } = wish;
  const { index } = folder;
  if (at !== undefined) checkMoment(folder.session, at);
  const listed = at === undefined ? listNow(index, path) : listAt(index, path, at);
  const names = [...listed.keys()]
    .filter((name) => after === undefined || compareText(name, after) > 0)
    .sort(compareText);
  const items: DirectoryItem[] = [];
  for (const name of names) {
    if (items.length >= Math.min(limit, maxItems)) break;
    const item = listed.get(name)?.();
    if (item !== undefined) items.push(item);
  }
  return items;
}

function listNow(index: FolderIndex, directory: RelativePath | undefined): Listed {
  const listed = new Map<string, () => DirectoryItem | undefined>();
  for (const path of index.pathsWithActivity(directory)) {
    const name = nameBelow(path, directory);
    if (!listed.has(name)) listed.set(name, () => itemGone(index, childOf(directory, name)));
  }
  for (const { path } of index.viewChildren(directory)) listed.set(nameOf(path), () => itemNow(index, path));
  return listed;
}

function listAt(index: FolderIndex, directory: RelativePath | undefined, at: number): Listed {
  const changed = new Map<RelativePath, FormerVersion | undefined>();
  for (const { path, change } of index.firstChangesSince(at, directory))
    if (path !== undefined && path !== directory) changed.set(path, change?.before[0]);
  const hadBelow = new Map<string, boolean>();
  for (const [path, version] of changed) {
    const name = nameBelow(path, directory);
    const isBelowIt = parentOf(path) !== directory && version !== undefined;
    hadBelow.set(name, isBelowIt || hadBelow.get(name) === true);
  }
  const listed = new Map<string, () => DirectoryItem | undefined>();
  for (const { path } of index.viewChildren(directory)) listed.set(nameOf(path), () => itemNow(index, path));
  for (const [name, had] of hadBelow) {
    const path = childOf(directory, name);
    listed.set(name, () => {
      const version = changed.get(path);
      if (version !== undefined) return itemOf(index, path, version);
      if (had) return directoryAt(index, path);
      const wasHere = !changed.has(path) && index.view(path)?.winner !== undefined;
      return wasHere || hasOthersBelow(index, path, changed) ? directoryAt(index, path) : undefined;
    });
  }
  return listed;
}

function itemNow(index: FolderIndex, path: RelativePath): DirectoryItem {
  const { content, winner } = index.view(path) ?? {};
  const member = winner === undefined ? undefined : index.entry(winner)?.member;
  return {
    name: nameOf(path),
    kind: content?.kind ?? 'directory',
    size: sizeOf(content),
    changedAt: member === undefined ? null : new Date(member.entry.changedAt).toISOString(),
    device: member === undefined ? '' : deviceKeyToText(member.author),
    state: 'there',
  };
}

/** What is not there any more, as it last was: when it went, and by whom. Undefined where nothing ever was. */
function itemGone(index: FolderIndex, path: RelativePath): DirectoryItem | undefined {
  const [version] = pastVersionsOf(index, path);
  if (version === undefined)
    return index.pathsWithActivity(path).length > 0 ? directoryAt(index, path) : undefined;
  const { content, replacedAt, replacedBy } = version;
  return {
    name: nameOf(path),
    kind: content.kind,
    size: sizeOf(content),
    changedAt: new Date(replacedAt).toISOString(),
    device: replacedBy === undefined ? '' : deviceKeyToText(replacedBy),
    state: 'gone',
  };
}

/** A version that was at a path before it changed. */
function itemOf(index: FolderIndex, path: RelativePath, { content, author }: FormerVersion): DirectoryItem {
  const now = index.view(path)?.content;
  return {
    name: nameOf(path),
    kind: content.kind,
    size: sizeOf(content),
    changedAt: null,
    device: deviceKeyToText(author),
    state: now === undefined ? 'gone' : sameContent(now, content) ? 'there' : 'changed',
  };
}

/** A directory in which something has changed. */
function directoryAt(index: FolderIndex, path: RelativePath): DirectoryItem {
  const isThere = index.view(path)?.content !== undefined;
  return {
    name: nameOf(path),
    kind: 'directory',
    size: 0,
    changedAt: null,
    device: '',
    state: isThere ? 'changed' : 'gone',
  };
}

function sizeOf(content: Content | undefined): number {
  return content?.kind === 'file' ? content.sizeBytes : 0;
}

/** Whether something below a path stands as it did. */
function hasOthersBelow(
  index: FolderIndex,
  path: RelativePath,
  changed: ReadonlyMap<RelativePath, unknown>,
): boolean {
  return index
    .viewChildren(path)
    .some((row) => !changed.has(row.path) || hasOthersBelow(index, row.path, changed));
}

/** The name in `directory` through which the way to `path` leads. */
function nameBelow(path: RelativePath, directory: RelativePath | undefined): string {
  const rest = directory !== undefined && isBelow(path, directory) ? path.slice(directory.length + 1) : path;
  const slash = rest.indexOf('/');
  return slash < 0 ? rest : rest.slice(0, slash);
}
