/** Gives lanes that wait for the same thing equal shares of it, however many there are and however much each wants. */
export interface FairTurns<Lane> {
  /** Those of the waiting lanes that had least come first; of equals, as they were given. */
  order(waiting: Iterable<Lane>): Lane[];
  /** A lane got this much. */
  took(lane: Lane, amount: number): void;
}

/**
 * Start-time fair queueing (Goyal, Vin and Cheng, 1996): a lane's turn begins where its last one ended, or at the present turn if it had rested, so that
 * a rest is neither saved up nor held against it. Remembers only lanes that are ahead of the present turn.
 */
export function createFairTurns<Lane>(): FairTurns<Lane> {
  const endOf = new Map<Lane, number>();
  let present = 0;
  const startOf = (lane: Lane): number => Math.max(present, endOf.get(lane) ?? 0);
  return {
    order: (waiting) => [...waiting].sort((a, b) => startOf(a) - startOf(b)),
    took(lane, amount) {
      present = startOf(lane);
      endOf.set(lane, present + amount);
      for (const [other, end] of endOf) if (end <= present) endOf.delete(other);
    },
  };
}
