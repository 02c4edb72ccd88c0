import { abortReason, type Clock, type Log, type Random } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, FolderId } from '../model/ids.ts';
import type { Connection } from '../network/network.ts';
import { type BlockItem, maxBlocksPerRequest, maxRequestBytes } from '../protocol/protocol.ts';
import { type BlockPeer, createBlockPeer } from './block-peer.ts';
import { type BlockTask, type BlockWish, createTaskPool, tasksOf, type WishUnderWay } from './block-tasks.ts';

/** LIMIT: tasks looked at to fill one request, so that many which one peer does not have cost little. */
const maxLookedAt = 2048;
/** LIMIT: bytes asked of a second peer at once when the first may be late. */
const secondAskBytes = 256 * 1024;
/** Milliseconds of silence, or of expected lateness, that make a peer worth doubling. */
const lateMs = 1000;
const earlierMs = 200;
/** Milliseconds between looks for stuck or late peers while something is owed. */
const tickMs = 1000;

/** What fetching blocks works with. */
export interface BlockFetcherDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Fetches blocks from all connected peers at once, each asked for about as much as it delivers in a second. */
export interface BlockFetcher {
  /** Makes a connected peer a source until the connection is over. */
  addPeer(connection: Connection): void;
  /** What this peer still owes goes to others at once. */
  removePeer(connection: Connection): void;
  /**
   * Resolves when every item was delivered or nobody is left to ask for it now; those are `missing`, in the order given. A holder that did not have
   * a content, or failed, is left alone for 1 to 60 seconds, so asking again at once is useless. Rejects with the signal's reason, what `onBlock`
   * threw, or SyncError `interrupted` after `stop`; `onBlock` is not called any more then.
   */
  fetch(wish: BlockWish): Promise<{ readonly missing: readonly BlockItem[] }>;
  /** Bytes a second lately received from a peer, 0 if not known. */
  rateOf(peer: DeviceKey): number;
  stop(): void;
}

