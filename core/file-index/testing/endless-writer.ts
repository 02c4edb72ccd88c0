// Writes one batch of paths after the other into an index until it is killed; prints the number of each batch once it is committed.
//   node core/file-index/testing/endless-writer.ts FILE SQLITE
import { writeSync } from 'node:fs';
import type { RelativePath } from '../../model/path.ts';
import type { SqliteSource } from '../database.ts';
import { openFolderIndex } from '../sqlite-folder-index.ts';
import { parseSample, path, sampleBase, sampleEntry, sampleFolder } from './samples.ts';

/** The paths of a batch. */
export function batchPaths(batch: number): readonly RelativePath[] {
  return Array.from({ length: 50 }, (_, i) => path(`dir${i % 5}/batch${batch}/file${i}`));
}

if (import.meta.main) {
  const [file = '', sqlite] = process.argv.slice(2);
  const index = await openFolderIndex({
    file,
    folderId: sampleFolder,
    parseEntry: parseSample,
    sqlite: sqlite as SqliteSource,
  });
  for (let batch = Number(index.fact('batches') ?? 0) + 1; ; batch++) {
    index.transaction(() => {
      for (const at of batchPaths(batch)) {
        index.setMembers(at, [], [sampleEntry(at, { counter: batch })]);
        index.putBase(sampleBase(at));
      }
      index.setFact('batches', String(batch));
    });
    writeSync(1, `${batch}\n`);
  }
}
