import { maxBlocksPerRequest, maxRequestBytes } from '../protocol/protocol.ts';
import type { BlockPeer } from './block-peer.ts';
import { type BlockTask, wantOf } from './block-tasks.ts';

/** LIMIT: bytes asked of a second peer at once when the first may be late. */
const secondAskBytes = 256 * 1024;
/** Milliseconds of silence, or of expected lateness, that make a peer worth doubling. */
const lateMs = 1000;
const earlierMs = 200;

/**
 * What others of `peers` will deliver much later than `peer`, which is idle, could: tasks of one folder that it may be asked for, the last that the other would come to first.
 * No block is asked of more than two.
 */
export function lateTasks(
  peer: BlockPeer,
  peers: Iterable<BlockPeer>,
  canAsk: (peer: BlockPeer, task: BlockTask) => boolean,
): BlockTask[] {
  const tasks: BlockTask[] = [];
  let bytes = 0;
  for (const other of peers) {
    if (other.connection === peer.connection || !isLate(other, peer)) continue;
    for (const task of other.asked().reverse()) {
      if (task.isDone || task.owners > 1 || task.wish.isOver || !canAsk(peer, task)) continue;
      const [begun] = tasks;
      if (begun !== undefined && !goTogether(begun, task)) continue;
      const { sizeBytes } = task.items[0];
      if (begun !== undefined && (bytes + sizeBytes > secondAskBytes || tasks.length === maxBlocksPerRequest))
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

/** Whether one request can ask for both. */
function goTogether(a: BlockTask, b: BlockTask): boolean {
  return a.wish.wish.folderId === b.wish.wish.folderId && wantOf(a) === wantOf(b);
}
