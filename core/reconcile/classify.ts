import { type BaseRow, type Intent, wasLeftOut } from '../model/base-row.ts';
import { type Observed, isExecutable, isSameObserved } from '../model/disk.ts';
import { type Content, contentOf, isLiving, type Member, sameContent } from '../model/entry.ts';
import type { HashPrefix } from '../model/ids.ts';
import { emptyPast, type Past, unionPasts } from '../model/past.ts';
import type { RelativePath } from '../model/path.ts';
import { prefixOfContent } from './content-prefix.ts';
import { rowOfView } from './row-of-view.ts';
import { seenSetOf } from './seen.ts';
import type { PathView } from './view.ts';
import { fromOfWrite } from './write-facts.ts';

/** One path as a scan found it, with all that is known of it. */
export interface ScannedPath {
  readonly path: RelativePath;
  readonly base: BaseRow | undefined;
  /** A commit that was under way here when the program stopped. */
  readonly intent: Intent | undefined;
  /** What is on disk; undefined when nothing is, which counts only under a healthy root and a parent that was listed without error. */
  readonly observed: Observed | undefined;
  /** What the thing on disk is, where that is known: a file's needs hashing, a symlink's reading. */
  readonly content: Content | undefined;
  readonly view: PathView;
  readonly members: readonly Member[];
  /** The `from` of the entry that base shows, empty if the entry is gone. */
  readonly shownFrom: readonly HashPrefix[];
  /** Whether this device knows that nothing was here before: its directory was scanned earlier under this index and these rules. */
  readonly wasWatched: boolean;
}

/** Why a scan calls for a new entry. `upon-intent` and `edit` are a user's; `found` had no base. */
export type WriteReason = 'edit' | 'upon-intent' | 'metadata' | 'choice' | 'new' | 'found' | 'deletion';

/** Why the base row is brought to the disk without an entry. */
export type AdoptReason = 'refreshed' | 'intent' | 'view' | 'member' | 'stale' | 'gone';

/**
 * What a scan's finding means. `unchanged`: nothing, and an intent left over here is void. `needs-content`: ask again with the
 * content. `redo-intent`: our own commit did not finish; drop the intent, mark the path pending, never a deletion.
 * `special`: neither file, directory nor symlink; it is left alone and nothing is said of the path.
 * `adopt`: record `row` (undefined: drop the row), no entry. `write`: make an entry of `content` (undefined: a tombstone) upon `seen`.
 */
export type Finding =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'needs-content' }
  | { readonly kind: 'redo-intent' }
  | { readonly kind: 'special' }
  | { readonly kind: 'adopt'; readonly because: AdoptReason; readonly row: BaseRow | undefined }
  | {
      readonly kind: 'write';
      readonly because: WriteReason;
      readonly content: Content | undefined;
      /** What the user had before their eyes: the `seen` of `writePast`. */
      readonly seen: Past;
      readonly found: boolean;
      readonly from: readonly HashPrefix[];
    };

/** Decides what a scanned path means, the first rule that fits wins [RC20-RC29]. */
export function classifyPath(scanned: ScannedPath): Finding {
  const { base, intent, observed } = scanned;
  if (isUntouched(base, observed)) return { kind: 'unchanged' };
  if (observed?.kind === 'other') return { kind: 'special' };
  if (observed === undefined) return classifyAbsent(scanned);
  const content = observed.kind === 'directory' ? ({ kind: 'directory' } as const) : scanned.content;
  if (intent?.staged !== undefined && isSameObserved(intent.staged, observed))
    return adoptIntent(intent, observed);
  if (content === undefined) return { kind: 'needs-content' };
  if (base !== undefined && content.kind === 'directory' && isWithoutEntry(base)) {
    return { kind: 'adopt', because: 'refreshed', row: { ...base, observed } };
  }
  return classifyPresent(scanned, observed, content);
}

function isUntouched(base: BaseRow | undefined, observed: Observed | undefined): boolean {
  const before = base?.observed;
  if (before === undefined || observed === undefined) return before === observed;
  return isSameObserved(before, observed);
}

/** A directory here is nobody's wish: the scan writes no entry for it. */
function isWithoutEntry(base: BaseRow): boolean {
  return base.status === 'implied' || base.status === 'lingering';
}

/** Something was on disk here and is not any more. */
function classifyAbsent({ base, intent, view, shownFrom }: ScannedPath): Finding {
  if (intent !== undefined) {
    const goesAway = intent.becomes?.content === undefined;
    return goesAway ? { kind: 'adopt', because: 'intent', row: intent.becomes } : { kind: 'redo-intent' };
  }
  if (base === undefined) return { kind: 'unchanged' };
  if (base.status !== 'held') return { kind: 'adopt', because: 'gone', row: undefined };
  if (view.content === undefined)
    return { kind: 'adopt', because: 'view', row: rowOfView(base.path, view, undefined) };
  return {
    kind: 'write',
    because: 'deletion',
    content: undefined,
    seen: base.seen,
    found: false,
    from: fromOfWrite([{ content: base.content, from: shownFrom }], undefined),
  };
}

