import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { WireError } from '../../app/ipc/contract.ts';
import { errorOf } from '../state/engine-client.ts';

/** LIMIT: rows of the first page, which should be there at once, and of those after it. */
const firstRows = 1_000;
const laterRows = 5_000;

/** A long list that comes in pages. */
export interface Pages<Row> {
  readonly rows: readonly Row[];
  readonly error: WireError | undefined;
  /** Whether the first page has come. */
  readonly isKnown: boolean;
  /** Whether there are no more pages. */
  readonly isWhole: boolean;
  /** Whether all of it came as one page. */
  readonly isShort: boolean;
  readonly loadMore: () => void;
}

const nothingYet = { rows: [], error: undefined, isKnown: false, isWhole: false, isShort: false };

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
      (page) => {
        const isWhole = page.length < limit;
        const rows = before.length === 0 ? page : [...before, ...page];
        end({ rows, error: undefined, isWhole, isShort: isWhole && before.length === 0 });
      },
      (error: unknown) => end({ ...nothingYet, error: errorOf(error), isWhole: true }),
    );
  });
  const more = useEffectEvent(() => {
    if (reading.current === undefined) read(loaded.rows);
  });
  /** Another object for every wish, so that none is taken for the one before it. */
  const [wish, setWish] = useState<object>();

  useEffect(() => {
    read([]);
    return () => reading.current?.abort();
  }, [key]);
  useEffect(() => {
    if (wish !== undefined) more();
  }, [wish]);

  const canLoad = loaded.isKnown && !loaded.isWhole;
  const loadMore = useCallback(() => {
    if (canLoad) setWish({});
  }, [canLoad]);
  return { ...loaded, loadMore };
}
