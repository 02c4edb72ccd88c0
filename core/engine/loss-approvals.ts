import type { FolderIndex } from '../file-index/file-index.ts';
import type { Member } from '../model/entry.ts';
import type { DeviceKey } from '../model/ids.ts';
import { type Approval, maxApprovals } from '../protocol/protocol.ts';

const fact = 'loss-approvals';

/** What persons have allowed to be removed and replaced in one folder, on this device or on another than the author's. */
export interface LossApprovals {
  /** Whether what this entry takes away needs no answer any more. */
  covers(member: Member): boolean;
  /** Allows these writes and all that their authors made before them; inside a transaction. */
  allow(members: readonly Member[]): void;
  /** Takes over what a peer says was allowed, except of its own changes. Durable; returns the authors of whom more is allowed now. */
  heard(peer: DeviceKey, approvals: readonly Approval[]): ReadonlySet<DeviceKey>;
  /** All of them, to be passed on. */
  all(): readonly Approval[];
}

/** Reads the approvals kept in the index. */
export function openLossApprovals(index: FolderIndex): LossApprovals {
  let known = (JSON.parse(index.fact(fact) ?? '[]') as Approval[]).map((item) => ({ ...item }));

  const raise = (approvals: readonly Approval[]): ReadonlySet<DeviceKey> => {
    const raised = new Set<DeviceKey>();
    for (const approval of approvals) {
      const { author, incarnation, counter } = approval;
      const before = known.find((item) => item.author === author && item.incarnation === incarnation);
      if ((before?.counter ?? 0) >= counter) continue;
      known = [...known.filter((item) => item !== before), approval];
      raised.add(author);
    }
    // The oldest answers are about changes made long ago.
    known = known.slice(-maxApprovals);
    if (raised.size > 0) index.setFact(fact, JSON.stringify(known));
    return raised;
  };

  return {
    covers: ({ author, entry: { dot } }) =>
      known.some(
        (item) =>
          item.author === author && item.incarnation === dot.incarnation && item.counter >= dot.counter,
      ),
    allow(members) {
      raise(members.map(({ author, entry: { dot } }) => ({ author, ...dot })));
    },
    heard(peer, approvals) {
      const others = approvals.filter(({ author }) => author !== peer);
      return others.length === 0 ? new Set() : index.transaction(() => raise(others));
    },
    all: () => known,
  };
}
