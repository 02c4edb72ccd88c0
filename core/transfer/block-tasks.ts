import type { CheckedBlock } from '../chunker/chunker.ts';
import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import type { Manifest } from '../model/manifest.ts';
import type { BlockItem, BlockWant } from '../protocol/protocol.ts';

/** How soon blocks are wanted, the most urgent first: a person waits for them; a file was changed elsewhere just now; in their turn; after all others of the folder. */
export const urgencies = ['waited-for', 'recent', 'soon', 'later'] as const;
export type Urgency = (typeof urgencies)[number];

/** One wish for blocks of a folder, or for the lists of their pieces. */
export type BlockWish = WishForBlocks | WishForPieces;

interface AnyWish {
  readonly folderId: FolderId;
  /** `soon` if not given. */
  readonly urgency?: Urgency;
  /** In the order they are wanted first; a hash that stands here twice is fetched once and delivered for each. */
  readonly items: readonly BlockItem[];
  /** Who may have them; undefined means every peer. */
  readonly holders?: readonly DeviceKey[] | undefined;
  readonly signal: AbortSignal;
  /** Told of bytes as they arrive, checked, before they are handed over. */
  onProgress?(bytes: number, from: DeviceKey): void;
}

export interface WishForBlocks extends AnyWish {
  /**
   * Gets each block once; one call at a time for each peer that delivers. While it is awaited that peer sends no more,
   * so it must not wait for another fetch. A throw ends the fetch with that error.
   */
  onBlock(item: BlockItem, block: CheckedBlock, from: DeviceKey): Promise<void> | void;
}

export interface WishForPieces extends AnyWish {
  /** As `onBlock`, with the list of the block's pieces; their sizes make up the block, their hashes are the peer's word. */
  onPieces(item: BlockItem, pieces: Manifest, from: DeviceKey): Promise<void> | void;
}

/** What came for a task: what its wish is for. */
export type BlockBody = CheckedBlock | Manifest;

/** One block to be fetched. */
export interface BlockTask {
  readonly wish: WishUnderWay;
  /** The places it is wanted for; the first says where it is looked for. */
  readonly items: readonly [BlockItem, ...BlockItem[]];
  /** Requests that ask for it now. */
  owners: number;
  isDone: boolean;
}

/** A wish and what is left of it. */
export interface WishUnderWay {
  readonly wish: BlockWish;
  readonly holders: ReadonlySet<DeviceKey> | undefined;
  left: number;
  readonly missing: Set<BlockItem>;
  isOver: boolean;
  settle(error?: Error): void;
}

/** The tasks of a wish, one for each different block, in the order wanted. */
export function tasksOf(wish: WishUnderWay): BlockTask[] {
  const byHash = new Map<Hash, [BlockItem, ...BlockItem[]]>();
  for (const item of wish.wish.items) {
    const same = byHash.get(item.hash);
    if (same === undefined) byHash.set(item.hash, [item]);
    else same.push(item);
  }
  return [...byHash.values()].map((items) => ({ wish, items, owners: 0, isDone: false }));
}

/** Tasks nobody is asked for now, by folder: the most urgent first, of those the ones that came back, then in the order they were wanted. */
export interface TaskPool {
  add(tasks: readonly BlockTask[]): void;
  giveBack(task: BlockTask): void;
  remove(task: BlockTask): void;
  inFolder(folderId: FolderId): Iterable<BlockTask>;
  folders(): Iterable<FolderId>;
  /** Whether a person waits for some of a folder. */
  isWaitedFor(folderId: FolderId): boolean;
  isEmpty(): boolean;
  all(): Iterable<BlockTask>;
}

interface Line {
  readonly returned: Set<BlockTask>;
  readonly fresh: Set<BlockTask>;
}
type Lines = Readonly<Record<Urgency, Line>>;

/** An empty pool. */
export function createTaskPool(): TaskPool {
  const pools = new Map<FolderId, Lines>();
  const line = (): Line => ({ returned: new Set(), fresh: new Set() });
  const lineOf = ({ wish: { wish } }: BlockTask): Line => {
    const lines = pools.get(wish.folderId) ?? {
      'waited-for': line(),
      recent: line(),
      soon: line(),
      later: line(),
    };
    pools.set(wish.folderId, lines);
    return lines[wish.urgency ?? 'soon'];
  };
  const isEmptyLine = ({ returned, fresh }: Line): boolean => returned.size === 0 && fresh.size === 0;
  function* inFolder(folderId: FolderId): Generator<BlockTask> {
    const lines = pools.get(folderId);
    if (lines === undefined) return;
    for (const urgency of urgencies) {
      yield* lines[urgency].returned;
      yield* lines[urgency].fresh;
    }
  }
  return {
    add(tasks) {
      for (const task of tasks) lineOf(task).fresh.add(task);
    },
    giveBack: (task) => void lineOf(task).returned.add(task),
    remove(task) {
      const { folderId } = task.wish.wish;
      const lines = pools.get(folderId);
      if (lines === undefined) return;
      const { returned, fresh } = lineOf(task);
      returned.delete(task);
      fresh.delete(task);
      if (urgencies.every((urgency) => isEmptyLine(lines[urgency]))) pools.delete(folderId);
    },
    inFolder,
    folders: () => pools.keys(),
    isWaitedFor(folderId) {
      const lines = pools.get(folderId);
      return lines !== undefined && !isEmptyLine(lines['waited-for']);
    },
    isEmpty: () => pools.size === 0,
    *all() {
      for (const folderId of pools.keys()) yield* inFolder(folderId);
    },
  };
}

/** What a task's wish asks for. */
export function wantOf({ wish: { wish } }: BlockTask): BlockWant {
  return 'onPieces' in wish ? 'pieces' : 'blocks';
}

/** Hands over what came for one of a task's places. */
export function deliver(
  { wish: { wish } }: BlockTask,
  item: BlockItem,
  body: BlockBody,
  from: DeviceKey,
): Promise<void> | void {
  return 'onPieces' in wish
    ? wish.onPieces(item, body as Manifest, from)
    : wish.onBlock(item, body as CheckedBlock, from);
}
