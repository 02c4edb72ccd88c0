import type { FolderIndex, FormerVersion } from '../file-index/file-index.ts';
import { type Content, sameContent } from '../model/entry.ts';
import { SyncError } from '../model/errors.ts';
import type { Hash } from '../model/ids.ts';
import { ancestorsOf, isBelow, type RelativePath, relativePath } from '../model/path.ts';
import { fromOfWrite, seenSetOf } from '../reconcile/reconcile.ts';
import { activityName } from './activity.ts';
import type { RestoreResult } from './api.ts';
import type { FolderContents, WantedContent } from './folder-contents.ts';
import type { DecidedWrite } from './folder-state.ts';
import type { AttachedFolder } from './folders.ts';
import { pastVersionsOf } from './history.ts';
import { versionOf } from './journal.ts';
import { type Place, sessionOf } from './places.ts';
import { findVersion } from './version-name.ts';
import { viewAt } from './view-at.ts';

/** What is to be brought back: one version, or the state of a moment (wall milliseconds). */
export type Wish = { readonly version: string } | { readonly at: number };

/** What shall be at a path: a version, or nothing. */
interface Target {
  readonly path: RelativePath;
  readonly version: FormerVersion | undefined;
}

/**
 * Brings a file, a directory or a whole folder back, at its place or at `to` in the same folder: first the bytes are brought here and checked, then
 * one act writes all that can be. What nobody connected has is `missing` and stays as it is. Nothing is overwritten at `to`.
 * Throws SyncError `not-found` (the version, or a moment the journal does not reach), `already-exists`, `not-allowed`, `no-space`, `disk-failed`.
 */
export async function restore(
  place: Place,
  wish: Wish,
  options: { readonly to: RelativePath | undefined; readonly dryRun: boolean; readonly signal: AbortSignal },
): Promise<RestoreResult> {
  const { folder, path } = place;
  const session = sessionOf(folder);
  const contents = session.contents();
  if (contents === undefined)
    throw new SyncError('directory-missing', { path: folder.settings.path }, { retry: 'after-user' });
  const { index } = folder;
  const { to, dryRun, signal } = options;
  if (to !== undefined && index.view(to)?.content !== undefined)
    throw new SyncError('already-exists', { what: 'path', path: to });
  const targets =
    'version' in wish
      ? [targetOfVersion(index, path, wish.version, to ?? path)]
      : moved(targetsAt(folder, path, wish.at, to !== undefined), path, to);
  const changes = targets.filter((target) => !isThere(index, target));
  const { missing, fetched } = await bring(contents, changes, dryRun, signal);
  const isPossible = ({ version }: Target): boolean =>
    version?.content.kind !== 'file' || !missing.has(version.content.content);
  const possible = changes.filter(isPossible);
  const missingPaths = changes.filter((target) => !isPossible(target)).map((target) => target.path);
  const result = { restored: possible.length, fetched, missing: missingPaths };
  if (dryRun || possible.length === 0) return { ...result, undoId: null };
  const writes = possible.map((target) => writeOf(index, target));
  const act = session.act({ kind: 'restored', path: to ?? path }, writes);
  return { ...result, undoId: activityName(folder.id, act) };
}

function targetOfVersion(
  index: FolderIndex,
  path: RelativePath | undefined,
  name: string,
  to: RelativePath | undefined,
): Target {
  if (path === undefined || to === undefined) throw new SyncError('bad-argument', { what: 'path', text: '' });
  const version = findVersion([...pastVersionsOf(index, path), ...standingVersions(index, path)], name);
  if (version.content.kind !== 'directory' && index.hasLivingBelow(to))
    throw new SyncError('not-allowed', { what: 'directory-in-the-way', path: to });
  for (const above of ancestorsOf(to)) {
    const kind = index.view(above)?.content?.kind;
    if (kind !== undefined && kind !== 'directory')
      throw new SyncError('not-allowed', { what: 'file-in-the-way', path: above });
  }
  return { path: to, version };
}

/** What is at a path now is one of its versions too. */
export function standingVersions(index: FolderIndex, path: RelativePath): FormerVersion[] {
  const { winner } = viewAt(index, path);
  const version = winner === undefined ? undefined : versionOf(winner);
  return version === undefined ? [] : [version];
}

/** Throws SyncError `not-found` for a moment before the journal begins. */
export function checkMoment(session: AttachedFolder['session'], at: number): void {
  const since = session?.journalSince();
  if (since !== undefined && at < since)
    throw new SyncError('not-found', { what: 'moment', since: new Date(since).toISOString() });
}

