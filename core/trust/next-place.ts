import type { DeviceKey, Hash } from '../model/ids.ts';
import { type OpDraft, opLimits } from '../protocol/protocol.ts';
import { addBits, countNewBits, emptyBits } from './bitset.ts';
import type { OpGraph, OpNode } from './op-graph.ts';

/** Where a new operation stands among the others. */
export type OpPlace = Pick<OpDraft, 'seq' | 'prev' | 'deps'>;

/** Where `author`'s next operation goes: after its last one, on top of the heads. */
export function nextPlace(graph: OpGraph, author: DeviceKey): OpPlace {
  let last: OpNode | undefined;
  for (const node of graph.nodes)
    if (node.op.author === author && (last === undefined || node.op.seq > last.op.seq)) last = node;
  return {
    seq: last === undefined ? 0 : last.op.seq + 1,
    prev: last?.op.id,
    deps: headsToName(graph, last),
  };
}

// All heads, or those few that together with the author's own chain show most of the log. Joining all of them by merges
// first would let a flood of heads use up the chain of every honest device.
function headsToName(graph: OpGraph, last: OpNode | undefined): readonly Hash[] {
  const candidates = new Set(graph.heads());
  if (candidates.size <= opLimits.maxDeps) return [...candidates].map(({ op }) => op.id);
  const covered = emptyBits(graph.nodes.length);
  if (last !== undefined) addBits(covered, last.past);
  const named: Hash[] = [];
  while (named.length < opLimits.maxDeps) {
    let best: OpNode | undefined;
    let bestGain = 0;
    for (const head of candidates) {
      const gain = countNewBits(head.past, covered);
      if (gain > bestGain) [best, bestGain] = [head, gain];
    }
    if (best === undefined) break;
    named.push(best.op.id);
    addBits(covered, best.past);
    candidates.delete(best);
  }
  return named;
}
