import type { SwarmRow } from './row.ts';

const mebi = 1024 * 1024;
const downMbit = 100;
const uplinkMbit = 20;
const slowMbit = 2;

function holders(id: string, title: string, holdersMbit: readonly number[], goal: string): SwarmRow {
  const sizeBytes = (scale: number): number => Math.round(40 * scale) * mebi;
  const rate = Math.min(
    downMbit,
    holdersMbit.reduce((sum, mbit) => sum + mbit, 0),
  );
  return {
    id,
    title,
    goal,
    kind: 'swarm',
    holdersMbit,
    takers: 1,
    takersMbit: uplinkMbit,
    downMbit,
    sizeBytes,
    limitS: (scale) => (sizeBytes(scale) * 8) / (rate * 1e6),
  };
}

/** One file from several devices, or to several. */
export const swarmRows: readonly SwarmRow[] = [
  ...[1, 2, 3, 4, 5].map((count) =>
    holders(
      `holders-${count}`,
      `40 MiB from ${count} at ${uplinkMbit} Mbit/s`,
      Array.from({ length: count }, () => uplinkMbit),
      count === 5 ? '4.5 × as fast as from one' : '–',
    ),
  ),
  holders(
    'holders-slow',
    `40 MiB from 4 at ${uplinkMbit} Mbit/s and one at ${slowMbit}`,
    [uplinkMbit, uplinkMbit, uplinkMbit, uplinkMbit, slowMbit],
    'at most 1.15 × the limit',
  ),
  {
    id: 'fan-out',
    title: `200 MB from one to five, each sending at ${uplinkMbit} Mbit/s`,
    goal: 'at most 1.6 × the time to send it once',
    kind: 'swarm',
    holdersMbit: [uplinkMbit],
    takers: 5,
    takersMbit: uplinkMbit,
    downMbit,
    sizeBytes: (scale) => Math.round(200e6 * scale),
    limitS: (scale) => (200e6 * scale * 8) / (uplinkMbit * 1e6),
  },
];
