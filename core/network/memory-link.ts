import type { Clock } from '../base/base.ts';

/** One direction between two devices: what is put on it comes out in the same order, later, or not while it is cut. */
export interface MemoryLink {
  put(deliver: () => void): void;
  /** While cut, everything waits, as TCP's retransmissions would; the sender is told nothing. */
  setCut(cut: boolean): void;
  setLatency(latencyMs: number): void;
}

export function createMemoryLink(clock: Clock, initialLatencyMs: number): MemoryLink {
  const waiting: { readonly dueAt: number; readonly deliver: () => void }[] = [];
  let latencyMs = initialLatencyMs;
  let cut = false;
  let cancel: (() => void) | undefined;

  const schedule = (): void => {
    const first = waiting[0];
    if (cut || cancel !== undefined || first === undefined) return;
    cancel = clock.after(Math.max(0, first.dueAt - clock.monotonic()), () => {
      cancel = undefined;
      while (!cut && waiting[0] !== undefined && waiting[0].dueAt <= clock.monotonic())
        waiting.shift()?.deliver();
      schedule();
    });
  };
  return {
    put(deliver) {
      const earliest = waiting.at(-1)?.dueAt ?? 0;
      waiting.push({ dueAt: Math.max(earliest, clock.monotonic() + latencyMs), deliver });
      schedule();
    },
    setCut(next) {
      cut = next;
      if (cut) {
        cancel?.();
        cancel = undefined;
      } else schedule();
    },
    setLatency(next) {
      latencyMs = next;
    },
  };
}
