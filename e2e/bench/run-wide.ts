import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createLab } from '../harness/lab.ts';
import { expectSame, farShows } from './far-state.ts';
import { comeToRest, metered, type Place } from './meter.ts';
import type { WideRow } from './row.ts';
import type { Run } from './run-row.ts';
import type { Tool } from './tool.ts';
import { writeAlike } from './files.ts';
import { filesIn, prepareNews } from './wide-news.ts';
import { wideLink } from './wide-rows.ts';

/** LIMIT: what is not there by then counts as never. */
const farDeadlineMs = 7_200_000;

export interface WideConditions {
  readonly scale: number;
  readonly congestionControl: string;
  /** Which frames are lost. */
  readonly seed: number;
}

/**
 * Measures one run on emulated links: new hosts whose folders hold the same, the program on all at rest, then the work, then a look at every byte. Where hosts arrive, the
 * program is ended on them, what is new is laid into all folders, and the work is that it is started on them again.
 */
export async function runWide(
  row: WideRow,
  tool: Tool,
  { scale, congestionControl, seed }: WideConditions,
): Promise<Run> {
  const names = Array.from({ length: row.hosts }, (_, at) => `h${at}`);
  const lab = createLab(names, { wan: { ...wideLink, seed: seed * row.hosts }, congestionControl });
  try {
    const places = lab.hosts.map((host) => ({ host, folder: path.join(host.directory, 'folder') }));
    const folders = places.map(({ folder }) => folder);
    for (const folder of folders) fs.mkdirSync(folder);
    for (const { name, sizeBytes } of row.kept)
      writeAlike(filesIn(folders, name), Math.round(sizeBytes * scale));
    const running = await tool.start(places as [Place, ...Place[]]);
    try {
      const isArriving = row.arriving.length > 0;
      if (isArriving) await running.leave?.(row.arriving);
      const { make, expected } = prepareNews(row, folders, scale);
      if (isArriving) make();
      // What was written to make ready is not to be written during the measurement.
      execFileSync('sync');
      await comeToRest(running.roots);

      let connectedS: number | undefined;
      const reading = await metered({ hosts: lab.hosts, roots: running.roots }, async () => {
        const startedAt = performance.now();
        const since = (): number => (performance.now() - startedAt) / 1000;
        if (!isArriving) make();
        const started = isArriving ? running.comeBack?.(row.arriving) : undefined;
        await running.carry?.(writersOf(row));
        const [shownS, backS] = await Promise.all([farShows(expected, farDeadlineMs).then(since), started]);
        if (row.news.length > 0) return shownS;
        connectedS = backS;
        return since();
      });
      for (const folder of folders.slice(1)) expectSame(folders[0] ?? '', folder);
      return { ...reading, ...(connectedS === undefined ? {} : { connectedS }) };
    } finally {
      await running.stop();
    }
  } finally {
    lab.destroy();
  }
}

/** The hosts that have something new; the near one where nobody has. */
function writersOf({ news }: WideRow): readonly number[] {
  const writers = [...new Set(news.flatMap(({ from }) => from[0] ?? []))];
  return writers.length === 0 ? [0] : writers;
}
