import { compareText } from '../base/pure.ts';
import type { BaseRow } from '../model/base-row.ts';
import type { Hash } from '../model/ids.ts';
import { emptyPast } from '../model/past.ts';
import type { RelativePath } from '../model/path.ts';
import type { Problem, ProblemKind } from '../model/problem.ts';
import type { Decision } from '../reconcile/reconcile.ts';
import { type Layout, layOut } from './layout.ts';
import type { Displaced, Operation } from './operation.ts';
import { createSlots } from './slots.ts';
import { bytesAdded, chooseSources, type SourcedPlacement, type Sourcing } from './sources.ts';

/** What the planner asks about this disk. All answers are as of one moment, rows in path order. */
export interface BaseLookup {
  at(path: RelativePath): BaseRow | undefined;
  /** Rows directly in a directory (undefined: the top of the folder). */
  children(directory: RelativePath | undefined): readonly BaseRow[];
  /** Held files with this content, at most `limit`. */
  holding(content: Hash, limit: number): readonly BaseRow[];
}

/** What to plan and upon what. */
export interface PlanInput {
  /** At most one a path, in any order. */
  readonly decisions: readonly Decision[];
  readonly base: BaseLookup;
  /** How this disk folds a name: two names with one folded form cannot stand side by side in a directory. Undefined where it tells all apart. */
  readonly foldName: ((name: string) => string) | undefined;
  /** Bytes the plan may add to the disk. */
  readonly freeBytes: number;
}

/** An ordered list of steps and what it leaves out. */
export interface FolderPlan {
  /** To be carried out in this order; a step that fails is left out, with whatever builds on it, and planned again later. */
  readonly operations: readonly Operation[];
  readonly problems: readonly Problem[];
  /** Paths this plan cannot serve because what stands in their way has no decision in it; ask again together with that. In path order. */
  readonly deferred: readonly RelativePath[];
}

/**
 * Turns decisions into steps [PL1-PL11]: rows first; files that give way to a directory; directories, parents first; files and symlinks;
 * metadata; deletions, deepest first; last the files that take a directory's place. The same input gives the same plan whatever the order of its
 * decisions; an empty plan means that nothing is to be done.
 */
export function planFolder({ decisions, base, foldName, freeBytes }: PlanInput): FolderPlan {
  const inOrder = [...decisions].sort((a, b) => compareText(a.path, b.path));
  const blocked = new Set<RelativePath>();
  for (;;) {
    const layout = layOut(inOrder, base, createSlots(base, foldName), blocked);
    const sourcing = chooseSources(layout, base);
    const without = placementsWithoutSpace(sourcing.placements, freeBytes);
    if (without.length === 0) return assemble(inOrder, base, layout, sourcing, blocked);
    for (const path of without) blocked.add(path);
  }
}

/** What does not fit, taking files by path: leaving one out may cost another its source, so the caller plans again. */
function placementsWithoutSpace(placements: readonly SourcedPlacement[], freeBytes: number): RelativePath[] {
  let left = freeBytes;
  const without: RelativePath[] = [];
  const byPath = [...placements].sort((a, b) =>
    compareText(a.placement.decision.path, b.placement.decision.path),
  );
  for (const placement of byPath) {
    const bytes = bytesAdded(placement);
    if (bytes > left) without.push(placement.placement.decision.path);
    else left -= bytes;
  }
  return without;
}

function assemble(
  decisions: readonly Decision[],
  base: BaseLookup,
  layout: Layout,
  sourcing: Sourcing,
  blocked: ReadonlySet<RelativePath>,
): FolderPlan {
  const problems: Problem[] = [];
  const heldBack: Operation[] = [];
  const holdBack = (
    paths: Iterable<RelativePath>,
    status: 'name' | 'space' | 'waiting',
    kind: ProblemKind,
  ): void => {
    for (const path of paths) {
      problems.push({ kind, path, where: path });
      const row = base.at(path);
      if (row?.observed === undefined && row?.status !== status)
        heldBack.push(heldBackRow(path, row, status));
    }
  };
  holdBack(layout.clashing, 'name', 'name-clash');
  holdBack(layout.obstructed, 'waiting', 'lingering');
  holdBack(blocked, 'space', 'no-space');

  const late = sourcing.placements.filter(({ placement }) => placement.isLate);
  const prompt = sourcing.placements.filter(({ placement }) => !placement.isLate);
  const operations: Operation[] = [
    ...decisions.flatMap((decision): Operation[] =>
      decision.kind === 'adopt' || decision.kind === 'hold-back' ? [decision] : [],
    ),
    ...heldBack,
    ...layout.clearings,
    ...layout.directories,
    ...prompt.map(placeOperation),
    ...decisions.flatMap((decision): Operation[] => (decision.kind === 'set-metadata' ? [decision] : [])),
    ...removalsOf(decisions, layout, sourcing),
    ...late.map(placeOperation),
  ];
  return {
    operations,
    problems: problems.sort((a, b) => compareText(a.where, b.where)),
    deferred: layout.deferred,
  };
}

function heldBackRow(
  path: RelativePath,
  row: BaseRow | undefined,
  status: 'name' | 'space' | 'waiting',
): Operation {
  const blank = { path, shown: undefined, content: undefined, seen: emptyPast, observed: undefined };
  return { kind: 'hold-back', path, becomes: { ...(row ?? blank), status } };
}

function placeOperation({ placement, source, replaces }: SourcedPlacement): Operation {
  const { path, member, wanted, becomes } = placement.decision;
  if (wanted.kind === 'symlink') return { kind: 'place-symlink', path, member, wanted, replaces, becomes };
  return { kind: 'place-file', path, member, wanted, source, replaces, becomes };
}

/** Deletions, deepest first. */
function removalsOf(decisions: readonly Decision[], layout: Layout, { moved }: Sourcing): Operation[] {
  const members = new Map(
    decisions.map((decision) => [decision.path, decision.kind === 'remove' ? decision.member : undefined]),
  );
  const files = layout.removals
    .filter(({ row }) => !moved.has(row.path))
    .map(
      (from): Operation => ({
        kind: 'retire',
        path: from.row.path,
        from,
        member: members.get(from.row.path),
        reason: 'deleted',
      }),
    );
  const directories = layout.directoryRemovals.map(
    (from): Operation => ({
      kind: 'remove-directory',
      path: from.row.path,
      from,
      lingers: lingeringRow(from),
    }),
  );
  return [...files, ...directories].sort((a, b) => compareText(b.path, a.path));
}

function lingeringRow({ row, leaves }: Displaced): BaseRow {
  return {
    ...row,
    status: 'lingering',
    shown: undefined,
    content: undefined,
    seen: leaves?.seen ?? row.seen,
  };
}
