import { useEffect, useState } from 'react';
import { wallNow } from '../state/clock.ts';

const tickMs = 20_000;

/** The time, fresh enough for "3 minutes ago". */
export function useNow(): number {
  const [now, setNow] = useState(wallNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(wallNow()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}
