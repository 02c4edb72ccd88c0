import { oneChunkManifest } from '../../chunker/chunker.ts';
import { blockOf } from '../../chunker/testing/block-of.ts';
import { DiskError } from '../../filesystem/filesystem.ts';
import { parseSample, sampleHash, sampleIncarnation, sampleKey } from '../../file-index/testing/samples.ts';
import type { BaseRow } from '../../model/base-row.ts';
import { type Content, type Entry, type Member, sameContent } from '../../model/entry.ts';
import { relativePath, type RelativePath } from '../../model/path.ts';
import { classifyPath, type Finding, viewOf } from '../../reconcile/reconcile.ts';
import type { Commit } from '../commit.ts';
import { commitGroup } from '../commit-group.ts';
import { makeDirectories, removeDirectories } from '../directories.ts';
import { setMetadata } from '../metadata.ts';
import type { Outcome } from '../outcome.ts';
import { recoverCommits } from '../recover.ts';
import { modeFor, openPart } from '../staging.ts';
import { adoptOrphans, sweepStaging } from '../sweep.ts';
import { type ApplyWorld, contentOfText, contentOnDisk, hashWith } from './apply-world.ts';

/** What the other device wants: the text at each path (`dir`, `-> TARGET`), or undefined for nothing there. */
export type Wanted = Map<string, string | undefined>;

/** What a scan took for a user's doing. */
export interface UserWrite {
  readonly path: string;
  readonly because: Extract<Finding, { kind: 'write' }>['because'];
}

/** The time everything the other device wrote has. */
export const remoteTimeNs = 1_650_000_000_123_456_789n;

/** The one file whose time alone is to change. */
export const metadataPath = 'touched.txt';

const mine = { incarnation: sampleIncarnation('a'), counter: 1 };
const theirs = { incarnation: sampleIncarnation('b'), counter: 1 };

/** The other device's entry at a path; it has seen what this device had there. */
export function memberFor(path: RelativePath, text: string | undefined): Member {
  const common = {
    path,
    dot: theirs,
    past: { vector: [mine, theirs], except: [] },
    changedAt: 5,
    from: [],
    found: false,
  };
  const content = text === undefined ? undefined : contentOfText(text);
  let entry: Entry;
  if (content === undefined) entry = { ...common, kind: 'tombstone' };
  else if (content.kind === 'file')
    entry = { ...common, kind: 'file', file: { ...content, executable: false, modifiedAtNs: remoteTimeNs } };
  else if (content.kind === 'symlink')
    entry = { ...common, kind: 'symlink', symlink: { target: content.target } };
  else entry = { ...common, kind: 'directory' };
  return parseSample(encoded(entry), sampleKey('b'));
}

