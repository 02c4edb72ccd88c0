import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** What happens at the n-th call; the same order stands in nth-call.c. */
const modes = ['off', 'count', 'kill', 'fail', 'stop', 'tear'] as const;
/** Kinds of calls: of names, opens, writes, flushes, of modes and times, reads, looks. */
const kinds = ['change-name', 'open', 'write', 'flush', 'change-facts', 'read', 'look'] as const;
export type CallKind = (typeof kinds)[number];

/** Numbers of errors, of errno.h on Linux. */
const errors = { EIO: 5, EACCES: 13, EMFILE: 24, ENOSPC: 28 } as const;
export type ErrorName = keyof typeof errors;

/** The calls before which a disk may differ from what it was before the last one. */
const changing: readonly CallKind[] = ['change-name', 'write', 'flush', 'change-facts'];

/** What can be made to happen at a call, and at which calls it can. */
export interface Fault {
  readonly name: string;
  readonly mode: (typeof modes)[number];
  readonly error?: ErrorName;
  readonly kinds: readonly CallKind[];
}

/**
 * LIMIT: kills come before the calls that change something: before one that only reads, the disk is as before the next that changes. `tear` makes a write by half
 * and kills then. An error comes at every call that can end with it.
 */
export const faults = {
  kill: { name: 'kill', mode: 'kill', kinds: changing },
  tear: { name: 'tear', mode: 'tear', kinds: ['write'] },
  EIO: { name: 'EIO', mode: 'fail', error: 'EIO', kinds },
  ENOSPC: { name: 'ENOSPC', mode: 'fail', error: 'ENOSPC', kinds: ['change-name', 'write', 'flush'] },
  EACCES: {
    name: 'EACCES',
    mode: 'fail',
    error: 'EACCES',
    kinds: ['change-name', 'open', 'change-facts', 'look'],
  },
  EMFILE: { name: 'EMFILE', mode: 'fail', error: 'EMFILE', kinds: ['change-name', 'open', 'look'] },
} as const satisfies Readonly<Record<string, Fault>>;

/** Stops the process, all of it, before a call that changes something. */
export const stop: Fault = { name: 'stop', mode: 'stop', kinds: changing };

const pageBytes = 4096;
const at = { mode: 0, n: 8, counted: 16, error: 24, kinds: 32, hits: 40, hit: 48, byCall: 512, names: 832 };
const hitBytes = 464;
const maxCalls = 40;
const nameBytes = 24;

/** The calls of one program that runs with this `env`, counted while it runs. */
export interface CallCounter {
  readonly env: Readonly<Record<string, string>>;
  /** Counts from 1 from now on; at the n-th call of the fault's kinds it happens, once. Without `n` nothing happens. */
  arm(fault: Fault, n?: number): void;
  disarm(): void;
  counted(): number;
  /** The call at which it happened and its path; undefined if it has not yet. */
  hit(): string | undefined;
  /** How often each call was made since the counter was armed. */
  byCall(): Readonly<Record<string, number>>;
}

/** Compiles the library into `place`. */
export function buildCallCounter(place: string): string {
  const library = path.join(place, 'nth-call.so');
  const source = path.join(import.meta.dirname, 'nth-call.c');
  execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-Wall', '-Werror', '-o', library, source, '-ldl'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return library;
}

/** A counter of the calls within these directories; `page` is a file to be made for it. */
export function createCallCounter(library: string, page: string, within: readonly string[]): CallCounter {
  fs.writeFileSync(page, Buffer.alloc(pageBytes));
  const file = fs.openSync(page, 'r+');
  const write = (position: number, value: number): void => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    fs.writeSync(file, bytes, 0, 8, position);
  };
  const read = (position: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    fs.readSync(file, bytes, 0, length, position);
    return bytes;
  };
  const number = (position: number): number => Number(read(position, 8).readBigInt64LE());
  const text = (position: number, length: number): string => {
    const bytes = read(position, length);
    return bytes.toString('utf8', 0, bytes.indexOf(0));
  };
  return {
    env: {
      LD_PRELOAD: library,
      LOCKSTEP_NTH_CALL_PAGE: page,
      LOCKSTEP_NTH_CALL_WITHIN: within.join(':'),
    },
    arm(fault, n = 0) {
      fs.writeSync(file, Buffer.alloc(pageBytes), 0, pageBytes, 0);
      write(at.n, n);
      write(at.error, fault.error === undefined ? 0 : errors[fault.error]);
      write(
        at.kinds,
        fault.kinds.reduce((mask, kind) => mask | (1 << kinds.indexOf(kind)), 0),
      );
      write(at.mode, modes.indexOf(n === 0 ? 'count' : fault.mode));
    },
    disarm: () => write(at.mode, 0),
    counted: () => number(at.counted),
    hit: () => (number(at.hits) === 0 ? undefined : text(at.hit, hitBytes)),
    byCall() {
      const calls: Record<string, number> = {};
      for (let i = 0; i < maxCalls; i += 1) {
        const name = text(at.names + i * nameBytes, nameBytes);
        if (name !== '') calls[name] = number(at.byCall + i * 8);
      }
      return calls;
    },
  };
}

/** Why calls cannot be counted here: undefined if they can. */
export function whyNoCounting(): string | undefined {
  if (process.platform !== 'linux') return 'calls are counted on Linux only';
  try {
    execFileSync('gcc', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'no C compiler here';
  }
}
