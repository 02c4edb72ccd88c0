import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Link, LinkEnds } from './lab-network.ts';

/** What a wide-area link does to everything that passes it, both ways alike. */
export interface WanConditions {
  readonly mbit: number;
  readonly delayMs: number;
  /** How many of a hundred frames are lost, at random. */
  readonly lossPercent: number;
  /** The same seed loses the same frames, counted from the first. */
  readonly seed: number;
}

/** LIMIT: what a link sends in this time waits, more is dropped; as long as the queue of `limitRate`. */
const queueMs = 100;

/** Joins a host to the switch by a link that a process emulates, which lives in the switch's namespace and ends with it. */
export function joinByWan(
  { switchSpace, port, hostSpace }: LinkEnds,
  directory: string,
  { mbit, delayMs, lossPercent, seed }: WanConditions,
): Link {
  const counters = path.join(directory, `${port}.counters`);
  const figures = [mbit * 1e6, delayMs * 1000, lossPercent * 1e4, mbit * queueMs * 125, seed];
  execFileSync(emulatorIn(directory), [
    counters,
    hostSpace,
    'lan',
    switchSpace,
    port,
    ...figures.map((figure) => String(Math.round(figure))),
  ]);
  return {
    traffic() {
      const [up, down] = countsIn(counters);
      return {
        sentBytes: up.sentBytes,
        receivedBytes: down.sentBytes,
        frames: {
          sent: up.sentFrames + down.sentFrames,
          lost: up.lostFrames + down.lostFrames,
          dropped: up.droppedFrames + down.droppedFrames,
        },
      };
    },
  };
}

interface Counts {
  readonly sentBytes: number;
  readonly sentFrames: number;
  readonly lostFrames: number;
  readonly droppedFrames: number;
}

/** `struct counters` of lab-wan.c, of the way up and then of the way down. */
function countsIn(file: string): readonly [up: Counts, down: Counts] {
  const bytes = fs.readFileSync(file);
  const number = (place: number): number => Number(bytes.readBigUInt64LE(place * 8));
  const way = (first: number): Counts => ({
    sentBytes: number(first),
    sentFrames: number(first + 1),
    lostFrames: number(first + 2),
    droppedFrames: number(first + 3),
  });
  return [way(0), way(4)];
}

/** The emulator's program, compiled once for a lab. */
function emulatorIn(directory: string): string {
  const program = path.join(directory, 'lab-wan');
  if (!fs.existsSync(program))
    execFileSync('gcc', [
      '-O2',
      '-Wall',
      '-Werror',
      '-o',
      program,
      path.join(import.meta.dirname, 'lab-wan.c'),
    ]);
  return program;
}