function encoded(entry: Entry): Uint8Array {
  return Buffer.from(
    JSON.stringify(entry, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
  );
}

/** The other device's entries reach the state, as they do before anything is brought in. */
export function learn({ index }: ApplyWorld, wanted: Wanted): void {
  index.transaction(() => {
    for (const [path, text] of wanted) {
      const member = memberFor(relativePath(path), text);
      index.setMembers(
        member.entry.path,
        [],
        [{ member, bytes: encoded(member.entry), changeSet: sampleHash('set'), position: 0 }],
      );
    }
  });
}

/** The row of what this device holds at a path, as the disk shows it now. */
export function hold(world: ApplyWorld, path: string): BaseRow {
  const at = world.root.at(path);
  const row: BaseRow = {
    path: relativePath(path),
    status: 'held',
    shown: sampleHash(`mine ${path}`),
    content: contentOnDisk(world.inner, at),
    seen: { vector: [mine], except: [] },
    observed: world.inner.look(at),
  };
  world.index.transaction(() => world.index.putBase(row));
  return row;
}

/** The row a path gets when the other device's text is there. */
export function rowFor(path: string, text: string): Omit<BaseRow, 'observed'> {
  const member = memberFor(relativePath(path), text);
  return {
    path: relativePath(path),
    status: 'held',
    shown: member.hash,
    content: contentOfText(text),
    seen: member.entry.past,
  };
}

/** Stages a text as the other device's file or symlink, ready to be placed. */
export async function stage(
  world: ApplyWorld,
  path: string,
  text: string,
  replaces: BaseRow | undefined,
): Promise<Extract<Commit, { kind: 'place' }>> {
  const { disk, root, random } = world;
  const content = contentOfText(text);
  const common = {
    kind: 'place',
    path: relativePath(path),
    replaces,
    becomes: rowFor(path, text),
    author: sampleKey('b'),
    keep: true,
  } as const;
  if (content.kind === 'symlink') {
    const stagedName = `s-${random.below(1e9)}`;
    disk.makeSymlink(content.target, root.stagedAt(stagedName));
    return { ...common, stagedName, staged: there(world, stagedName) };
  }
  if (content.kind !== 'file') throw new Error('only files and symlinks are staged');
  const stagedName = `${content.content.slice(0, 24)}.part`;
  const part = await openPart({
    fileSystem: disk,
    root,
    name: stagedName,
    manifest: oneChunkManifest(content.content, content.sizeBytes),
    breathe: () => Promise.resolve(),
  });
  part.put(0, blockOf(Buffer.from(text)));
  return {
    ...common,
    stagedName,
    staged: part.seal({ mode: modeFor(0o644, false), modifiedAtNs: remoteTimeNs }),
  };
}

function there({ disk, root }: ApplyWorld, stagedName: string) {
  const observed = disk.look(root.stagedAt(stagedName));
  if (observed === undefined) throw new Error('nothing staged');
  return observed;
}

/** Brings the disk to what is wanted, as the engine does: in one order, planned from the rows, so that it can be done again after anything. */
export async function bringIn(world: ApplyWorld, wanted: Wanted): Promise<readonly Outcome[]> {
  const { context, index } = world;
  const outcomes: Outcome[] = [];
  const record = (more: readonly Outcome[]): void => void outcomes.push(...more);
  const due = Array.from(wanted, ([path, text]) => ({
    path,
    text,
    base: index.base(relativePath(path)),
  })).filter(
    ({ text, base }) =>
      !sameContent(
        base?.observed === undefined ? undefined : base.content,
        text === undefined ? undefined : contentOfText(text),
      ),
  );
  const isDirectory = (base: BaseRow | undefined): boolean => base?.observed?.kind === 'directory';
  await removeDirectories(
    context,
    due
      .filter(({ base }) => isDirectory(base))
      .flatMap(({ base }) =>
        base === undefined
          ? []
          : [
              {
                path: base.path,
                row: base,
                leaves: undefined,
                lingers: { ...base, status: 'lingering' as const, shown: undefined, content: undefined },
              },
            ],
      ),
    record,
  );
  const retired = due.flatMap(({ path, text, base }): Commit[] => {
    if (base?.observed === undefined || isDirectory(base) || (text !== undefined && text !== 'dir'))
      return [];
    if (isMovedAway(world, wanted, base)) return [];
    return [
      {
        kind: 'retire',
        path: relativePath(path),
        replaces: base,
        keep: true,
        becomes: undefined,
        reason: text === undefined ? 'deleted' : 'replaced',
        author: sampleKey('b'),
      },
    ];
  });
  await commitGroup(context, retired, record);
  await makeDirectories(
    context,
    due.flatMap(({ path, text }) => (text === 'dir' ? [rowFor(path, text)] : [])),
    record,
  );
  const moves = stageMoves(world, wanted, due);
  const moved = new Set(moves.map(({ path }) => path));
  await commitGroup(context, moves, record);
  const fetched: Commit[] = [];
  for (const { path, text } of due) {
    if (text === undefined || text === 'dir' || moved.has(relativePath(path))) continue;
    const standing = index.base(relativePath(path));
    if (isDirectory(standing)) continue;
    try {
      fetched.push(await stage(world, path, text, standing?.observed === undefined ? undefined : standing));
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
    }
  }
  await commitGroup(context, fetched, record);
  const touched = Array.from(wanted, ([path]) => index.base(relativePath(path))).filter(
    (row) =>
      row?.path === metadataPath &&
      row.observed?.kind === 'file' &&
      row.observed.modifiedAtNs !== remoteTimeNs &&
      sameContent(row.content, contentOfText(wanted.get(row.path) ?? '')),
  );
  await setMetadata(
    context,
    touched.flatMap((row) =>
      row === undefined
        ? []
        : [
            {
              row,
              mode: 0o644,
              modifiedAtNs: remoteTimeNs,
              becomes: rowFor(row.path, wanted.get(row.path) ?? ''),
            },
          ],
    ),
    record,
  );
  return outcomes;
}

function isMovedAway(world: ApplyWorld, wanted: Wanted, row: BaseRow): boolean {
  return (
    row.observed?.modifiedAtNs === remoteTimeNs &&
    Array.from(wanted).some(
      ([path, text]) =>
        text !== undefined &&
        path !== row.path &&
        sameContent(contentOfText(text), row.content) &&
        !sameContent(world.index.base(relativePath(path))?.content, row.content),
    )
  );
}

/** A second name for each file that only changes its place, then the first goes: chains and swaps too. */
function stageMoves(
  world: ApplyWorld,
  wanted: Wanted,
  due: readonly {
    readonly path: string;
    readonly text: string | undefined;
    readonly base: BaseRow | undefined;
  }[],
): Commit[] {
  const { disk, root, index, random } = world;
  const rows = Array.from(wanted.keys(), (path) => index.base(relativePath(path)));
  const staged = due.flatMap(({ path, text, base }) => {
    if (text === undefined || text === 'dir') return [];
    const from = rows.find(
      (row) =>
        row?.observed?.kind === 'file' &&
        row.observed.modifiedAtNs === remoteTimeNs &&
        row.path !== path &&
        sameContent(row.content, contentOfText(text)) &&
        wanted.get(row.path) !== text,
    );
    if (from === undefined || base?.observed?.kind === 'directory') return [];
    const stagedName = `m-${random.below(1e9)}`;
    try {
      disk.link(root.at(from.path), root.stagedAt(stagedName));
      return [{ path, text, base, from, stagedName, staged: there(world, stagedName) }];
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      if (world.inner.look(root.stagedAt(stagedName)) !== undefined)
        world.inner.remove(root.stagedAt(stagedName));
      return [];
    }
  });
  const sources = new Set<string>(staged.map(({ from }) => from.path));
  const targets = new Set<string>(staged.map(({ path }) => path));
  return staged.flatMap(({ path, text, base, from, stagedName, staged: observed }): Commit[] => {
    const replaces = base?.observed === undefined ? undefined : base;
    const place: Commit = {
      kind: 'place',
      path: relativePath(path),
      stagedName,
      staged: observed,
      replaces,
      becomes: rowFor(path, text),
      author: sampleKey('b'),
      keep: !sources.has(path),
    };
    if (targets.has(from.path) || wanted.get(from.path) !== undefined) return [place];
    return [
      place,
      {
        kind: 'retire',
        path: from.path,
        replaces: from,
        keep: false,
        becomes: undefined,
        reason: 'deleted',
        author: sampleKey('b'),
      },
    ];
  });
}

/** Looks at every path as a scan does, once all names are durable, lets rows follow, and takes what users did for wanted from now on. Gives their writes. */
export async function scan(world: ApplyWorld, wanted: Wanted): Promise<readonly UserWrite[]> {
  const { index, inner, root, user } = world;
  const writes: UserWrite[] = [];
  await recoverCommits(world.context);
  const tree = user.tree();
  const directories = [...tree].flatMap(([path, text]) => (text === 'dir' ? [root.at(path)] : []));
  await inner.flushDirectories([root.root, ...directories]);
  const paths = new Set([...wanted.keys(), ...tree.keys()]);
  for (const name of [...paths].sort()) {
    const path = relativePath(name);
    const at = root.at(name);
    const observed = inner.look(at);
    const base = index.base(path);
    const text = wanted.get(name);
    const isKnown = wanted.has(name);
    const members = isKnown ? [memberFor(path, text)] : [];
    const content = contentOnDisk(inner, at);
    const view = viewOf(
      members,
      [...wanted].some(([other, what]) => what !== undefined && other.startsWith(`${name}/`)),
    );
    const finding = classifyPath({
      path,
      base,
      intent: index.intent(path),
      observed,
      content,
      view,
      members,
      shownFrom: [],
      wasWatched: true,
    });
    index.transaction(() => {
      if (finding.kind === 'special' || finding.kind === 'needs-content') return;
      index.removeIntent(path);
      if (finding.kind === 'redo-intent') index.removeBase(path);
      if (finding.kind === 'adopt' && finding.row === undefined) index.removeBase(path);
      if (finding.kind === 'adopt' && finding.row !== undefined) index.putBase({ ...finding.row, observed });
      if (finding.kind !== 'write') return;
      writes.push({ path: name, because: finding.because });
      wanted.set(name, textOf(finding.content, user.read(name)));
      if (finding.content === undefined) index.removeBase(path);
      else hold(world, name);
    });
  }
  return writes;
}

function textOf(content: Content | undefined, text: string | undefined): string | undefined {
  if (content === undefined) return undefined;
  return content.kind === 'directory' ? 'dir' : text;
}

/** What the engine does when it starts: recovers, sweeps, scans, and takes in what the version store holds without a row. */
export async function startAgain(world: ApplyWorld, wanted: Wanted): Promise<readonly UserWrite[]> {
  await recoverCommits(world.context);
  sweepStaging(world.context, new Set());
  const writes = await scan(world, wanted);
  await adoptOrphans(world.context, { hash: hashWith(world.inner), signal: new AbortController().signal });
  return writes;
}
