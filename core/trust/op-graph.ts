import type { Hash } from '../model/ids.ts';
import type { MembershipOp } from '../protocol/protocol.ts';
import { addBits, type Bitset, emptyBits, setBit } from './bitset.ts';

/** An accepted operation in its place: every operation it builds on has a lower index. */
export interface OpNode {
  readonly op: MembershipOp;
  readonly index: number;
  /** All operations it builds on, and itself. */
  readonly past: Bitset;
  /** Of a reset: one more than the highest epoch in its past. 0 for every other operation. */
  readonly epoch: number;
}

/** Accepted operations with their pasts, in an order in which each comes after what it builds on. The genesis is the first. */
export interface OpGraph {
  readonly nodes: readonly OpNode[];
  node(id: Hash): OpNode | undefined;
  /** Adds an operation whose parents are all here. */
  add(op: MembershipOp, epoch: number): OpNode;
  /** The operations with these indices and all they build on. */
  closure(nodes: Iterable<OpNode>): Bitset;
  /** The accepted operations that no other builds on, lowest index first. */
  heads(): readonly OpNode[];
}

/** What an operation builds on: the heads its author had seen, and its author's operation before it. */
export function parentsOf(op: MembershipOp): readonly Hash[] {
  return op.prev === undefined || op.deps.includes(op.prev) ? op.deps : [...op.deps, op.prev];
}

/** A graph with nothing in it. */
export function createOpGraph(): OpGraph {
  const nodes: OpNode[] = [];
  const byId = new Map<Hash, OpNode>();
  const heads = new Set<OpNode>();
  const closure = (of: Iterable<OpNode>): Bitset => {
    const bits = emptyBits(nodes.length + 1);
    for (const node of of) addBits(bits, node.past);
    return bits;
  };
  return {
    nodes,
    node: (id) => byId.get(id),
    closure,
    heads: () => [...heads],
    add(op, epoch) {
      const parents = parentsOf(op).map((id) => byId.get(id) as OpNode);
      const past = closure(parents);
      const node = { op, index: nodes.length, past, epoch };
      setBit(past, node.index);
      nodes.push(node);
      byId.set(op.id, node);
      for (const parent of parents) heads.delete(parent);
      heads.add(node);
      return node;
    },
  };
}
