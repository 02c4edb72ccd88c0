import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FolderId } from '../model/ids.ts';
import { openDatabase, type SqliteSource } from './database.ts';
import { antichainDigest, contentDigest } from './digests.ts';
import type { FolderIndex } from './folder-index.ts';
import { largeFileBytes } from './schema.ts';
import { openFolderIndex } from './sqlite-folder-index.ts';
import { batchPaths } from './testing/endless-writer.ts';
import {
  parseSample,
  path,
  sampleBase,
  sampleEntry,
  sampleFolder,
  sampleIncarnation,
} from './testing/samples.ts';
import { createMerkleTrie } from './trie.ts';

const sources: readonly SqliteSource[] = ['node', 'package'];

describe.each(sources)('the index file on %s SQLite', (sqlite) => {
  let home: string;
  let file: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'lockstep-index-'));
    file = join(home, 'folder.sqlite');
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const open = (at = file, folderId: FolderId = sampleFolder): Promise<FolderIndex> =>
    openFolderIndex({ file: at, folderId, parseEntry: parseSample, sqlite });

  test('[FI20] everything is there again after closing and opening', async () => {
    const tell = (index: FolderIndex): unknown => [
      index.state.root(),
      index.state.size(),
      index.materialised.root(),
      index.materialised.size(),
      index.totals(),
      index.signedMembers(path('dir0/file0')),
      index.baseChildren(path('dir3')),
      index.highestCounter(sampleIncarnation('a')),
      index.pathsUnder('', '', 5000),
    ];
    const index = await open();
    fill(index);
    const before = tell(index);
    index.close();
    const again = await open();
    expect(tell(again)).toEqual(before);
    fill(again, 'more');
    expect(again.state.size()).toBe(4000);
    again.close();
  });

  test('[FI34] while it is open, nobody else opens it', { timeout: 60_000 }, async () => {
    const index = await open();
    await expect(open()).rejects.toMatchObject({ code: 'home-in-use' });
    fill(index);
    index.close();
    (await open()).close();
  });

  test('[FI21] a process killed in mid-transaction leaves whole transactions and tries that agree with them', async () => {
    let seen = 0;
    for (let round = 0; round < 4; round++) {
      const writer = spawn(
        process.execPath,
        [join(import.meta.dirname, 'testing/endless-writer.ts'), file, sqlite],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      let committed = seen;
      for await (const line of createInterface({ input: writer.stdout })) {
        committed = Math.max(committed, Number(line));
        if (committed >= seen + 3 + round) writer.kill('SIGKILL');
      }
      if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');

      const index = await open();
      const batches = Number(index.fact('batches'));
      expect(batches).toBeGreaterThanOrEqual(committed);
      const [state, materialised] = [createMerkleTrie(), createMerkleTrie()];
      for (let batch = 1; batch <= batches + 1; batch++) {
        for (const at of batchPaths(batch)) {
          const members = index.members(at);
          const base = index.base(at);
          expect([members.length, base !== undefined]).toEqual(batch <= batches ? [1, true] : [0, false]);
          if (base?.content === undefined) continue;
          state.set(index.keyOf(at), { digest: antichainDigest(members.map(({ hash }) => hash)), row: 0 });
          materialised.set(index.keyOf(at), { digest: contentDigest(base.content), row: 0 });
        }
      }
      expect([index.state.root(), index.materialised.root()]).toEqual([state.root(), materialised.root()]);
      index.close();
      seen = batches;
    }
  });

  test('[FI22] a file that is no index is told apart from an index', async () => {
    writeFileSync(file, 'this is no database '.repeat(500));
    await expect(open()).rejects.toMatchObject({ name: 'SyncError', code: 'index-unreadable' });

    const strange = join(home, 'strange.sqlite');
    const db = await openDatabase(strange, sqlite);
    db.script('CREATE TABLE something (else_entirely TEXT)');
    db.close();
    await expect(open(strange)).rejects.toMatchObject({ code: 'index-unreadable' });
    await expect(open(join(home, 'missing', 'folder.sqlite'))).rejects.toMatchObject({ code: 'disk-failed' });
  });

  test('[FI22] another layout and another folder are refused', async () => {
    (await open()).close();
    await expect(open(file, 'ff'.repeat(16) as FolderId)).rejects.toMatchObject({ code: 'index-unreadable' });
    const db = await openDatabase(file, sqlite);
    db.script('PRAGMA user_version = 999');
    db.close();
    await expect(open()).rejects.toMatchObject({ code: 'version-unsupported' });
  });

  const undoings = [
    ['3', 'DROP INDEX view_nothing; DROP TABLE applied; DROP INDEX base_large;'],
    ['4', 'DROP INDEX base_large;'],
  ];
  test.each(undoings)(
    '[FI33] a file of layout %s is brought up to date, with all that is in it',
    async (version, undoing) => {
      const index = await open();
      fill(index);
      const root = index.state.root();
      index.close();
      const db = await openDatabase(file, sqlite);
      db.script(`${undoing} PRAGMA user_version = ${version}`);
      db.close();
      const again = await open();
      expect(again.state.root()).toBe(root);
      expect([again.pathsOfNothing(undefined, 1), again.applied()]).toEqual([[], []]);
      expect(again.hasFileOfSize(largeFileBytes)).toBe(false);
      again.close();
    },
  );

  test('[FI23] after an unclean stop, damage is found before anything is believed', async () => {
    const index = await open();
    fill(index);
    index.close();
    const whole = join(home, 'whole.sqlite');
    copyFileSync(file, whole);
    await markUnclean(whole);
    (await open(whole)).close();

    await markUnclean(file);
    damage(file);
    await expect(open()).rejects.toMatchObject({ name: 'SyncError', code: 'index-unreadable' });
  });

  test('[FI23] damage met later is a SyncError too', async () => {
    const index = await open();
    fill(index);
    index.close();
    damage(file);
    const reading = async (): Promise<void> => {
      const damaged = await open();
      try {
        for (let i = 0; i < 2000; i++) damaged.base(path(`dir${i % 7}/file${i}`));
        damaged.sweep(sampleIncarnation('a'));
      } finally {
        damaged.close();
      }
    };
    await expect(reading()).rejects.toMatchObject({ name: 'SyncError', code: 'index-unreadable' });
  });

  function fill(index: FolderIndex, top = 'dir'): void {
    index.transaction(() => {
      for (let i = 0; i < 2000; i++) {
        const where = `${top}${i % 7}/file${i}`;
        index.setMembers(path(where), [], [sampleEntry(where, { counter: i + 1 })]);
        index.putBase(sampleBase(where));
      }
    });
  }

  async function markUnclean(at: string): Promise<void> {
    const db = await openDatabase(at, sqlite);
    db.run("INSERT OR REPLACE INTO fact (name, value) VALUES ('open', 'yes')");
    db.close();
    expect(existsSync(`${at}-wal`)).toBe(false);
  }

  /** Overwrites every page but the first few, as a failing disk might. */
  function damage(at: string): void {
    const noise = Buffer.alloc(64, 0xa5);
    const handle = openSync(at, 'r+');
    for (let offset = 40 * 4096; offset < statSync(at).size; offset += 4096)
      writeSync(handle, noise, 0, 64, offset);
    closeSync(handle);
  }
});
