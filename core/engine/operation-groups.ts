import type { Operation } from '../plan/plan.ts';

/** Neighbours of one kind, in the plan's order. */
export function groupsOf(operations: readonly Operation[]): Operation[][] {
  const groups: Operation[][] = [];
  for (const operation of operations) {
    const last = groups.at(-1);
    const isAlike =
      last?.[0] !== undefined &&
      (last[0].kind === operation.kind || (isRowOnly(last[0]) && isRowOnly(operation)));
    if (isAlike) last.push(operation);
    else groups.push([operation]);
  }
  return groups;
}

function isRowOnly(operation: Operation): boolean {
  return operation.kind === 'adopt' || operation.kind === 'hold-back';
}
