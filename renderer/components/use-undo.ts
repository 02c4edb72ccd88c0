import { useAttempt, useEngine } from './engine-context.ts';

/** Takes back what the activities name, one after the other, or with none the last resolution or restore made here; tells what came of it. */
export function useUndo(): (ids: readonly string[]) => void {
  const engine = useEngine();
  const attempt = useAttempt();
  return (ids) =>
    attempt(async () => {
      const again: string[] = [];
      let missing = 0;
      try {
        for (const id of ids.length === 0 ? [undefined] : ids) {
          const done = await engine.ask('undo', id === undefined ? {} : { id });
          again.unshift(done.undoId);
          missing += done.missing.length;
        }
      } finally {
        if (again.length > 0)
          engine.store.happened({ kind: 'done', done: { what: 'undone', missing, undo: again } });
      }
    });
}
