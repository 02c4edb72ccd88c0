import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import type { BlockItem } from '../protocol/protocol.ts';

/** One wish for blocks of a folder. */
export interface BlockWish {
  readonly folderId: FolderId;
  /** In the order they are wanted first; a hash that stands here twice is fetched once and delivered for each. */
  readonly items: readonly BlockItem[];
  /** Who may have them; undefined means every peer. */
  readonly holders?: readonly DeviceKey[] | undefined;
  readonly signal: AbortSignal;
  /**
   * Gets each block once, its hash and size checked; one call at a time for each peer that delivers. While it is awaited that peer sends no more,
   * so it must not wait for another fetch. A throw ends the fetch with that error.
   */
  onBlock(item: BlockItem, bytes: Uint8Array, from: DeviceKey): Promise<void> | void;
  /** Told of bytes as they arrive, checked, before `onBlock`. */
  onProgress?(bytes: number, from: DeviceKey): void;
}

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

/** Tasks nobody is asked for now, by folder: those that came back first, then in the order they were wanted. */
export interface TaskPool {
  add(tasks: readonly BlockTask[]): void;
  giveBack(task: BlockTask): void;
  remove(task: BlockTask): void;
  inFolder(folderId: FolderId): Iterable<BlockTask>;
  folders(): Iterable<FolderId>;
  all(): Iterable<BlockTask>;
}

/** An empty pool. */
export function createTaskPool(): TaskPool {
  const pools = new Map<FolderId, { readonly returned: Set<BlockTask>; readonly fresh: Set<BlockTask> }>();
  const poolOf = (folderId: FolderId) => {
    let pool = pools.get(folderId);
    if (pool === undefined) {
      pool = { returned: new Set(), fresh: new Set() };
      pools.set(folderId, pool);
    }
    return pool;
  };
  function* inFolder(folderId: FolderId): Generator<BlockTask> {
    const pool = pools.get(folderId);
    if (pool === undefined) return;
    yield* pool.returned;
    yield* pool.fresh;
  }
  return {
    add(tasks) {
      for (const task of tasks) poolOf(task.wish.wish.folderId).fresh.add(task);
    },
    giveBack(task) {
      poolOf(task.wish.wish.folderId).returned.add(task);
    },
    remove(task) {
      const { folderId } = task.wish.wish;
      const pool = pools.get(folderId);
      if (pool === undefined) return;
      pool.returned.delete(task);
      pool.fresh.delete(task);
      if (pool.returned.size === 0 && pool.fresh.size === 0) pools.delete(folderId);
    },
    inFolder,
    folders: () => pools.keys(),
    *all() {
      for (const folderId of pools.keys()) yield* inFolder(folderId);
    },
  };
}