/** What was at and below a path at a moment: where something changed since, or with `all` also where nothing did. */
function targetsAt(
  { index, session }: AttachedFolder,
  path: RelativePath | undefined,
  at: number,
  all: boolean,
): Target[] {
  checkMoment(session, at);
  const changed = new Map(
    index
      .firstChangesSince(at, path)
      .flatMap((row) => (row.path === undefined ? [] : [[row.path, row.change?.before[0]] as const])),
  );
  if (
    path !== undefined &&
    changed.has(path) &&
    changed.get(path) === undefined &&
    !hasOtherThan(changed, path)
  )
    throw new SyncError('not-found', { what: 'version', text: path });
  const unchanged = all ? livingFrom(index, path).filter((target) => !changed.has(target.path)) : [];
  return [...[...changed].map(([where, version]) => ({ path: where, version })), ...unchanged];
}

function hasOtherThan(
  changed: ReadonlyMap<RelativePath, FormerVersion | undefined>,
  path: RelativePath,
): boolean {
  return [...changed].some(([where, version]) => where !== path && version !== undefined);
}

/** Everything there is at and below a path now that has an entry of its own. */
function livingFrom(index: FolderIndex, path: RelativePath | undefined): Target[] {
  const found: Target[] = [];
  const take = (where: RelativePath): void => {
    const [version] = standingVersions(index, where);
    if (version !== undefined) found.push({ path: where, version });
    for (const row of index.viewChildren(where)) take(row.path);
  };
  if (path !== undefined) take(path);
  else for (const row of index.viewChildren(undefined)) take(row.path);
  return found;
}

/** The targets as they lie under `to`, where only what was there matters. */
function moved(
  targets: readonly Target[],
  path: RelativePath | undefined,
  to: RelativePath | undefined,
): readonly Target[] {
  if (to === undefined) return targets;
  return targets.flatMap((target) => {
    if (target.version === undefined) return [];
    const rest = path === undefined ? `/${target.path}` : target.path.slice(path.length);
    // A copy inside of what is copied would be copied too.
    if (target.path === to || isBelow(target.path, to)) return [];
    try {
      return [{ path: relativePath(`${to}${rest}`), version: target.version }];
    } catch (error) {
      if (error instanceof RangeError)
        throw new SyncError('bad-argument', { what: 'to', text: to }, { cause: error });
      throw error;
    }
  });
}

function isThere(index: FolderIndex, { path, version }: Target): boolean {
  const view = viewAt(index, path);
  if (version === undefined) return view.winner === undefined || view.content === undefined;
  // A directory that exists only for what lies below it would go with that.
  const shown = view.winner === undefined ? undefined : versionOf(view.winner);
  return sameContent(shown?.content, version.content) && shown?.executable === version.executable;
}

async function bring(
  contents: FolderContents,
  targets: readonly Target[],
  dryRun: boolean,
  signal: AbortSignal,
): Promise<{ readonly missing: ReadonlySet<Hash>; readonly fetched: number }> {
  const wanted = targets.flatMap(({ path, version }) =>
    version === undefined ? [] : wantedOf(path, version),
  );
  const found = dryRun ? await wouldBring(contents, wanted, signal) : await contents.obtain(wanted, signal);
  const named = (how: 'fetched' | 'missing'): Hash[] =>
    [...found].flatMap(([content, where]) => (where === how ? [content] : []));
  return { missing: new Set(named('missing')), fetched: named('fetched').length };
}

async function wouldBring(
  contents: FolderContents,
  wanted: readonly WantedContent[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Hash, 'here' | 'fetched' | 'missing'>> {
  const here = await contents.here(wanted, signal);
  const found = new Map<Hash, 'here' | 'fetched' | 'missing'>();
  for (const { content, sizeBytes } of wanted) {
    if (found.has(content)) continue;
    if (here.has(content)) found.set(content, 'here');
    else
      found.set(
        content,
        (await contents.holders(content, sizeBytes, signal)).length > 0 ? 'fetched' : 'missing',
      );
  }
  return found;
}

/** What is needed of a version's bytes; nothing for what has none. */
export function wantedOf(
  path: RelativePath,
  { content, executable, modifiedAtNs }: FormerVersion,
): WantedContent[] {
  if (content.kind !== 'file') return [];
  return [{ path, content: content.content, sizeBytes: content.sizeBytes, executable, modifiedAtNs }];
}

function writeOf(index: FolderIndex, { path, version }: Target): DecidedWrite {
  const view = viewAt(index, path);
  const content: Content | undefined = version?.content;
  const before = [
    { content: view.content, from: view.winner?.entry.from ?? [] },
    { content: undefined, from: version?.from ?? [] },
  ];
  const { executable, modifiedAtNs } = version ?? { executable: false, modifiedAtNs: 0n };
  return {
    path,
    content,
    executable,
    modifiedAtNs,
    from: fromOfWrite(before, content),
    seen: seenSetOf(view),
  };
}
