import { createFairTurns } from '../limits/limits.ts';
import type { Connection } from '../network/network.ts';
import type { BlockPeer } from './block-peer.ts';
import type { BlockTask } from './block-tasks.ts';

/** LIMIT: milliseconds for which a device's stream has work, after which what is small or waited for goes past it on another. */
const heldUpMs = 300;
/** LIMIT: the size of such a block that nobody waits for, and the bytes that are asked for in that way at a time. */
const expressBytes = 64 * 1024;

/** How much may be asked of devices that are held to a rate. */
export interface Intake {
  isHeld(connection: Connection): boolean;
  /** Bytes that all of them together may owe now. */
  allowance(): number;
  /** Milliseconds until that is more than `bytes`; 0 if it is. */
  waitMs(bytes: number): number;
}

/** The two ways to ask one device: a stream for everything, and one for what shall not wait behind large blocks on a slow way. */
export interface PeerWays {
  readonly main: BlockPeer;
  readonly express: BlockPeer;
}

/** All ways to all devices. */
export function waysOf(peers: ReadonlyMap<Connection, PeerWays>): BlockPeer[] {
  return [...peers.values()].flatMap(({ main, express }) => [main, express]);
}

/** Which peer is asked next, and for how much. */
export interface PeerOrder {
  /** The fastest first; those that share a rate take turns after them. Each before its express. */
  inOrder(): BlockPeer[];
  /** How many bytes a peer may be asked for now; nothing more than 0 if it has to wait. */
  roomOf(peer: BlockPeer): number;
  /** Whether a peer may be asked for a task, as far as it and its ways go. */
  fits(peer: BlockPeer, task: BlockTask): boolean;
  isExpress(peer: BlockPeer): boolean;
  took(peer: BlockPeer, bytes: number): void;
  /** Milliseconds until peers that share a rate may be asked for more; 0 where that keeps none from being asked. */
  waitMs(): number;
}

/** The order among `peers`, which may change. */
export function createPeerOrder(
  peers: ReadonlyMap<Connection, PeerWays>,
  intake: Intake | undefined,
): PeerOrder {
  const turns = createFairTurns<PeerWays>();
  const isHeld = ({ main }: PeerWays): boolean => intake?.isHeld(main.connection) === true;
  const held = (): PeerWays[] => (intake === undefined ? [] : [...peers.values()].filter(isHeld));
  const owed = (): number =>
    held().reduce((sum, { main, express }) => sum + main.outstandingBytes + express.outstandingBytes, 0);
  const expressWay = (peer: BlockPeer): PeerWays | undefined => {
    const ways = peers.get(peer.connection);
    return ways?.express === peer ? ways : undefined;
  };
  const roomOfWay = (peer: BlockPeer): number => {
    const ways = expressWay(peer);
    if (ways === undefined) return peer.room();
    return isHeldUp(ways.main) && peer.outstandingBytes === 0 ? Math.min(peer.room(), expressBytes) : 0;
  };
  return {
    inOrder() {
      const free = [...peers.values()].filter((ways) => !isHeld(ways));
      const all = [...free.sort((a, b) => b.main.rate - a.main.rate), ...turns.order(held())];
      return all.flatMap(({ main, express }) => [main, express]);
    },
    roomOf(peer) {
      const room = roomOfWay(peer);
      if (room <= 0 || intake?.isHeld(peer.connection) !== true) return room;
      return Math.min(room, intake.allowance() - owed());
    },
    fits(peer, task) {
      const ways = expressWay(peer);
      if (peer.unfinished.has(task.items[0]) === false) return false;
      if (ways === undefined) return !isPaused(peer, task);
      const { items, wish } = task;
      const isSmall = wish.wish.urgency === 'waited-for' || items[0].sizeBytes <= expressBytes;
      return isSmall && !isPaused(peer, task) && !isPaused(ways.main, task);
    },
    isExpress: (peer) => expressWay(peer) !== undefined,
    took(peer, bytes) {
      const ways = peers.get(peer.connection);
      if (ways !== undefined) turns.took(ways, bytes);
    },
    waitMs: () => (intake === undefined || held().length === 0 ? 0 : intake.waitMs(owed())),
  };
}

function isHeldUp({ outstandingBytes, rate, silentMs }: BlockPeer): boolean {
  if (outstandingBytes === 0) return false;
  return silentMs() > heldUpMs || (rate > 0 && outstandingBytes / rate > heldUpMs);
}

/** Whether the peer failed at what the task asks for, and is left alone. */
export function isPaused({ pauses }: BlockPeer, { items, wish }: BlockTask): boolean {
  return (
    pauses.has('stream') ||
    pauses.has(`folder ${wish.wish.folderId}`) ||
    pauses.has(`content ${items[0].content}`)
  );
}
