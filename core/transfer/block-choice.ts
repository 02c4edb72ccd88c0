import type { FolderId, Hash } from '../model/ids.ts';
import type { Connection } from '../network/network.ts';
import { maxBlocksPerRequest } from '../protocol/protocol.ts';
import type { BlockPeer } from './block-peer.ts';
import { type BlockTask, type TaskPool, wantOf, type WishUnderWay } from './block-tasks.ts';
import { lateTasks } from './late-blocks.ts';
import { isPaused, type PeerOrder, type PeerWays, waysOf } from './peer-order.ts';

/** LIMIT: tasks looked at to fill one request, so that many which one peer does not have cost little. */
const maxLookedAt = 2048;

/** Which blocks a peer is asked for next, and which nobody may be asked for. */
export interface BlockChoice {
  /**
   * Tasks of one folder for a peer with room for so many bytes, none if there is nothing to ask it for: of those waiting the first it has, before others what no device
   * that is still receiving the file could give; else one of a file that it is receiving, to learn what has come in; else what another one will deliver late.
   */
  next(peer: BlockPeer, room: number): readonly BlockTask[];
  /** Tasks waiting that nobody may be asked for now, and that nobody is getting. */
  hopeless(): readonly BlockTask[];
}

/** The choice among the tasks of `pool`; nothing is taken out of it. */
export function createBlockChoice(
  pool: TaskPool,
  peers: ReadonlyMap<Connection, PeerWays>,
  order: PeerOrder,
  foldersInOrder: () => readonly FolderId[],
): BlockChoice {
  const isHolder = (peer: BlockPeer, { wish: { holders } }: BlockTask): boolean =>
    holders === undefined || holders.has(peer.key);
  const canAsk = (peer: BlockPeer, task: BlockTask): boolean =>
    isHolder(peer, task) && order.fits(peer, task);
  const receivers = (): BlockPeer[] =>
    [...peers.values()].flatMap(({ main }) => (main.unfinished.isAny() ? [main] : []));

  const first = (
    peer: BlockPeer,
    folderId: FolderId,
    room: number,
    accepts: (task: BlockTask) => boolean,
  ): BlockTask[] => {
    const tasks: BlockTask[] = [];
    let bytes = 0;
    let lookedAt = 0;
    for (const task of pool.inFolder(folderId)) {
      if (++lookedAt > maxLookedAt || tasks.length === maxBlocksPerRequest) break;
      if (!accepts(task) || !canAsk(peer, task)) continue;
      const [begun] = tasks;
      if (begun !== undefined && wantOf(begun) !== wantOf(task)) break;
      const { sizeBytes } = task.items[0];
      if (tasks.length > 0 && bytes + sizeBytes > room) break;
      tasks.push(task);
      bytes += sizeBytes;
    }
    return tasks;
  };

  const pick = (peer: BlockPeer, folderId: FolderId, room: number): readonly BlockTask[] => {
    const others = receivers().filter((other) => other.connection !== peer.connection);
    if (others.length > 0) {
      const isRare = ({ items: [item] }: BlockTask): boolean =>
        peer.unfinished.has(item) === true || !others.some((other) => other.unfinished.has(item) === true);
      const rare = first(peer, folderId, room, isRare);
      if (rare.length > 0) return rare;
    }
    return first(peer, folderId, room, () => true);
  };

  const oneToLook = (peer: BlockPeer): BlockTask | undefined => {
    if (!peer.unfinished.isAny() || order.isExpress(peer)) return undefined;
    for (const folderId of foldersInOrder()) {
      let lookedAt = 0;
      for (const task of pool.inFolder(folderId)) {
        if (++lookedAt > maxLookedAt) break;
        const [{ content }] = task.items;
        if (peer.unfinished.isLookDue(content) && isHolder(peer, task) && !isPaused(peer, task)) return task;
      }
    }
    return undefined;
  };

  return {
    next(peer, room) {
      for (const folderId of foldersInOrder()) {
        const tasks = pick(peer, folderId, room);
        if (tasks.length > 0) return tasks;
      }
      const look = oneToLook(peer);
      if (look !== undefined) {
        peer.unfinished.looked(look.items[0].content);
        return [look];
      }
      const isIdle = peer.outstandingBytes === 0 && !order.isExpress(peer);
      return isIdle ? lateTasks(peer, waysOf(peers), canAsk) : [];
    },
    hopeless() {
      const hopeless: BlockTask[] = [];
      const verdicts = new Map<WishUnderWay, Map<Hash, boolean>>();
      const receiving = receivers();
      for (const task of pool.all()) {
        const verdictsOfWish = verdicts.get(task.wish) ?? new Map<Hash, boolean>();
        verdicts.set(task.wish, verdictsOfWish);
        const { content } = task.items[0];
        let mayCome = verdictsOfWish.get(content);
        if (mayCome === undefined) {
          mayCome = [...peers.values()].some(
            ({ main }) =>
              isHolder(main, task) &&
              !isPaused(main, task) &&
              (main.unfinished.has(task.items[0]) === undefined || main.unfinished.isGrowing(content)),
          );
          verdictsOfWish.set(content, mayCome);
        }
        if (!mayCome && !receiving.some((peer) => canAsk(peer, task))) hopeless.push(task);
      }
      return hopeless;
    },
  };
}
