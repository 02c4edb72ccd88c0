import { compareText } from '../base/pure.ts';
import type { BaseRow } from '../model/base-row.ts';
import { emptyPast } from '../model/past.ts';
import { parentOf, type RelativePath } from '../model/path.ts';
import type { Decision } from '../reconcile/reconcile.ts';
import type { Displaced, Operation } from './operation.ts';
import type { BaseLookup } from './plan-folder.ts';
import type { Slots } from './slots.ts';

export type PlaceDecision = Extract<Decision, { kind: 'place' }>;
type RemoveDecision = Extract<Decision, { kind: 'remove' }>;
type DirectoryDecision = Extract<Decision, { kind: 'make-directory' }>;

/** A file or symlink that may come, and what it takes the place of. */
export interface Placement {
  readonly decision: PlaceDecision;
  /** A file or symlink in its slot. */
  readonly displaced: Displaced | undefined;
  /** A directory in its slot has to go first, so it comes last of all. */
  readonly isLate: boolean;
}

/** Which decisions can be served, and in whose place. */
export interface Layout {
  /** Files and symlinks that give way to a directory. */
  readonly clearings: readonly Extract<Operation, { kind: 'retire' }>[];
  /** Directories to make or respell, parents first. */
  readonly directories: readonly Operation[];
  /** By path. */
  readonly placements: readonly Placement[];
  /** Files and symlinks that go and that nothing takes the place of, by path. */
  readonly removals: readonly Displaced[];
  /** Directories that go, deepest first. */
  readonly directoryRemovals: readonly Displaced[];
  /** Paths whose name clashes with another's on this disk, by path. */
  readonly clashing: readonly RelativePath[];
  /** Paths where a directory stands in the way that holds something of no concern to the folder, by path. */
  readonly obstructed: readonly RelativePath[];
  /** Paths whose obstacle has no decision in this plan, by path. */
  readonly deferred: readonly RelativePath[];
}

/** Whether something can be put at a path: `ready`, `clash` with another spelling, a directory `lingers` there, `defer` to a plan that knows more. */
type Readiness = 'ready' | 'clash' | 'lingers' | 'defer';

