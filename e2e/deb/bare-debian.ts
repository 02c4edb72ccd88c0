import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** Where it is taken from; Debian's own place if not given. */
const mirror = process.env.LOCKSTEP_DEBIAN_MIRROR;

/** A Debian 12 with nothing in it but what each has. Only for a mount namespace of its own, as build/test-deb.mjs makes. */
export interface BareDebian {
  readonly root: string;
  /** Runs a program in it as root; throws with what it said. */
  run(program: string, ...args: readonly string[]): string;
  /** The place of one of its files as seen from here. */
  at(file: string): string;
  /** Every file and directory of its own disk with what tells that it was changed, those in homes left out. */
  files(): Map<string, string>;
}

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
  });
}

/** Makes one in `root`, which does not exist yet, with the directories mounted that a program may expect, and an ordinary user `tester`. */
export function makeBareDebian(root: string): BareDebian {
  run('debootstrap', '--variant=minbase', 'bookworm', root, ...(mirror === undefined ? [] : [mirror]));
  const at = (file: string): string => path.join(root, file);
  run('mount', '-t', 'proc', 'proc', at('proc'));
  run('mount', '-t', 'tmpfs', '-o', 'mode=1777,nosuid,nodev', 'tmpfs', at('tmp'));
  fs.mkdirSync(at('dev/shm'), { recursive: true });
  run('mount', '-t', 'tmpfs', '-o', 'mode=1777,nosuid,nodev', 'tmpfs', at('dev/shm'));
  const inside = (program: string, ...args: readonly string[]): string =>
    run('chroot', root, program, ...args);
  inside('useradd', '--create-home', '--shell', '/bin/sh', 'tester');
  return { root, at, run: inside, files: () => filesOf(root) };
}

function filesOf(root: string): Map<string, string> {
  const { dev } = fs.lstatSync(root);
  const found = new Map<string, string>();
  const walk = (directory: string): void => {
    for (const name of fs.readdirSync(path.join(root, directory))) {
      const file = `${directory}/${name}`;
      const stat = fs.lstatSync(path.join(root, file));
      if (stat.dev !== dev || file === '/home') continue;
      const facts = [stat.mode, stat.uid, stat.gid, stat.isDirectory() ? '' : stat.size, stat.mtimeMs];
      found.set(file, facts.join(' '));
      if (stat.isDirectory()) walk(file);
    }
  };
  walk('');
  return found;
}
