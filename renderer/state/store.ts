import { firstViewState, reduceView, type ViewEvent, type ViewState } from './view-state.ts';

/** The window's state and the one way it changes. */
export interface Store {
  current(): ViewState;
  happened(event: ViewEvent): void;
  /** Calls `listener` after every change; the returned function ends it. */
  subscribe(listener: () => void): () => void;
}

/** A store in which nothing has happened. */
export function createStore(): Store {
  let state = firstViewState;
  const listeners = new Set<() => void>();
  return {
    current: () => state,
    happened(event) {
      const next = reduceView(state, event);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
