import { abortReason, type Clock, type Log, type Random } from '../base/base.ts';
import { createFairTurns } from '../limits/limits.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, FolderId } from '../model/ids.ts';
import type { Connection } from '../network/network.ts';
import type { BlockItem } from '../protocol/protocol.ts';
import { createBlockChoice } from './block-choice.ts';
import { type BlockPeer, createBlockPeer } from './block-peer.ts';
import {
  type BlockBody,
  type BlockTask,
  type BlockWish,
  createTaskPool,
  deliver,
  tasksOf,
  type WishUnderWay,
} from './block-tasks.ts';
import { createPeerOrder, type Intake, type PeerWays, waysOf } from './peer-order.ts';
import { createUnfinished } from './unfinished.ts';

/** Milliseconds between looks for stuck or late peers while something is owed. */
const tickMs = 1000;

/** What fetching blocks works with. */
export interface BlockFetcherDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Nobody is held to a rate if not given. */
  readonly intake?: Intake;
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
  /** How many devices there are to ask. */
  peerCount(): number;
  /** Bytes a second lately received from the fastest peer, 0 if not known. */
  fastestRate(): number;
  /** Who is held to which rate has changed. */
  intakeChanged(): void;
  stop(): void;
}

/** A fetcher without peers. */
export function createBlockFetcher(dependencies: BlockFetcherDependencies): BlockFetcher {
  const { clock } = dependencies;
  const peers = new Map<Connection, PeerWays>();
  const wishes = new Set<WishUnderWay>();
  const pool = createTaskPool();
  const folderTurns = createFairTurns<FolderId>();
  const order = createPeerOrder(peers, dependencies.intake);
  const choice = createBlockChoice(pool, peers, order, foldersInOrder);
  let cancelRefill = (): void => {};
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
    for (const peer of order.inOrder()) while (askNext(peer));
    pumpOnceThereIsMore();
    if (isHopeCheckDue) giveUpHopeless();
    if (wishes.size > 0) cancelTick ??= clock.after(tickMs, tick);
  }

  function pumpOnceThereIsMore(): void {
    cancelRefill();
    const waitMs = pool.isEmpty() ? 0 : order.waitMs();
    if (waitMs > 0) cancelRefill = clock.after(waitMs, pumpSoon);
  }

  function tick(): void {
    cancelTick = undefined;
    for (const peer of waysOf(peers)) peer.checkStuck();
    isHopeCheckDue = true;
    pump();
  }

  function askNext(peer: BlockPeer): boolean {
    const room = order.roomOf(peer);
    if (room <= 0) return false;
    const tasks = choice.next(peer, room);
    for (const task of tasks) pool.remove(task);
    if (tasks.length > 0) assign(peer, tasks);
    return tasks.length > 0;
  }

  /** Those that a person waits for, then those that had least. */
  function foldersInOrder(): FolderId[] {
    const folders = folderTurns.order(pool.folders());
    const isWaitedFor = (id: FolderId): boolean => pool.isWaitedFor(id);
    return [...folders.filter(isWaitedFor), ...folders.filter((id) => !isWaitedFor(id))];
  }

  function assign(peer: BlockPeer, tasks: readonly BlockTask[]): void {
    let bytes = 0;
    for (const task of tasks) {
      task.owners += 1;
      bytes += task.items[0].sizeBytes;
    }
    const [{ wish }] = tasks as [BlockTask];
    folderTurns.took(wish.wish.folderId, bytes);
    order.took(peer, bytes);
    peer.ask(tasks);
  }

  /** Ends what waits for nobody: each task that no peer may be asked for now. */
  function giveUpHopeless(): void {
    isHopeCheckDue = false;
    for (const task of choice.hopeless()) {
      pool.remove(task);
      for (const item of task.items) task.wish.missing.add(item);
      finishTask(task);
    }
  }

  function finishTask(task: BlockTask): void {
    task.wish.left -= 1;
    if (task.wish.left === 0) task.wish.settle();
  }

  async function arrived(task: BlockTask, body: BlockBody, bytes: number, peer: DeviceKey): Promise<void> {
    task.owners -= 1;
    task.isDone = true;
    pool.remove(task);
    if (task.wish.isOver) return;
    try {
      task.wish.wish.onProgress?.(bytes, peer);
      for (const item of task.items) {
        await deliver(task, item, body, peer);
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
    const unfinished = createUnfinished(clock);
    const way = (): BlockPeer =>
      createBlockPeer(connection, unfinished, dependencies, {
        arrived: (task, body, bytes) => arrived(task, body, bytes, connection.peer),
        failed,
        superfluous(task) {
          task.owners -= 1;
        },
        changed: pumpSoon,
      });
    peers.set(connection, { main: way(), express: way() });
    void connection.closed.then((reason) => removePeer(connection, reason));
    pumpSoon();
  }

  function removePeer(
    connection: Connection,
    reason: Error = new SyncError('interrupted', { what: 'peer-removed' }),
  ): void {
    const ways = peers.get(connection);
    peers.delete(connection);
    ways?.main.drop(reason);
    ways?.express.drop(reason);
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
    peerCount: () => peers.size,
    fastestRate: () => 1000 * Math.max(0, ...[...peers.values()].map(({ main }) => main.rate)),
    intakeChanged: pumpSoon,
    stop() {
      isStopped = true;
      cancelRefill();
      const reason = new SyncError('interrupted');
      for (const wish of wishes) wish.settle(reason);
      for (const connection of peers.keys()) removePeer(connection, reason);
    },
  };
}
