import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createMemoryLan, type MemoryLan } from '../network/network.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';
import { createWorldClock, type WorldClock } from './world-clock.ts';
import { createMachine } from './create-machine.ts';
import type { DiskTraits, WorldMachine } from './world-machine.ts';

export type { WorldMachine } from './world-machine.ts';

/** Whole devices on memory disks and one memory network, moved by one seed and one clock. */
export interface World {
  readonly clock: WorldClock;
  readonly random: SeededRandom;
  readonly lan: MemoryLan;
  /** The machine of this name; the first call makes it, with this disk. */
  machine(name: string, traits?: DiskTraits): WorldMachine;
  /** All that were made, in that order. */
  machines(): readonly WorldMachine[];
  /** Lets time pass until `isSo`; throws when virtual minutes were not enough. */
  until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void>;
  /** Lets this much virtual time pass. */
  pass(ms: number): Promise<void>;
  /** Runs `work` while letting time pass. */
  during<T>(work: Promise<T>): Promise<T>;
  /** A hash over everything that happened so far, in order. */
  trace(): string;
  stop(): Promise<void>;
}

/** LIMIT: virtual milliseconds a world waits for something that must come. */
const patienceMs = 10 * 60_000;
/** How many turns of the real event loop promises may need to come to rest at one virtual moment. */
const turns = 6;

/** A world with no machines yet. With `isTroubled`, something may go wrong around the networks of its machines, at the cost of other traces. */
export function createWorld(seed: string, isTroubled = false): World {
  const random = createSeededRandom(seed);
  const clock = createWorldClock();
  const lan = createMemoryLan({ clock });
  const machines = new Map<string, WorldMachine>();
  const happened = createHash('sha256');
  const note = (line: string): void => {
    if (process.env['LOCKSTEP_SHOW_TRACE'] !== undefined)
      process.stdout.write(`${clock.monotonic()} ${line}\n`);
    happened.update(`${clock.monotonic()} ${line}\n`);
  };

  const settle = async (): Promise<void> => {
    for (let i = 0; i < turns; i++) await nextTurn();
  };
  const until = async (what: string, isSo: () => boolean | Promise<boolean>): Promise<void> => {
    const start = clock.monotonic();
    for (;;) {
      await settle();
      if (await isSo()) return;
      if (clock.monotonic() - start > patienceMs || !clock.next()) throw new Error(`never: ${what}`);
    }
  };
  return {
    clock,
    random,
    lan,
    machine(name, traits) {
      const known = machines.get(name);
      if (known !== undefined) return known;
      const machine = createMachine(
        name,
        { clock, lan, random: random.fork(name), note, isTroubled },
        traits,
      );
      machines.set(name, machine);
      return machine;
    },
    machines: () => [...machines.values()],
    until,
    async pass(ms) {
      const end = clock.monotonic() + ms;
      let isOver = false;
      clock.after(ms, () => {
        isOver = true;
      });
      await until(`the end of ${ms} ms`, () => isOver || clock.monotonic() >= end);
    },
    async during(work) {
      let isOver = false;
      const watched = work.finally(() => {
        isOver = true;
      });
      watched.catch(() => {});
      await until('the end of the work', () => isOver);
      return watched;
    },
    trace: () => happened.copy().digest('hex'),
    async stop() {
      for (const machine of machines.values()) await machine.stop();
    },
  };
}