/** A fetcher without peers. */
export function createBlockFetcher(dependencies: BlockFetcherDependencies): BlockFetcher {
  const { clock } = dependencies;
  const peers = new Map<Connection, BlockPeer>();
  const wishes = new Set<WishUnderWay>();
  const pool = createTaskPool();
  let isPumpDue = false;
  let cancelTick: (() => void) | undefined;
  let isStopped = false;
  /** Whether a peer may have become unfit to be asked since the pool was last looked through. */
  let isHopeCheckDue = false;

  /** Gives out work soon: once for all that happens in one turn. */
  function pumpSoon(): void {
    if (isPumpDue) return;
    isPumpDue = true;
    queueMicrotask(() => {
      isPumpDue = false;
      pump();
    });
  }

  function pump(): void {
    const byRate = [...peers.values()].sort((a, b) => b.rate - a.rate);
    for (const peer of byRate) while (askNext(peer));
    if (isHopeCheckDue) giveUpHopeless();
    if (wishes.size > 0) cancelTick ??= clock.after(tickMs, tick);
  }

  function tick(): void {
    cancelTick = undefined;
    for (const peer of peers.values()) peer.checkStuck();
    isHopeCheckDue = true;
    pump();
  }

  function canAsk(peer: BlockPeer, task: BlockTask): boolean {
    const { holders, wish } = task.wish;
    return (
      (holders === undefined || holders.has(peer.key)) &&
      !peer.pauses.has('stream') &&
      !peer.pauses.has(`folder ${wish.folderId}`) &&
      !peer.pauses.has(`content ${task.items[0].content}`)
    );
  }

  function askNext(peer: BlockPeer): boolean {
    const room = peer.room();
    if (room <= 0) return false;
    for (const folderId of pool.folders()) {
      const tasks = pick(peer, folderId, room);
      if (tasks.length === 0) continue;
      for (const task of tasks) pool.remove(task);
      assign(peer, tasks);
      return true;
    }
    const late = peer.outstandingBytes === 0 ? lateTasks(peer) : [];
    if (late.length > 0) assign(peer, late);
    return late.length > 0;
  }

  function assign(peer: BlockPeer, tasks: readonly BlockTask[]): void {
    for (const task of tasks) task.owners += 1;
    peer.ask(tasks);
  }

  function pick(peer: BlockPeer, folderId: FolderId, room: number): BlockTask[] {
    const tasks: BlockTask[] = [];
    let bytes = 0;
    let lookedAt = 0;
    for (const task of pool.inFolder(folderId)) {
      if (++lookedAt > maxLookedAt || tasks.length === maxBlocksPerRequest) break;
      if (!canAsk(peer, task)) continue;
      const { sizeBytes } = task.items[0];
      if (tasks.length > 0 && bytes + sizeBytes > room) break;
      tasks.push(task);
      bytes += sizeBytes;
    }
    return tasks;
  }

  /** What another peer will deliver much later than this idle one could, the last it would come to first; no block is asked of more than two. */
  function lateTasks(peer: BlockPeer): BlockTask[] {
    const tasks: BlockTask[] = [];
    let bytes = 0;
    for (const other of peers.values()) {
      if (other === peer || !isLate(other, peer)) continue;
      for (const task of other.asked().reverse()) {
        if (task.isDone || task.owners > 1 || task.wish.isOver || !canAsk(peer, task)) continue;
        if (tasks.length > 0 && task.wish.wish.folderId !== tasks[0]?.wish.wish.folderId) continue;
        const { sizeBytes } = task.items[0];
        if (tasks.length > 0 && (bytes + sizeBytes > secondAskBytes || tasks.length === maxBlocksPerRequest))
          return tasks;
        tasks.push(task);
        bytes += sizeBytes;
        if (bytes > maxRequestBytes) return tasks;
      }
    }
    return tasks;
  }

  function isLate(other: BlockPeer, peer: BlockPeer): boolean {
    if (other.outstandingBytes === 0) return false;
    if (other.silentMs() > lateMs) return true;
    if (other.rate === 0 || peer.rate === 0) return false;
    const ownMs = Math.min(other.outstandingBytes, secondAskBytes) / peer.rate;
    return other.outstandingBytes / other.rate > 2 * ownMs + earlierMs;
  }

  /** Ends what waits for nobody: each task that no peer may be asked for now. */
  function giveUpHopeless(): void {
    isHopeCheckDue = false;
    const hopeless: BlockTask[] = [];
    const verdicts = new Map<WishUnderWay, Map<string, boolean>>();
    for (const task of pool.all()) {
      const verdictsOfWish = verdicts.get(task.wish) ?? new Map<string, boolean>();
      verdicts.set(task.wish, verdictsOfWish);
      const { content } = task.items[0];
      let hasHolder = verdictsOfWish.get(content);
      if (hasHolder === undefined) {
        hasHolder = [...peers.values()].some((peer) => canAsk(peer, task));
        verdictsOfWish.set(content, hasHolder);
      }
      if (!hasHolder) hopeless.push(task);
    }
    for (const task of hopeless) {
      pool.remove(task);
      for (const item of task.items) task.wish.missing.add(item);
      finishTask(task);
    }
  }

  function finishTask(task: BlockTask): void {
    task.wish.left -= 1;
    if (task.wish.left === 0) task.wish.settle();
  }

  async function arrived(task: BlockTask, bytes: Uint8Array, peer: DeviceKey): Promise<void> {
    task.owners -= 1;
    task.isDone = true;
    pool.remove(task);
    if (task.wish.isOver) return;
    try {
      task.wish.wish.onProgress?.(bytes.length, peer);
      for (const item of task.items) {
        await task.wish.wish.onBlock(item, bytes, peer);
        if (task.wish.isOver) return;
      }
      finishTask(task);
    } catch (error) {
      task.wish.settle(error instanceof Error ? error : new Error('onBlock threw', { cause: error }));
    }
  }

  function failed(task: BlockTask): void {
    task.owners -= 1;
    if (!task.isDone && !task.wish.isOver && task.owners === 0) pool.giveBack(task);
    isHopeCheckDue = true;
    pumpSoon();
  }

  function addPeer(connection: Connection): void {
    if (isStopped || peers.has(connection)) return;
    const peer = createBlockPeer(connection, dependencies, {
      arrived: (task, bytes) => arrived(task, bytes, connection.peer),
      failed,
      superfluous(task) {
        task.owners -= 1;
      },
      changed: pumpSoon,
    });
    peers.set(connection, peer);
    void connection.closed.then((reason) => removePeer(connection, reason));
    pumpSoon();
  }

  function removePeer(
    connection: Connection,
    reason: Error = new SyncError('interrupted', { what: 'peer-removed' }),
  ): void {
    const peer = peers.get(connection);
    peers.delete(connection);
    peer?.drop(reason);
    isHopeCheckDue = true;
    pumpSoon();
  }

  return {
    addPeer,
    removePeer: (connection) => removePeer(connection),
    fetch(wish) {
      return new Promise((resolve, reject) => {
        const { signal } = wish;
        const stop = (): void => underWay.settle(abortReason(signal));
        const underWay: WishUnderWay = {
          wish,
          holders: wish.holders && new Set(wish.holders),
          left: 0,
          missing: new Set(),
          isOver: false,
          settle(error) {
            if (underWay.isOver) return;
            underWay.isOver = true;
            wishes.delete(underWay);
            signal.removeEventListener('abort', stop);
            if (error === undefined)
              resolve({ missing: wish.items.filter((item) => underWay.missing.has(item)) });
            else {
              for (const task of tasks) pool.remove(task);
              reject(error);
            }
            if (wishes.size === 0) {
              cancelTick?.();
              cancelTick = undefined;
            }
          },
        };
        const tasks = tasksOf(underWay);
        underWay.left = tasks.length;
        wishes.add(underWay);
        signal.addEventListener('abort', stop, { once: true });
        if (signal.aborted) stop();
        else if (isStopped) underWay.settle(new SyncError('interrupted'));
        else if (tasks.length === 0) underWay.settle();
        else {
          pool.add(tasks);
          isHopeCheckDue = true;
          pumpSoon();
        }
      });
    },
    rateOf(key) {
      let bytesPerMs = 0;
      for (const peer of peers.values()) if (peer.key === key) bytesPerMs = Math.max(bytesPerMs, peer.rate);
      return bytesPerMs * 1000;
    },
    stop() {
      isStopped = true;
      const reason = new SyncError('interrupted');
      for (const wish of wishes) wish.settle(reason);
      for (const connection of peers.keys()) removePeer(connection, reason);
    },
  };
}
