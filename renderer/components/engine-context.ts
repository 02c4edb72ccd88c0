import { createContext, use, useSyncExternalStore } from 'react';
import { type EngineClient, errorOf } from '../state/engine-client.ts';
import type { ViewState } from '../state/view-state.ts';

/** The engine of this window; there always is one. */
export const EngineContext = createContext<EngineClient | undefined>(undefined);

/** The way to the engine. */
export function useEngine(): EngineClient {
  const engine = use(EngineContext);
  if (engine === undefined) throw new Error('no engine around this component');
  return engine;
}

/** What the window shows now. */
export function useView(): ViewState {
  const { store } = useEngine();
  return useSyncExternalStore(store.subscribe, store.current);
}

/** Runs something whose failure is told in a notice. */
export function useAttempt(): (work: () => Promise<unknown>) => void {
  const { store } = useEngine();
  return (work) => {
    work().catch((error: unknown) => store.happened({ kind: 'refused', error: errorOf(error) }));
  };
}