function classifyPresent(scanned: ScannedPath, observed: Observed, content: Content): Finding {
  const { base, intent, view } = scanned;
  if (intent?.becomes !== undefined && sameContent(intent.becomes.content, content))
    return adoptIntent(intent, observed);
  const holdsSame = base?.observed !== undefined && sameContent(base.content, content);
  if (base !== undefined && holdsSame) return classifySameContent(scanned, base, observed, content);
  if (
    intent?.staged !== undefined &&
    intent.becomes !== undefined &&
    intent.staged.inode === observed.inode
  ) {
    const before = [{ content: intent.becomes.content, from: [] }, beforeOf(scanned)];
    return written(scanned, 'upon-intent', content, intent.becomes.seen, before);
  }
  if (intent !== undefined && base !== undefined) return written(scanned, 'edit', content, base.seen);
  if (sameContent(view.content, content)) {
    const replaced = view.conflicts.flat().some((member) => member.hash === base?.shown);
    if (base !== undefined && replaced) {
      const seen = unionPasts(base.seen, seenSetOf(view));
      return written(scanned, 'choice', content, seen, [
        beforeOf(scanned),
        { content: undefined, from: view.winner?.entry.from ?? [] },
      ]);
    }
    return { kind: 'adopt', because: 'view', row: rowOfFoundView(scanned, observed) };
  }
  // A row that says nothing is here, before this device ever looked, only repeats what others say.
  const wasSeen = scanned.wasWatched && (base === undefined || !wasLeftOut(base));
  if (base?.observed === undefined && !wasSeen)
    return classifyFound({ ...scanned, base: undefined, shownFrom: [] }, observed, content);
  const chosen = base === undefined ? undefined : memberShowing(scanned.members, view, content);
  if (chosen !== undefined) {
    const seen = unionPasts(base?.seen ?? emptyPast, chosen.entry.past);
    return written(scanned, 'choice', content, seen, [
      beforeOf(scanned),
      { content: undefined, from: chosen.entry.from },
    ]);
  }
  return written(scanned, base?.content === undefined ? 'new' : 'edit', content, base?.seen ?? emptyPast);
}

/**
 * Where mode or time differ from the winner's the row names no entry, so that the inward path sees them still to be set; once it has
 * tried, the row does, and a disk that cannot keep them is not asked twice.
 */
function rowOfFoundView({ path, view, base }: ScannedPath, observed: Observed): BaseRow | undefined {
  const row = rowOfView(path, view, observed, base?.diskName);
  const entry = view.winner?.entry;
  if (row === undefined || entry?.kind !== 'file') return row;
  const { executable, modifiedAtNs } = entry.file;
  const same = isExecutable(observed.mode) === executable && observed.modifiedAtNs === modifiedAtNs;
  return same ? row : { ...row, shown: undefined };
}

/** The bytes are what base says; a new inode, another mode or time. */
function classifySameContent(
  scanned: ScannedPath,
  base: BaseRow,
  observed: Observed,
  content: Content,
): Finding {
  const before = base.observed as Observed;
  const touched =
    content.kind === 'file' &&
    (isExecutable(before.mode) !== isExecutable(observed.mode) ||
      before.modifiedAtNs !== observed.modifiedAtNs);
  if (touched && (base.status === 'held' || wasLeftOut(base)))
    return written(scanned, 'metadata', content, base.seen);
  return { kind: 'adopt', because: 'refreshed', row: { ...base, observed } };
}

/** A device that lost its index, or never had one, reads before it writes. */
function classifyFound(scanned: ScannedPath, observed: Observed, content: Content): Finding {
  const { path, members } = scanned;
  const prefix = prefixOfContent(content);
  const held = { path, status: 'held', content, observed } as const;
  const same = members.find(
    (member) => isLiving(member.entry) && sameContent(contentOf(member.entry), content),
  );
  if (same !== undefined) {
    return { kind: 'adopt', because: 'member', row: { ...held, shown: same.hash, seen: same.entry.past } };
  }
  if (members.some((member) => member.entry.from.includes(prefix))) {
    return { kind: 'adopt', because: 'stale', row: { ...held, shown: undefined, seen: emptyPast } };
  }
  return { ...written(scanned, 'found', content, emptyPast), found: true };
}

function memberShowing(members: readonly Member[], view: PathView, content: Content): Member | undefined {
  const others = [...view.conflicts.flat(), ...view.overruled];
  return [...others, ...members].find(
    (member) => isLiving(member.entry) && sameContent(contentOf(member.entry), content),
  );
}

function adoptIntent(intent: Intent, observed: Observed): Finding {
  return { kind: 'adopt', because: 'intent', row: intent.becomes && { ...intent.becomes, observed } };
}

function beforeOf({ base, shownFrom }: ScannedPath): {
  content: Content | undefined;
  from: readonly HashPrefix[];
} {
  return { content: base?.content, from: shownFrom };
}

function written(
  scanned: ScannedPath,
  because: WriteReason,
  content: Content,
  seen: Past,
  before = [beforeOf(scanned)],
): Finding & { kind: 'write' } {
  return { kind: 'write', because, content, seen, found: false, from: fromOfWrite(before, content) };
}
