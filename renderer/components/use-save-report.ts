import { useState } from 'react';
import { Refusal } from '../state/engine-client.ts';
import { useAttempt, useEngine } from './engine-context.ts';

/** Has a report saved where a person chooses; whether one was. */
export function useSaveReport(): { readonly isSaved: boolean; readonly save: () => void } {
  const engine = useEngine();
  const attempt = useAttempt();
  const [isSaved, setSaved] = useState(false);
  return {
    isSaved,
    save: () =>
      attempt(async () => {
        const { saved, error } = await engine.shell('saveReport', undefined);
        if (error !== undefined) throw new Refusal(error);
        setSaved(saved);
      }),
  };
}
