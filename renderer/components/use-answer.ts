import { useEffect, useEffectEvent, useState } from 'react';
import type { WireError } from '../../app/ipc/contract.ts';
import { errorOf } from '../state/engine-client.ts';

/** What was asked of the engine: the last answer stands while a newer one is awaited; neither means that the first is. */
export interface Answer<T> {
  readonly value?: T;
  readonly error?: WireError;
}

/** Asks by `load` at once and whenever `key` changes; leaving ends the waiting. */
export function useAnswer<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({});
  const ask = useEffectEvent(load);
  useEffect(() => {
    const leaving = new AbortController();
    const tell = (next: Answer<T>): void => {
      if (!leaving.signal.aborted) setAnswer(next);
    };
    ask(leaving.signal).then(
      (value) => tell({ value }),
      (error: unknown) => tell({ error: errorOf(error) }),
    );
    return () => leaving.abort();
  }, [key]);
  return answer;
}