/** Finds a place on this disk for everything wanted [PL2-PL6]. `blocked` paths are left out as if nobody wanted them. */
export function layOut(
  decisions: readonly Decision[],
  base: BaseLookup,
  slots: Slots,
  blocked: ReadonlySet<RelativePath>,
): Layout {
  const byPath = new Map(decisions.map((decision) => [decision.path, decision]));
  const going = new Map<RelativePath, RemoveDecision>();
  for (const decision of decisions) if (decision.kind === 'remove') going.set(decision.path, decision);

  const claims = new Map<string, RelativePath>();
  const readiness = new Map<RelativePath, Readiness>();
  const consumed = new Set<RelativePath>();
  const clearings: Extract<Operation, { kind: 'retire' }>[] = [];
  const directories: Operation[] = [];
  const placements: Placement[] = [];
  const lateDirectories: Displaced[] = [];

  /** Takes the slot of `path`, unless another path has it or what stands in it stays. */
  const claim = (path: RelativePath): Readiness => {
    const slot = slots.slotOf(path);
    const owner = claims.get(slot);
    if (owner !== undefined) return owner === path ? 'ready' : 'clash';
    const standing = slots.standingAt(path);
    if (standing !== undefined && standing.path !== path && !going.has(standing.path)) return 'clash';
    claims.set(slot, path);
    return 'ready';
  };

  const displacedBy = (path: RelativePath, standing: BaseRow): Displaced => {
    if (standing.path !== path) return { row: standing, leaves: going.get(standing.path)?.becomes };
    return { row: standing, leaves: waitingRow(standing) };
  };

  /** Whether nothing would be left in a directory: `lingers` if something stays for good, `defer` if its removal is not in this plan. */
  const emptying = (directory: BaseRow): Readiness => {
    for (const child of slots.standingIn(directory.path)) {
      if (going.has(child.path)) {
        if (child.observed?.kind !== 'directory') continue;
        const below = emptying(child);
        if (below !== 'ready') return below;
      } else return child.status === 'held' || child.status === 'implied' ? 'defer' : 'lingers';
    }
    return 'ready';
  };

  const makeReady = (path: RelativePath, decision: DirectoryDecision | undefined): Readiness => {
    const parent = parentOf(path);
    const above = parent === undefined ? 'ready' : directoryReady(parent);
    if (above !== 'ready') return above;
    const standing = slots.standingAt(path);
    const isThere = standing?.observed?.kind === 'directory';
    if (standing?.path === path && decision === undefined) {
      const own = byPath.get(path)?.kind;
      return isThere && own !== 'remove' && own !== 'place' ? claim(path) : 'defer';
    }
    if (decision === undefined && !mayBeImplied(byPath.get(path))) return 'defer';
    if (isThere && standing.path !== path && going.has(standing.path)) {
      const empty = emptying(standing);
      if (empty !== 'ready') return empty === 'lingers' ? 'clash' : empty;
    }
    const claimed = claim(path);
    if (claimed !== 'ready') return claimed;
    const becomes = decision?.becomes ?? impliedRow(path, base.at(path));
    if (standing === undefined) directories.push({ kind: 'make-directory', path, becomes });
    else {
      const from = displacedBy(path, standing);
      if (standing.path !== path) consumed.add(standing.path);
      if (isThere && standing.path !== path) directories.push({ kind: 'respell', path, from, becomes });
      else {
        if (!isThere) clearings.push(clearing(from, path, going.get(standing.path)));
        directories.push({ kind: 'make-directory', path, becomes });
      }
    }
    return 'ready';
  };

  const directoryReady = (path: RelativePath): Readiness => {
    const known = readiness.get(path);
    if (known !== undefined) return known;
    const decision = blocked.has(path) ? undefined : byPath.get(path);
    const ready = makeReady(path, decision?.kind === 'make-directory' ? decision : undefined);
    readiness.set(path, ready);
    return ready;
  };

  const place = (decision: PlaceDecision): Readiness => {
    const { path } = decision;
    const parent = parentOf(path);
    const above = parent === undefined ? 'ready' : directoryReady(parent);
    if (above !== 'ready') return above;
    const standing = slots.standingAt(path);
    if (standing !== undefined && standing.path !== path && !going.has(standing.path)) return 'clash';
    const isLate = standing?.observed?.kind === 'directory';
    const empty = isLate ? emptying(standing) : 'ready';
    if (empty !== 'ready') return empty;
    const claimed = claim(path);
    if (claimed !== 'ready') return claimed;
    const displaced = standing && displacedBy(path, standing);
    if (isLate && displaced?.row.path === path) lateDirectories.push(displaced);
    if (!isLate && displaced !== undefined && displaced.row.path !== path) consumed.add(displaced.row.path);
    placements.push({ decision, displaced: isLate ? undefined : displaced, isLate });
    return 'ready';
  };

  const refused: { readonly path: RelativePath; readonly why: Readiness }[] = [];
  for (const decision of decisions) {
    if (blocked.has(decision.path)) continue;
    if (decision.kind === 'make-directory')
      refused.push({ path: decision.path, why: directoryReady(decision.path) });
    else if (decision.kind === 'place') refused.push({ path: decision.path, why: place(decision) });
  }

  const removals: Displaced[] = [];
  const directoryRemovals: Displaced[] = [...lateDirectories];
  for (const { path, replaces, becomes } of going.values()) {
    if (consumed.has(path)) continue;
    (replaces.observed?.kind === 'directory' ? directoryRemovals : removals).push({
      row: replaces,
      leaves: becomes,
    });
  }
  const removable = dropNonEmpty(directoryRemovals, going, slots);
  const pathsOf = (why: Readiness): RelativePath[] =>
    refused.filter((each) => each.why === why).map((each) => each.path);
  return {
    clearings,
    directories,
    placements,
    removals,
    directoryRemovals: removable.kept,
    clashing: pathsOf('clash'),
    obstructed: pathsOf('lingers'),
    deferred: [...pathsOf('defer'), ...removable.deferred].sort(compareText),
  };
}

/** Keeps, deepest first, the directories in which no path is left that this plan does not take away. */
function dropNonEmpty(
  directories: readonly Displaced[],
  going: ReadonlyMap<RelativePath, RemoveDecision>,
  slots: Slots,
): { kept: Displaced[]; deferred: RelativePath[] } {
  const kept: Displaced[] = [];
  const staying = new Set<RelativePath>();
  for (const displaced of [...directories].sort((a, b) => compareText(b.row.path, a.row.path))) {
    const left = slots
      .standingIn(displaced.row.path)
      .some(
        (child) =>
          (child.status === 'held' || child.status === 'implied') &&
          (!going.has(child.path) || staying.has(child.path)),
      );
    if (left) staying.add(displaced.row.path);
    else kept.push(displaced);
  }
  return { kept, deferred: [...staying] };
}

function clearing(
  from: Displaced,
  path: RelativePath,
  removal: RemoveDecision | undefined,
): Extract<Operation, { kind: 'retire' }> {
  const reason = from.row.path === path ? 'replaced' : 'deleted';
  return { kind: 'retire', path: from.row.path, from, member: removal?.member, reason };
}

/** A directory that nobody decided about may be made for what comes below it, unless something else was decided for its path. */
function mayBeImplied(decision: Decision | undefined): boolean {
  return decision === undefined || decision.kind === 'nothing';
}

function impliedRow(path: RelativePath, row: BaseRow | undefined): BaseRow {
  return {
    path,
    status: 'implied',
    shown: undefined,
    content: { kind: 'directory' },
    seen: row?.seen ?? emptyPast,
    observed: undefined,
  };
}

/** The row of a path whose old content has left and whose new content is on its way. */
export function waitingRow(row: BaseRow): BaseRow {
  return {
    path: row.path,
    status: 'waiting',
    shown: undefined,
    content: undefined,
    seen: row.seen,
    observed: undefined,
  };
}
