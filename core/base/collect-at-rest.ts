import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Clock, systemClock } from './clock.ts';

/** LIMIT: milliseconds between two looks at how much the process works. */
const lookEveryMs = 15_000;
/** LIMIT: processor time after which there is something to collect, and the share of one processor below which a process is at rest. */
const workMs = 2_000;
const restShare = 0.02;

/** What a runtime tells of itself and can be asked for. */
export interface Runtime {
  readonly clock: Pick<Clock, 'after' | 'monotonic'>;
  /** Milliseconds of processor time that the process has used so far, on all threads. */
  processorMs(): number;
  collect(): void;
}

/**
 * After much work, once the process is at rest, has the memory collected that this thread works with no more: by itself the runtime does so only when it needs room, and keeps what it
 * took. Once for each stretch of work, a tenth of a second. Goes on until the process ends, and does not keep it alive.
 */
export function collectAtRest(runtime: Runtime = systemRuntime()): void {
  const { clock } = runtime;
  let collectedAtMs = 0;
  let last = { at: clock.monotonic(), processorMs: runtime.processorMs() };
  const look = (): void => {
    const now = { at: clock.monotonic(), processorMs: runtime.processorMs() };
    const share = (now.processorMs - last.processorMs) / (now.at - last.at);
    last = now;
    if (share < restShare && now.processorMs - collectedAtMs > workMs) {
      runtime.collect();
      collectedAtMs = now.processorMs;
    }
    clock.after(lookEveryMs, look);
  };
  clock.after(lookEveryMs, look);
}

function systemRuntime(): Runtime {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return {
    clock: systemClock,
    processorMs() {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
    collect,
  };
}
