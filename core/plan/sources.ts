import { compareText } from '../base/pure.ts';
import type { Hash } from '../model/ids.ts';
import { nameOf, type RelativePath } from '../model/path.ts';
import type { Layout, Placement } from './layout.ts';
import type { Displaced, FileSource } from './operation.ts';
import type { BaseLookup } from './plan-folder.ts';

/** A placement with its bytes' source, in the order in which it can be carried out. */
export interface SourcedPlacement {
  readonly placement: Placement;
  readonly source: FileSource;
  /** What it still takes the place of when its turn comes: nothing if that was moved elsewhere before. */
  readonly replaces: Displaced | undefined;
}

/** Where each file comes from, and which rows leave by being moved. */
export interface Sourcing {
  /** First all that are not late, then the late ones. */
  readonly placements: readonly SourcedPlacement[];
  readonly moved: ReadonlySet<RelativePath>;
}

/**
 * Gives every wanted file a source [PL7-PL9]: bytes that leave another path in this plan are moved, each once; then bytes that stay
 * somewhere are copied; only what is nowhere is fetched. An empty file is never worth a move.
 */
export function chooseSources(layout: Layout, base: BaseLookup): Sourcing {
  const leaving = [...layout.removals, ...layout.placements.flatMap(({ displaced }) => displaced ?? [])];
  const givers = createGivers(leaving);
  const prompt = layout.placements.filter((placement) => !placement.isLate);

  const moves = new Map<Placement, Displaced>();
  for (const matching of ['name', 'content'] as const) {
    for (const placement of prompt) {
      const content = contentOfPlacement(placement);
      if (content === undefined || moves.has(placement)) continue;
      const giver = givers.take(content, nameOf(placement.decision.path), matching);
      if (giver !== undefined) moves.set(placement, giver);
    }
  }
  const moved = new Set([...moves.values()].map((giver) => giver.row.path));

  const gone = new Set(leaving.map(({ row }) => row.path));
  for (const { from } of layout.clearings) gone.add(from.row.path);
  const kept = new Set<Hash>();
  for (const { row } of [...leaving, ...layout.clearings.map(({ from }) => from)]) {
    if (row.content?.kind === 'file' && !moved.has(row.path)) kept.add(row.content.content);
  }
  const cleared = new Set(
    layout.clearings.flatMap(({ from }) =>
      from.row.content?.kind === 'file' ? [from.row.content.content] : [],
    ),
  );

  const firstWith = new Map<Hash, RelativePath>();
  const elsewhere = (placement: Placement, retired: ReadonlySet<Hash>): FileSource => {
    const content = contentOfPlacement(placement);
    if (content === undefined) return { kind: 'fetch' };
    if (retired.has(content)) return { kind: 'kept' };
    const stays = base
      .holding(content, holdersAsked)
      .find((row) => row.observed !== undefined && !gone.has(row.path));
    if (stays !== undefined) return { kind: 'copy', path: stays.path };
    const placed = firstWith.get(content);
    return placed === undefined ? { kind: 'fetch' } : { kind: 'copy', path: placed };
  };

  const placements: SourcedPlacement[] = [];
  const emit = (placement: Placement, source: FileSource, replaces: Displaced | undefined): void => {
    placements.push({ placement, source, replaces });
    const content = contentOfPlacement(placement);
    if (content !== undefined && !firstWith.has(content)) firstWith.set(content, placement.decision.path);
  };
  for (const { placement, breaksRing } of inMoveOrder(prompt, moves)) {
    const giver = moves.get(placement);
    const source: FileSource =
      giver === undefined
        ? elsewhere(placement, cleared)
        : breaksRing.taker
          ? { kind: 'kept' }
          : { kind: 'move', from: giver };
    const { displaced } = placement;
    const left = displaced !== undefined && moved.has(displaced.row.path) && !breaksRing.head;
    emit(placement, source, left ? undefined : displaced);
  }
  for (const placement of layout.placements)
    if (placement.isLate) emit(placement, elsewhere(placement, kept), undefined);
  return { placements, moved };
}

