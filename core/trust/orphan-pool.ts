import type { Hash } from '../model/ids.ts';
import type { MembershipOp } from '../protocol/protocol.ts';

/** LIMITS of what waits for one source's missing operations; over them the oldest are dropped. */
export const orphanLimits = { maxOps: 256, maxBytes: 1 << 20 } as const;

/** Signed operations that cannot be judged yet, by the source they came from, so that no source can push out another's. */
export interface OrphanPool {
  park(op: MembershipOp, source: string): void;
  get(id: Hash): MembershipOp | undefined;
  remove(id: Hash): void;
  /** All that wait, oldest first within a source. */
  all(): readonly MembershipOp[];
  /** Drops what came from `source`. */
  forget(source: string): void;
}

/** An empty pool. */
export function createOrphanPool(): OrphanPool {
  const bySource = new Map<string, Map<Hash, MembershipOp>>();
  const drop = (source: string, waiting: Map<Hash, MembershipOp>, id: Hash): void => {
    waiting.delete(id);
    if (waiting.size === 0) bySource.delete(source);
  };
  return {
    park(op, source) {
      const waiting = bySource.get(source) ?? new Map<Hash, MembershipOp>();
      bySource.set(source, waiting);
      waiting.set(op.id, op);
      let bytes = 0;
      for (const { envelope } of waiting.values()) bytes += envelope.length;
      for (const { id, envelope } of waiting.values()) {
        if (waiting.size <= orphanLimits.maxOps && bytes <= orphanLimits.maxBytes) break;
        bytes -= envelope.length;
        waiting.delete(id);
      }
    },
    get(id) {
      for (const waiting of bySource.values()) {
        const op = waiting.get(id);
        if (op !== undefined) return op;
      }
      return undefined;
    },
    remove(id) {
      for (const [source, waiting] of bySource) drop(source, waiting, id);
    },
    all: () => [...bySource.values()].flatMap((waiting) => [...waiting.values()]),
    forget(source) {
      bySource.delete(source);
    },
  };
}
