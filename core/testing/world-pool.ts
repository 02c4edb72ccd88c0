import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createLimiter } from '../base/base.ts';
import type { WorldOutcome } from './world-worker.ts';

/** LIMIT: real milliseconds after which a world counts as one that never ends. */
const patienceMs = 300_000;

/** LIMIT: worlds that a process runs before another takes its place: what a device that was ended by force waits for keeps about half a megabyte of its world in memory. */
const worldsEach = 500;

/** Worlds in processes of their own, as many at once as there are processors. */
export interface WorldPool {
  /** Runs the world of this seed as soon as a process is free; never rejects. */
  run(seed: string): Promise<WorldOutcome>;
  readonly size: number;
  /** Ends the processes; what still runs is broken off. */
  close(): void;
}

/** A pool without a process yet: each begins with its first world. */
export function openWorldPool(size = availableParallelism()): WorldPool {
  const idle: { readonly worker: ChildProcess; worldsLeft: number }[] = [];
  const all = new Set<ChildProcess>();
  const limiter = createLimiter(size);
  const begin = (): (typeof idle)[number] => {
    const worker = fork(new URL('./world-worker.ts', import.meta.url), { execArgv: [] });
    all.add(worker);
    return { worker, worldsLeft: worldsEach };
  };
  return {
    size,
    run: (seed) =>
      limiter.run(async () => {
        const mine = idle.pop() ?? begin();
        const outcome = await ask(mine.worker, seed);
        mine.worldsLeft -= 1;
        if (outcome !== undefined && mine.worldsLeft > 0) {
          idle.push(mine);
          return outcome;
        }
        all.delete(mine.worker);
        mine.worker.kill('SIGKILL');
        const message = `the process of world ${seed} ended or hung`;
        return outcome ?? { kind: 'broken', seed, promise: 'NoBug', message };
      }),
    close() {
      for (const worker of all) worker.kill('SIGKILL');
    },
  };
}

/** What the process says became of the world; undefined if it ended, or did not come to an end. */
function ask(worker: ChildProcess, seed: string): Promise<WorldOutcome | undefined> {
  return new Promise((resolve) => {
    const settle = (outcome: WorldOutcome | undefined): void => {
      clearTimeout(timer);
      worker.off('message', answered);
      worker.off('exit', ended);
      resolve(outcome);
    };
    const answered = (outcome: unknown): void => settle(outcome as WorldOutcome);
    const ended = (): void => settle(undefined);
    const timer = setTimeout(ended, patienceMs);
    worker.on('message', answered);
    worker.on('exit', ended);
    worker.send(seed);
  });
}
