import fs from 'node:fs';
import path from 'node:path';
import { seededBytes } from '../harness/lab-seeded.ts';
import { hasSize } from './far-state.ts';
import { writeAlike } from './files.ts';
import type { Change, WideRow } from './row.ts';

/** Where a file of this name is in these directories. */
export function filesIn(directories: readonly string[], name: string): readonly string[] {
  return directories.map((directory) => path.join(directory, name));
}

/** Makes ready all that is new in a row, beside the folders; new files are moved in, so that each is there at once. */
export function prepareNews({ kept, news }: WideRow, folders: readonly string[], scale: number): Change {
  const scaled = (sizeBytes: number): number => Math.round(sizeBytes * scale);
  const changes = news.map(({ name, sizeBytes, from, to }) => {
    const before = kept.find((one) => one.name === name)?.sizeBytes;
    const folderOf = (at: number): string => folders[at] ?? '';
    const there = from.map((at) => path.join(folderOf(at), name));
    const staged = from.map((at) => path.join(path.dirname(folderOf(at)), name));
    const more = before === undefined ? undefined : seededBytes(`more of ${name}`, scaled(sizeBytes));
    if (more === undefined) writeAlike(staged, scaled(sizeBytes));
    return {
      make(): void {
        for (const [at, file] of there.entries())
          if (more === undefined) fs.renameSync(staged[at] ?? '', file);
          else fs.appendFileSync(file, more);
      },
      arrivals: to.map((at) => () => hasSize(scaled(before ?? 0) + scaled(sizeBytes), folderOf(at), name)),
    };
  });
  const arrivals = changes.flatMap((change) => change.arrivals);
  return {
    make() {
      for (const change of changes) change.make();
    },
    expected: { count: arrivals.length, isThere: (at) => arrivals[at]?.() === true },
  };
}
