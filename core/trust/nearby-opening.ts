import type { Clock } from '../base/base.ts';

/** LIMIT: how long pairing with devices near by stays open without being opened again, monotonic milliseconds. */
export const nearbyOpenMs = 5 * 60_000;
/** LIMIT: sessions of one opening that may end without a member: each is one chance in a million for somebody who stands between. */
export const maxDroppedSessions = 3;

/** Whether this device takes part in pairing with devices near by, and how often it was tried; kept in memory only. */
export interface NearbyOpening {
  /** Opens, or stays open for another five minutes. The sessions that were dropped are forgotten only if it was closed. */
  open(): { readonly expiresInMs: number };
  /** Closes; a session that has begun may end. */
  close(): void;
  isOpen(): boolean;
  /** Why it is not open: `unverified` says that too many sessions were dropped, so that somebody may be standing between. */
  state(): 'open' | 'closed' | 'unverified';
  /** Aborts when this opening ends; already aborted while it is closed. */
  readonly ended: AbortSignal;
  /** Begins a session, or undefined if it is closed or the sessions begun use up what is left. */
  begin(): NearbySession | undefined;
}

/** One session; exactly one of the two is to be called, and calling again changes nothing. */
export interface NearbySession {
  paired(): void;
  /** It ended otherwise, for whatever reason: whoever stands between would give it one. */
  dropped(): void;
}

/** A closed opening. */
export function createNearbyOpening({ clock }: { readonly clock: Pick<Clock, 'after'> }): NearbyOpening {
  let ending = new AbortController();
  ending.abort();
  let cancelExpiry = (): void => {};
  let begun = 0;
  let dropped = 0;

  const isOpen = (): boolean => !ending.signal.aborted;
  const close = (): void => {
    cancelExpiry();
    ending.abort();
  };
  return {
    isOpen,
    close,
    state: () => (isOpen() ? 'open' : dropped >= maxDroppedSessions ? 'unverified' : 'closed'),
    get ended() {
      return ending.signal;
    },
    open() {
      cancelExpiry();
      if (!isOpen()) {
        ending = new AbortController();
        dropped = 0;
      }
      cancelExpiry = clock.after(nearbyOpenMs, close);
      return { expiresInMs: nearbyOpenMs };
    },
    begin() {
      if (!isOpen() || begun + dropped >= maxDroppedSessions) return undefined;
      begun += 1;
      const opening = ending;
      let isOver = false;
      const end = (wasDropped: boolean): void => {
        if (isOver) return;
        isOver = true;
        begun -= 1;
        if (!wasDropped || opening !== ending) return;
        dropped += 1;
        if (dropped >= maxDroppedSessions) close();
      };
      return { paired: () => end(false), dropped: () => end(true) };
    },
  };
}
