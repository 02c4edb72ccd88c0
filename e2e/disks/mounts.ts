import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** What every place of this process begins with; the next run removes those whose process is gone. */
const placePrefix = 'lockstep-disk-';

/** Places of this process, unmounted and removed when it ends, however a test went. */
const livePlaces = new Set<string>();
process.on('exit', () => {
  for (const place of livePlaces) removePlace(place);
});

/** Runs a program; throws with what it said. */
export function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
}

/** A new directory in which disks are mounted. What runs left that were killed goes first. */
export function makePlace(): string {
  sweepPlaces();
  const place = fs.mkdtempSync(path.join(os.tmpdir(), `${placePrefix}${process.pid}-`));
  livePlaces.add(place);
  return place;
}

/** Unmounts everything below `place` and removes it. */
export function removePlace(place: string): void {
  for (const mounted of mountedBelow(place)) {
    try {
      run('umount', mounted);
    } catch {
      // Somebody still has it open: it goes as soon as they have closed it.
      run('umount', '--lazy', mounted);
    }
  }
  fs.rmSync(place, { recursive: true, force: true });
  livePlaces.delete(place);
}

function sweepPlaces(): void {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const pid = new RegExp(`^${placePrefix}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !fs.existsSync(`/proc/${pid}`)) removePlace(path.join(os.tmpdir(), name));
  }
}

/** What is mounted below a directory, the deepest first. */
function mountedBelow(place: string): string[] {
  return fs
    .readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => (line.split(' ')[4] ?? '').replaceAll('\\040', ' '))
    .filter((mounted) => mounted.startsWith(`${place}/`))
    .reverse();
}

/** Why nothing can be mounted here: undefined if something can. */
export function whyNoMounts(): string | undefined {
  if (process.platform !== 'linux') return 'mounting is done on Linux only';
  return process.getuid?.() === 0 ? undefined : 'mounting needs root';
}
