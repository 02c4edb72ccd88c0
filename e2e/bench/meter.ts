import { setTimeout as sleep } from 'node:timers/promises';
import type { Frames, LabHost } from '../harness/lab.ts';
import { machineProcessorSeconds, processorSeconds, residentMiB } from './processes.ts';

/** What is looked at while something is measured. */
export interface Scene {
  /** Whose links are counted. */
  readonly hosts: readonly LabHost[];
  roots(): Roots;
}

/** Two hosts of a lab and what each keeps in its folder. */
export interface Pair {
  readonly near: LabHost;
  readonly far: LabHost;
  readonly nearFolder: string;
  readonly farFolder: string;
}

/** A host and the folder it keeps. */
export interface Place {
  readonly host: LabHost;
  readonly folder: string;
}

/** The processes whose trees do a program's work, on each host. */
export interface Roots {
  readonly near: readonly number[];
  readonly far: readonly number[];
}

/** What one piece of work took. */
export interface Reading {
  /** Until the far folder was as the near one. */
  readonly seconds: number;
  /** All that the hosts sent, with all headers. */
  readonly wireBytes: number;
  /** Of it, what the near host sent. */
  readonly nearBytes?: number;
  /** What became of it on emulated links. */
  readonly frames?: Frames;
  /** Until both sides had come to rest. */
  readonly processorS: { readonly near: number; readonly far: number };
  readonly peakMiB: { readonly near: number; readonly far: number };
  /** How many processors other programs of this machine used meanwhile. */
  readonly othersUsed: number;
}

/** LIMIT: memory is looked at often enough to see a peak, and seldom enough to cost nothing. */
const sampleMs = 100;
/** Rest is a second in which all use less than this each. */
const restS = 0.015;
/** LIMIT: some programs are never quite at rest. */
const restDeadlineMs = 120_000;

/** Resolves when the program has used next to no processor time for a second. */
export async function comeToRest(roots: () => Roots): Promise<void> {
  const all = (): readonly number[] => Object.values(roots()).flat();
  const used = (): number => processorSeconds(all());
  const deadline = performance.now() + restDeadlineMs;
  let before = used();
  for (;;) {
    await sleep(1000);
    const now = used();
    if (now - before <= restS * all().length || performance.now() > deadline) return;
    before = now;
  }
}

/** Runs `work`, which returns the seconds it took, and measures what it costs until rest. */
export async function metered({ hosts, roots }: Scene, work: () => Promise<number>): Promise<Reading> {
  const peakMiB = { near: 0, far: 0 };
  const look = (): void => {
    const { near, far } = roots();
    peakMiB.near = Math.max(peakMiB.near, residentMiB(near));
    peakMiB.far = Math.max(peakMiB.far, residentMiB(far));
  };
  const used = (): { near: number; far: number; machine: number; own: number } => {
    const { near, far } = roots();
    const { user, system } = process.cpuUsage();
    return {
      near: processorSeconds(near),
      far: processorSeconds(far),
      machine: machineProcessorSeconds(),
      own: (user + system) / 1e6,
    };
  };
  const startedAt = performance.now();
  const before = { ...used(), ...passed(hosts) };
  look();
  const timer = setInterval(look, sampleMs);
  try {
    const seconds = await work();
    await comeToRest(roots);
    const after = { ...used(), ...passed(hosts) };
    const near = after.near - before.near;
    const far = after.far - before.far;
    const others = after.machine - before.machine - near - far - (after.own - before.own);
    return {
      seconds,
      wireBytes: after.wireBytes - before.wireBytes,
      nearBytes: after.nearBytes - before.nearBytes,
      ...(after.frames === undefined || before.frames === undefined
        ? {}
        : { frames: since(before.frames, after.frames) }),
      processorS: { near, far },
      peakMiB,
      othersUsed: Math.max(0, others) / ((performance.now() - startedAt) / 1000),
    };
  } finally {
    clearInterval(timer);
  }
}

/** All that has passed the links of these hosts so far, each frame counted where it was sent. */
function passed(
  hosts: readonly LabHost[],
): Required<Pick<Reading, 'wireBytes' | 'nearBytes'>> & Pick<Reading, 'frames'> {
  const traffic = hosts.map((host) => host.traffic());
  const frames = traffic.flatMap((of) => of.frames ?? []);
  const sum = (figures: readonly number[]): number => figures.reduce((a, b) => a + b, 0);
  return {
    wireBytes: sum(traffic.map(({ sentBytes }) => sentBytes)),
    nearBytes: traffic[0]?.sentBytes ?? 0,
    ...(frames.length === 0
      ? {}
      : {
          frames: {
            sent: sum(frames.map(({ sent }) => sent)),
            lost: sum(frames.map(({ lost }) => lost)),
            dropped: sum(frames.map(({ dropped }) => dropped)),
          },
        }),
  };
}

function since(before: Frames, after: Frames): Frames {
  return {
    sent: after.sent - before.sent,
    lost: after.lost - before.lost,
    dropped: after.dropped - before.dropped,
  };
}
