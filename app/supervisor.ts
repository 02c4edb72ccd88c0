import { type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import type { Clock } from './clock.ts';
import type { EngineArguments } from './engine-arguments.ts';
import type { Audience, EngineState, HostCommand, HostReport } from './ipc/contract.ts';
import { answerSeal } from './keys/app-store.ts';
import type { SystemSeal } from './keys/system-seal.ts';
import { createRestartPolicy } from './restart-policy.ts';

/** LIMIT: a stopping engine gets a little more than it gives itself. */
const stopDeadlineMs = 6_000;

/**
 * LIMIT: how long, from its start on, another engine with the same data is waited for, and how often it is tried: the one of an app whose main process was
 * killed ends by itself, as soon as it has flushed.
 */
const otherEndsMs = 10_000;
const tryAgainMs = 500;

/** Keeps the engine's process running. */
export interface Supervisor {
  state(): EngineState;
  /** Hands a port to the engine; dropped when none runs, and then `onState` tells of the next one. */
  attach(port: MessagePortMain, audience: Audience): void;
  keepPlace(place: string, path: string): void;
  /** Tells the engine of the machine's power; dropped when none runs. */
  power(news: Extract<HostCommand, { kind: 'woke' | 'battery' }>): void;
  /**
   * Starts the engine anew after it was refused or given up, from now on with other arguments if some are given. One
   * that is still ending, or starting and about to be refused, is waited for; one that runs is left alone.
   */
  restart(change?: Partial<EngineArguments>): void;
  /** Stops the engine, does `work` while none runs, and starts it again, also if that fails. */
  between(work: () => Promise<void>): Promise<void>;
  /** Lets the engine flush and end; resolves when it has, or was made to. */
  stop(): Promise<void>;
}

/** What the supervisor needs. `changed` is told of every state; with `running`, ports are to be handed over anew. */
export interface SupervisorDependencies {
  readonly file: string;
  readonly engineArguments: EngineArguments;
  readonly clock: Clock;
  readonly seal: SystemSeal;
  changed(state: EngineState): void;
  /** Told of the recovery words of a new group. */
  recoveryWords(words: string): void;
}

/** Starts the engine's process, and again whenever it ends unasked, until it ends too often. */
export function superviseEngine({
  file,
  engineArguments,
  clock,
  seal,
  changed,
  recoveryWords,
}: SupervisorDependencies): Supervisor {
  const policy = createRestartPolicy();
  let startedWith = engineArguments;
  let state: EngineState = { kind: 'starting' };
  let engine: UtilityProcess | undefined;
  let cancelRestart = (): void => {};
  let isStopping = false;
  let isWantedAgain = false;
  const firstTriedAt = clock.now();
  const isOtherEnding = ({ code }: { readonly code: string }): boolean =>
    code === 'home-in-use' && clock.now() - firstTriedAt < otherEndsMs;

  const become = (next: EngineState): void => {
    state = next;
    changed(next);
  };
  const say = (command: HostCommand, ports: MessagePortMain[] = []): void =>
    engine?.postMessage(command, ports);

  const start = (): void => {
    const started = utilityProcess.fork(file, [JSON.stringify(startedWith)], {
      serviceName: 'Lockstep engine',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    engine = started;
    let isTooEarly = false;
    started.stderr?.on('data', (text: Buffer) => process.stderr.write(text));
    started.on('message', (report: HostReport) => {
      switch (report.kind) {
        case 'started':
          isWantedAgain = false;
          become({ kind: 'running' });
          return;
        case 'refused':
          if (isOtherEnding(report.error)) isTooEarly = true;
          else become({ kind: 'refused', error: report.error });
          return;
        case 'recovery-words':
          recoveryWords(report.words);
          return;
        case 'seal':
        case 'unseal':
          void answerSeal(seal, report).then((answer) => started.postMessage(answer));
      }
    });
    started.on('exit', () => {
      engine = undefined;
      if (isStopping) return;
      if (isWantedAgain) {
        startAfresh();
        return;
      }
      if (isTooEarly) {
        cancelRestart = clock.after(tryAgainMs, start);
        return;
      }
      if (state.kind === 'refused' && state.error.retry !== 'soon') return;
      const waitMs = policy.ended(clock.now());
      if (waitMs === undefined) {
        become({ kind: 'given-up' });
        return;
      }
      become({ kind: 'restarting' });
      cancelRestart = clock.after(waitMs, start);
    });
  };

  const startAfresh = (): void => {
    isWantedAgain = false;
    become({ kind: 'starting' });
    start();
  };

  const stop = (): Promise<void> => {
    isStopping = true;
    cancelRestart();
    const stopped = engine;
    if (stopped === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = clock.after(stopDeadlineMs, () => stopped.kill());
      stopped.on('exit', () => {
        cancel();
        resolve();
      });
      say({ kind: 'stop' });
    });
  };

  start();
  return {
    state: () => state,
    attach: (port, audience) => say({ kind: 'attach', audience }, [port]),
    keepPlace: (place, path) => say({ kind: 'place', place, path }),
    power: (news) => say(news),
    restart(change = {}) {
      if (state.kind === 'running' || isStopping) return;
      startedWith = { ...startedWith, ...change };
      cancelRestart();
      policy.forget();
      if (engine === undefined) startAfresh();
      else isWantedAgain = true;
    },
    async between(work) {
      await stop();
      become({ kind: 'starting' });
      try {
        await work();
      } finally {
        isStopping = false;
        start();
      }
    },
    stop,
  };
}
