/** Thrown when the program contradicts itself: a bug, never bad input. Stops the folder it happens in, loudly. */
export class Bug extends Error {
  override name = 'Bug';
}

/** Throws {@link Bug} unless `condition` holds; `what` says which promise was broken. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Bug(what);
}

/** Ends a `switch` over a union: the compiler proves it cannot be reached. */
export function unreachable(value: never): never {
  throw new Bug(`unreachable: ${String(value)}`);
}
