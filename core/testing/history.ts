/** What people did so far in a world, and what may rightly be gone because of it. */
export interface History {
  /** Every content a user completed, with where; the empty one is not among them. */
  readonly completed: Map<string, string>;
  /** Contents that a user's own later act replaced or deleted, having them before their eyes. */
  readonly givenUp: Set<string>;
  /** Contents that a user moved away from where they were. */
  readonly moved: Set<string>;
  /** Contents that a device put away when a user asked it to resolve, restore or undo: they need be nowhere in the folder, but must still be had. */
  readonly putAway: Set<string>;
  /** Contents whose names no user made durable: a power cut may take them, unless a device has told of them. */
  readonly careless: Set<string>;
  /** Contents of a device that was removed, which may not have been taken: they must still be had, but need be no member of any path. */
  readonly outside: Set<string>;
  /** What a device answered that it must never answer. */
  readonly bugs: string[];
  /** What was done, for a person who looks into a failure. */
  readonly acts: string[];
  /** Whether anybody made an empty file. */
  hasEmpty: boolean;
  /** Whether any machine lost its index: what its deleted files had been nobody may remember then. */
  hasLostIndex: boolean;
  /** Whether kept versions may go before a world is over: an index that knows of them, the room for them, or years. */
  mayForget: boolean;
}

/** Nothing done yet. */
export function createHistory(): History {
  return {
    completed: new Map(),
    givenUp: new Set(),
    moved: new Set(),
    putAway: new Set(),
    careless: new Set(),
    outside: new Set(),
    bugs: [],
    acts: [],
    hasEmpty: false,
    hasLostIndex: false,
    mayForget: false,
  };
}
