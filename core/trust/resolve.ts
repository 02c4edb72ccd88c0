import { invariant } from '../base/pure.ts';
import type { DeviceKey } from '../model/ids.ts';
import { type Bitset, hasBit, keepBits } from './bitset.ts';
import type { OpGraph, OpNode } from './op-graph.ts';

/** Who belongs to the group, as one set of accepted operations says. */
export interface Membership {
  /** Devices that are trusted now. */
  readonly active: ReadonlySet<DeviceKey>;
  /** Devices that were removed; nothing a device signs takes one out again. */
  readonly revoked: ReadonlySet<DeviceKey>;
  /** Devices whose every admission is void, because their sponsor was removed without having been seen to admit them: a member may admit the same key again. */
  readonly suspended: ReadonlySet<DeviceKey>;
  /** Every device ever admitted, and the founder. */
  readonly known: ReadonlySet<DeviceKey>;
  /** Devices whose admission stands, removed or not. */
  readonly alive: ReadonlySet<DeviceKey>;
  /** Active devices that somebody called silent and that have written nothing since they heard of it: nobody waits for them. */
  readonly lapsed: ReadonlySet<DeviceKey>;
  /** How many resets deep the group is; 0 until the recovery key was used. */
  readonly epoch: number;
}

/** A {@link Membership} with what deciding about other operations of the same set needs. */
export interface Resolution extends Membership {
  /** Devices that are members by nobody's admission: the founder, or whom all the latest resets keep. */
  readonly unsponsored: ReadonlySet<DeviceKey>;
  /** Whether the operation is not cut off by a reset. */
  inScope(node: OpNode): boolean;
  /** Whether a member's operation still has an effect: its author was genuinely admitted, and every removal of the author had seen it. */
  stands(node: OpNode): boolean;
}

/**
 * Who belongs to the group according to the operations in `mask`, which holds with each operation all it builds on.
 * A function of the set alone, so devices that hold the same operations agree, in whatever order they came.
 */
export function resolve(graph: OpGraph, mask: Bitset): Resolution {
  const nodes = graph.nodes.filter((node) => hasBit(mask, node.index));
  const genesis = nodes[0];
  invariant(genesis?.op.body.kind === 'genesis', 'a closed set of operations holds the genesis');

  const epoch = nodes.reduce((highest, node) => Math.max(highest, node.epoch), 0);
  const resets = epoch === 0 ? [] : nodes.filter((node) => node.epoch === epoch);
  const inScope = (node: OpNode): boolean =>
    epoch === 0 || resets.some((reset) => reset !== node && hasBit(node.past, reset.index));
  const base = epoch === 0 ? new Set([genesis.op.author]) : keptByAll(resets);

  const known = new Set([genesis.op.author]);
  const revoked = new Set<DeviceKey>();
  const admitsBy = new Map<DeviceKey, OpNode[]>();
  const cutoffsOf = new Map<DeviceKey, OpNode[]>();
  // A reset removes whomever it does not keep, also those it had not heard of, but not those who are new after it.
  if (epoch > 0 && !base.has(genesis.op.author)) revoked.add(genesis.op.author);
  for (const node of nodes) {
    const { author, body } = node.op;
    if (body.kind === 'admit') {
      known.add(body.key);
      if (inScope(node)) listOf(admitsBy, author).push(node);
      else if (!base.has(body.key)) revoked.add(body.key);
    } else if (body.kind === 'revoke' && inScope(node)) {
      for (const { key, keep } of body.targets) {
        revoked.add(key);
        listOf(cutoffsOf, key).push(keep === undefined ? node : (graph.node(keep) as OpNode));
      }
    }
  }

  const standing = new Map<DeviceKey, Bitset>();
  // Seen by every removal of the author: what only some removals had seen could have been written after another.
  const seenByAllRemovals = (node: OpNode): boolean => {
    const { author } = node.op;
    const cutoffs = cutoffsOf.get(author);
    if (cutoffs === undefined) return true;
    let bits = standing.get(author);
    if (bits === undefined) {
      bits = commonPast(cutoffs);
      standing.set(author, bits);
    }
    return hasBit(bits, node.index);
  };

  const alive = new Set(base);
  // A Set is walked with what is added on the way: from each member to those it admitted.
  for (const sponsor of alive)
    for (const node of admitsBy.get(sponsor) ?? [])
      if (node.op.body.kind === 'admit' && seenByAllRemovals(node)) alive.add(node.op.body.key);

  const stands = (node: OpNode): boolean =>
    hasBit(mask, node.index) && alive.has(node.op.author) && inScope(node) && seenByAllRemovals(node);
  const active = alive.difference(revoked);
  return {
    known,
    alive,
    revoked,
    epoch,
    unsponsored: base,
    inScope: (node) => hasBit(mask, node.index) && inScope(node),
    active,
    lapsed: lapsedOf(graph, nodes.filter(stands), active),
    suspended: known.difference(alive).difference(revoked),
    stands,
  };
}

function lapsedOf(
  graph: OpGraph,
  standing: readonly OpNode[],
  active: ReadonlySet<DeviceKey>,
): ReadonlySet<DeviceKey> {
  const callsOf = new Map<DeviceKey, OpNode[]>();
  for (const node of standing) {
    const { body } = node.op;
    if (body.kind === 'lapse' && active.has(body.key)) listOf(callsOf, body.key).push(node);
  }
  const lapsed = new Set<DeviceKey>();
  for (const [key, calls] of callsOf) {
    // All it had seen when it wrote, put together once: a log may be full of calls.
    const seen = graph.closure(standing.filter(({ op }) => op.author === key));
    if (calls.some(({ index }) => !hasBit(seen, index))) lapsed.add(key);
  }
  return lapsed;
}

function keptByAll(resets: readonly OpNode[]): Set<DeviceKey> {
  const lists = resets.map(({ op }) => new Set(op.body.kind === 'reset' ? op.body.keep : []));
  return lists.reduce((all, list) => all.intersection(list));
}

function commonPast(nodes: readonly OpNode[]): Bitset {
  const [first, ...others] = nodes as [OpNode, ...OpNode[]];
  const bits = first.past.slice();
  let last = first;
  for (const node of others) {
    // A later removal by a device that had heard of the last one takes nothing more away.
    if (hasBit(node.past, last.index)) continue;
    keepBits(bits, node.past);
    last = node;
  }
  return bits;
}

function listOf<K, V>(lists: Map<K, V[]>, key: K): V[] {
  let list = lists.get(key);
  if (list === undefined) {
    list = [];
    lists.set(key, list);
  }
  return list;
}
