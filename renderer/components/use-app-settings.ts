import { useSyncExternalStore } from 'react';
import type { AppSettings, ShellMethods } from '../../app/ipc/contract.ts';
import { useAttempt, useEngine } from './engine-context.ts';

/** What the program is set to; undefined until it is known. */
export function useAppSettings(): AppSettings | undefined {
  const { store } = useEngine();
  return useSyncExternalStore(store.subscribe, () => store.current().settings);
}

/** Changes what the program is set to, here and there. */
export function useChangeSettings(): (changes: ShellMethods['changeSettings']['takes']) => void {
  const engine = useEngine();
  const attempt = useAttempt();
  return (changes) =>
    attempt(async () => {
      const settings = await engine.shell('changeSettings', changes);
      engine.store.happened({ kind: 'settings', settings });
    });
}
