import { Refusal } from '../state/engine-client.ts';
import { useAttempt, useEngine } from './engine-context.ts';

/** Opens a copy of a version outside of the window; a refusal is told in a notice. */
export function useOpenCopy(): (path: string, version: string) => void {
  const engine = useEngine();
  const attempt = useAttempt();
  return (path, version) =>
    attempt(async () => {
      const { error } = await engine.shell('openCopy', { path, version });
      if (error !== undefined) throw new Refusal(error);
    });
}
