import type { OpGraph, OpNode } from './op-graph.ts';
import { hasBit } from './bitset.ts';
import { resolve } from './resolve.ts';
import type { OpPast } from './validity.ts';

/** LIMIT: resolutions kept; operations that arrive together mostly share their pasts. */
const maxKept = 64;

/** {@link resolve} for the pasts of operations, each worked out once while it is in use. */
export interface Resolver {
  /** What holds for someone whose newest operations are `heads`; at least one. */
  at(heads: readonly OpNode[]): OpPast;
  /** What holds with all that is in the graph; it must not be empty. */
  now(): OpPast;
}

/** A resolver over `graph`, which may grow. */
export function createResolver(graph: OpGraph): Resolver {
  const kept = new Map<string, OpPast>();
  const at = (heads: readonly OpNode[]): OpPast => {
    const maximal = heads.filter(
      (head) => !heads.some((other) => other !== head && hasBit(other.past, head.index)),
    );
    const name = [...new Set(maximal.map(({ index }) => index))].toSorted((a, b) => a - b).join(' ');
    let past = kept.get(name);
    if (past === undefined) {
      const mask = graph.closure(maximal);
      past = { graph, mask, resolution: resolve(graph, mask) };
    }
    // Moves it to the end: the first is always the one used longest ago.
    kept.delete(name);
    kept.set(name, past);
    if (kept.size > maxKept) kept.delete(kept.keys().next().value as string);
    return past;
  };
  let newest: { readonly size: number; readonly past: OpPast } | undefined;
  return {
    at,
    now() {
      if (newest?.size !== graph.nodes.length) {
        const mask = graph.closure(graph.heads());
        newest = { size: graph.nodes.length, past: { graph, mask, resolution: resolve(graph, mask) } };
      }
      return newest.past;
    },
  };
}
