import { type BaseRow, type BaseStatus, wasLeftOut } from '../model/base-row.ts';
import { isExecutable } from '../model/disk.ts';
import { type Content, type Member, sameContent } from '../model/entry.ts';
import type { Hash } from '../model/ids.ts';
import { samePast } from '../model/past.ts';
import type { RelativePath } from '../model/path.ts';
import { rowOfView } from './row-of-view.ts';
import type { PathView } from './view.ts';

/** Why this device does not take a path on, though the view wants something there. */
export type Obstacle = Exclude<BaseStatus, 'held' | 'implied' | 'lingering' | 'space'>;

/** What the inward path knows of one path. */
export interface InwardPath {
  readonly path: RelativePath;
  readonly view: PathView;
  readonly base: BaseRow | undefined;
  /** A rule of this device that keeps the path off its disk. */
  readonly obstacle?: Obstacle | undefined;
  /** A listing has shown the directory here to be empty: only then is a lingering one tried again. */
  readonly isEmpty?: boolean;
}

/** A regular file as the view wants it. */
export interface WantedFile {
  readonly kind: 'file';
  readonly content: Hash;
  readonly sizeBytes: number;
  readonly executable: boolean;
  readonly modifiedAtNs: bigint;
}

/** A symlink as the view wants it. */
export interface WantedSymlink {
  readonly kind: 'symlink';
  readonly target: string;
}

/**
 * What has to become of one path so that the disk shows the view. `becomes` is the base row once that is done, its `observed` still
 * to be filled in with what the disk gives back; undefined drops the row. `replaces` is the row of what stands there now.
 */
export type Decision =
  | { readonly kind: 'nothing'; readonly path: RelativePath }
  /** The disk shows it already: only the row changes (its `observed` is complete). */
  | { readonly kind: 'adopt'; readonly path: RelativePath; readonly becomes: BaseRow | undefined }
  | {
      readonly kind: 'place';
      readonly path: RelativePath;
      readonly member: Member;
      readonly wanted: WantedFile | WantedSymlink;
      readonly replaces: BaseRow | undefined;
      readonly becomes: BaseRow;
    }
  | {
      readonly kind: 'make-directory';
      readonly path: RelativePath;
      readonly replaces: BaseRow | undefined;
      readonly becomes: BaseRow;
    }
  /** Same bytes, other mode or time. */
  | {
      readonly kind: 'set-metadata';
      readonly path: RelativePath;
      readonly member: Member;
      readonly wanted: WantedFile;
      readonly replaces: BaseRow;
      readonly becomes: BaseRow;
    }
  | {
      readonly kind: 'remove';
      readonly path: RelativePath;
      readonly member: Member | undefined;
      readonly replaces: BaseRow;
      readonly becomes: BaseRow | undefined;
    }
  /** The path is given up or not taken on; the disk is not touched. */
  | { readonly kind: 'hold-back'; readonly path: RelativePath; readonly becomes: BaseRow };

/** Decides what the disk lacks of the view at one path [RC30-RC37]; the disk is taken to be as base says. */
export function decideInward(inward: InwardPath): Decision {
  const { path, view, base, obstacle } = inward;
  if (obstacle !== undefined) return heldBack(path, view, base, obstacle);
  if (base?.status === 'local-change') return { kind: 'nothing', path };
  if (base?.observed !== undefined && wasLeftOut(base)) return { kind: 'nothing', path };
  const becomes = rowOfView(path, view, base?.observed, base?.diskName);
  const standing = base?.observed === undefined ? undefined : base;
  if (view.content === undefined) return decideAbsence(inward, standing, becomes);
  if (view.content.kind === 'directory') return decideDirectory(path, base, standing, becomes as BaseRow);
  return decidePlace(inward, standing, becomes as BaseRow, view.content);
}

function heldBack(
  path: RelativePath,
  view: PathView,
  base: BaseRow | undefined,
  obstacle: Obstacle,
): Decision {
  if (base?.status === obstacle) return { kind: 'nothing', path };
  if (base === undefined && view.content === undefined) return { kind: 'nothing', path };
  const row = base ?? {
    path,
    shown: undefined,
    content: undefined,
    seen: { vector: [], except: [] },
    observed: undefined,
  };
  return { kind: 'hold-back', path, becomes: { ...row, status: obstacle } };
}

function decideAbsence(
  { path, view, base, isEmpty }: InwardPath,
  standing: BaseRow | undefined,
  becomes: BaseRow | undefined,
): Decision {
  if (standing === undefined) return adoptIfNew(path, base, becomes);
  if (standing.status === 'lingering' && isEmpty !== true) return { kind: 'nothing', path };
  const gone = becomes && withoutDiskName({ ...becomes, observed: undefined });
  return { kind: 'remove', path, member: view.winner, replaces: standing, becomes: gone };
}

function decideDirectory(
  path: RelativePath,
  base: BaseRow | undefined,
  standing: BaseRow | undefined,
  becomes: BaseRow,
): Decision {
  if (standing?.observed?.kind === 'directory') return adoptIfNew(path, base, becomes);
  return { kind: 'make-directory', path, replaces: standing, becomes: { ...becomes, observed: undefined } };
}

function decidePlace(
  { path, view, base }: InwardPath,
  standing: BaseRow | undefined,
  becomes: BaseRow,
  content: Exclude<Content, { kind: 'directory' }>,
): Decision {
  const member = view.winner as Member;
  const wanted = wantedOf(member, content);
  const blank = { ...becomes, observed: undefined };
  if (standing?.observed === undefined || !sameContent(standing.content, content)) {
    return { kind: 'place', path, member, wanted, replaces: standing, becomes: blank };
  }
  if (wanted.kind === 'symlink' || standing.shown === member.hash) return adoptIfNew(path, base, becomes);
  const { mode, modifiedAtNs } = standing.observed;
  if (isExecutable(mode) === wanted.executable && modifiedAtNs === wanted.modifiedAtNs)
    return adoptIfNew(path, base, becomes);
  return { kind: 'set-metadata', path, member, wanted, replaces: standing, becomes: blank };
}

function wantedOf(
  member: Member,
  content: Exclude<Content, { kind: 'directory' }>,
): WantedFile | WantedSymlink {
  const { entry } = member;
  if (content.kind === 'symlink' || entry.kind !== 'file')
    return { kind: 'symlink', target: (content as { target: string }).target };
  return { kind: 'file', ...entry.file };
}

function adoptIfNew(path: RelativePath, base: BaseRow | undefined, becomes: BaseRow | undefined): Decision {
  const same =
    base === becomes ||
    (base !== undefined &&
      becomes !== undefined &&
      base.status === becomes.status &&
      base.shown === becomes.shown &&
      sameContent(base.content, becomes.content) &&
      samePast(base.seen, becomes.seen));
  return same ? { kind: 'nothing', path } : { kind: 'adopt', path, becomes };
}

function withoutDiskName(row: BaseRow): BaseRow {
  const { diskName: _, ...rest } = row;
  return rest;
}
