import type { FolderStatus, Status } from '../../core/engine/engine.ts';
import { spawnCommand } from '../harness/harness.ts';

/** Tells a story on the terminal. */
export interface Narrator {
  /** A new chapter. */
  chapter(title: string): void;
  say(text: string): void;
  /** What a person would type, and where. */
  typed(device: string, command: string): void;
  /** Shows, while `work` runs, what arrives at the device of `home`; then how much and how fast. */
  arriving<T>(device: string, home: string, work: Promise<T>): Promise<T>;
}

const barWidth = 24;
/** How often progress is told where it cannot be drawn over. */
const lineEveryMs = 500;
const mebibyte = 1024 * 1024;

/** Speaks on stdout; draws progress over itself on a terminal, and tells it line by line elsewhere. */
export function createNarrator(): Narrator {
  const isTerminal = process.stdout.isTTY;
  const line = (text: string): void => void process.stdout.write(`${text}\n`);
  let toldAt = 0;
  const overdraw = (text: string): void => {
    if (isTerminal) process.stdout.write(`\r\u001b[K${text}`);
    else if (text !== '' && performance.now() - toldAt > lineEveryMs) {
      toldAt = performance.now();
      line(text);
    }
  };
  let chapters = 0;
  return {
    chapter(title) {
      chapters += 1;
      line(`\n${chapters}. ${title}`);
    },
    say: (text) => line(`   ${text}`),
    typed: (device, command) => line(`   ${device.padEnd(8)} $ lockstep ${command}`),
    async arriving(device, home, work) {
      const watching = spawnCommand(['--home', home, 'status', '--watch', '--json']);
      const seen = createArrival();
      let partial = '';
      let isOver = false;
      watching.stdout?.setEncoding('utf8').on('data', (text: string) => {
        const lines = (partial + text).split('\n');
        partial = lines.pop() ?? '';
        if (isOver) return;
        for (const each of lines) overdraw(`   ${device.padEnd(8)} ${seen.draw(JSON.parse(each) as Status)}`);
      });
      try {
        const result = await work;
        isOver = true;
        overdraw('');
        line(`   ${device.padEnd(8)} ${seen.sum()}`);
        return result;
      } finally {
        isOver = true;
        watching.kill('SIGTERM');
      }
    },
  };
}

/** Makes pictures of what arrives, from one status after another. */
function createArrival(): { draw(status: Status): string; sum(): string } {
  const startedAt = performance.now();
  let [mostBytes, fastestBps] = [0, 0];
  return {
    draw({ folders, peers, sentence }) {
      const total = (of: (folder: FolderStatus) => number): number =>
        folders.reduce((sum, folder) => sum + of(folder), 0);
      const needBytes = total((folder) => folder.needBytes);
      const bps = peers.reduce((sum, peer) => sum + peer.receiveBps, 0);
      mostBytes = Math.max(mostBytes, needBytes);
      fastestBps = Math.max(fastestBps, bps);
      if (needBytes === 0) return sentence;
      const done = Math.round((1 - needBytes / mostBytes) * barWidth);
      const left = folders.find((folder) => folder.etaS !== null)?.etaS;
      const time = left === undefined || left === null ? '' : `, ${left} s left`;
      return `[${'#'.repeat(done).padEnd(barWidth, '.')}] ${mebibytes(needBytes)} to come at ${mebibytes(bps)}/s${time}`;
    },
    sum() {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      const speed = fastestBps < mebibyte ? '' : `, ${mebibytes(fastestBps)}/s at most`;
      return `has everything after ${seconds} s${speed}`;
    },
  };
}

function mebibytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}
