import fs from 'node:fs';

/** LIMIT: Linux counts a hundred ticks a second for every program. */
const ticksPerSecond = 100;
const pageMiB = 4096 / (1024 * 1024);

/** The process `root` and all that descend from it and live. */
export function processTree(root: number): readonly number[] {
  const pids = [root];
  for (const pid of pids) {
    const tasks = listOf(`/proc/${pid}/task`);
    for (const task of tasks)
      pids.push(
        ...textOf(`/proc/${pid}/task/${task}/children`)
          .split(' ')
          .filter((text) => text.trim() !== '')
          .map(Number),
      );
  }
  return pids;
}

/** Seconds of processor time that these processes, and those they have seen end, have used so far. */
export function processorSeconds(roots: readonly number[]): number {
  let ticks = 0;
  for (const pid of roots.flatMap(processTree)) {
    const fields = textOf(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
    for (const at of [11, 12, 13, 14]) ticks += Number(fields[at] ?? 0);
  }
  return ticks / ticksPerSecond;
}

/** Memory that these processes and those below them hold now, in MiB. */
export function residentMiB(roots: readonly number[]): number {
  let pages = 0;
  for (const pid of roots.flatMap(processTree))
    pages += Number(textOf(`/proc/${pid}/statm`).split(' ')[1] ?? 0);
  return pages * pageMiB;
}

/** Seconds of processor time that all programs of this machine have used since it started, without interrupts. */
export function machineProcessorSeconds(): number {
  const [, user, nice, system] = textOf('/proc/stat').split('\n')[0]?.split(/\s+/) ?? [];
  return (Number(user) + Number(nice) + Number(system)) / ticksPerSecond;
}

/** Of how many processors this machine was in want on average over the last minute, and how many it had. */
export function loadAverage(): number {
  return Number(textOf('/proc/loadavg').split(' ')[0]);
}

/** Empty for what has ended meanwhile. */
function textOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function listOf(directory: string): readonly string[] {
  try {
    return fs.readdirSync(directory);
  } catch {
    return [];
  }
}
