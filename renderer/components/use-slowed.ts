import { useEffect, useRef, useState } from 'react';
import { wallNow } from '../state/clock.ts';

/** LIMIT: how often a list is read anew while things keep happening, milliseconds: reading a long one is work for the engine. */
const gapMs = 1_500;

/** A text that follows `text` at once after a rest, and no more often than every so long. */
export function useSlowed(text: string): string {
  const [shown, setShown] = useState(text);
  const lastAt = useRef(0);
  useEffect(() => {
    if (text === shown) return undefined;
    const waitMs = Math.min(gapMs, Math.max(0, lastAt.current + gapMs - wallNow()));
    const timer = setTimeout(() => {
      lastAt.current = wallNow();
      setShown(text);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [text, shown]);
  return shown;
}