/** LIMIT: how many holders of one content are asked for one that stays; more would make a plan over many equal files slow. */
const holdersAsked = 16;

function contentOfPlacement({ decision }: Placement): Hash | undefined {
  const { wanted } = decision;
  return wanted.kind === 'file' && wanted.sizeBytes > 0 ? wanted.content : undefined;
}

/** Files that leave their path in this plan, each to be given away once. */
function createGivers(leaving: readonly Displaced[]) {
  const lists = new Map<string, Displaced[]>();
  const taken = new Set<Displaced>();
  const add = (key: string, giver: Displaced): void => {
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [giver]);
    else list.push(giver);
  };
  for (const giver of [...leaving].sort((a, b) => compareText(b.row.path, a.row.path))) {
    const { row } = giver;
    if (row.status !== 'held' || row.observed?.kind !== 'file' || row.content?.kind !== 'file') continue;
    add(row.content.content, giver);
    add(`${row.content.content}/${nameOf(row.path)}`, giver);
  }
  return {
    /** The giver with the smallest path, of the same name if so asked. */
    take(content: Hash, name: string, matching: 'name' | 'content'): Displaced | undefined {
      const list = lists.get(matching === 'name' ? `${content}/${name}` : content) ?? [];
      for (let giver = list.pop(); giver !== undefined; giver = list.pop()) {
        if (taken.has(giver)) continue;
        taken.add(giver);
        return giver;
      }
      return undefined;
    },
  };
}

interface Turn {
  readonly placement: Placement;
  /** In a ring of moves the first one really replaces what the last one wanted, which is then in the version store. */
  readonly breaksRing: { readonly head: boolean; readonly taker: boolean };
}

/**
 * Orders placements so that bytes are moved away from a path before something else takes it. Each path gives to one mover and each
 * mover takes from one path, so what has to wait forms chains and rings only; a ring is opened at its smallest path. Movers come first, so
 * that what they bring can be copied.
 */
function inMoveOrder(placements: readonly Placement[], moves: ReadonlyMap<Placement, Displaced>): Turn[] {
  const takerFrom = new Map<RelativePath, Placement>();
  for (const [placement, giver] of moves) takerFrom.set(giver.row.path, placement);
  const done = new Set<Placement>();
  const turns: Turn[] = [];
  const movers = placements.filter((placement) => moves.has(placement));
  for (const start of [...movers, ...placements]) {
    if (done.has(start)) continue;
    const waiting = [start];
    let first = takerBefore(start, takerFrom);
    while (first !== undefined && first !== start && !done.has(first)) {
      waiting.push(first);
      first = takerBefore(first, takerFrom);
    }
    const isRing = first === start;
    // In a ring `start` goes first, and the one it kept waiting goes last; in a chain the far end goes first.
    const order = isRing ? [start, ...waiting.slice(1).reverse()] : waiting.reverse();
    for (const [i, placement] of order.entries()) {
      done.add(placement);
      turns.push({
        placement,
        breaksRing: { head: isRing && i === 0, taker: isRing && i === order.length - 1 },
      });
    }
  }
  return turns;
}

/** The placement that moves away what `placement` is about to replace. */
function takerBefore(
  placement: Placement,
  takerFrom: ReadonlyMap<RelativePath, Placement>,
): Placement | undefined {
  const taker = placement.displaced && takerFrom.get(placement.displaced.row.path);
  return taker === placement ? undefined : taker;
}

/** Bytes a source adds to the disk. */
export function bytesAdded({ placement, source }: SourcedPlacement): number {
  const { wanted } = placement.decision;
  return wanted.kind === 'file' && (source.kind === 'fetch' || source.kind === 'copy') ? wanted.sizeBytes : 0;
}
