import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { WireError } from '../../app/ipc/contract.ts';
import { errorOf } from '../state/engine-client.ts';

/** LIMIT: rows of the first page, which should be there at once, and of those after it. */
const firstRows = 300;
const laterRows = 5_000;

/** A long list that comes in pages. */
export interface Pages<Row> {
  readonly rows: readonly Row[];
  readonly error: WireError | undefined;
  /** Whether the first page has come. */
  readonly isKnown: boolean;
  /** Whether there are no more pages. */
  readonly isWhole: boolean;
  readonly loadMore: () => void;
}

const nothingYet = { rows: [], error: undefined, isKnown: false, isWhole: false };

/** Reads pages by `load`, which gets the last row there is and how many may come. A new `key` begins again, what is shown staying until then. */
export function usePages<Row>(
  key: string,
  load: (last: Row | undefined, limit: number, signal: AbortSignal) => Promise<readonly Row[]>,
): Pages<Row> {
  const [loaded, setLoaded] = useState<Omit<Pages<Row>, 'loadMore'>>(nothingYet);
  const reading = useRef<AbortController>(undefined);
  const ask = useEffectEvent(load);

  const read = useEffectEvent((before: readonly Row[]) => {
    reading.current?.abort();
    const leaving = new AbortController();
    reading.current = leaving;
    const limit = before.length === 0 ? firstRows : laterRows;
    const end = (next: Omit<Pages<Row>, 'loadMore' | 'isKnown'>): void => {
      if (leaving.signal.aborted) return;
      reading.current = undefined;
      setLoaded({ ...next, isKnown: true });
    };
    ask(before.at(-1), limit, leaving.signal).then(
      (page) => end({ rows: [...before, ...page], error: undefined, isWhole: page.length < limit }),
      (error: unknown) => end({ rows: [], error: errorOf(error), isWhole: true }),
    );
  });
  const more = useEffectEvent(() => {
    if (reading.current === undefined) read(loaded.rows);
  });
  const [wanted, setWanted] = useState(0);

  useEffect(() => {
    read([]);
    return () => reading.current?.abort();
  }, [key]);
  useEffect(() => {
    if (wanted > 0) more();
  }, [wanted]);

  return {
    ...loaded,
    loadMore() {
      if (loaded.isKnown && !loaded.isWhole) setWanted(loaded.rows.length);
    },
  };
}
