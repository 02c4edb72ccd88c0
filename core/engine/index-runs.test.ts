import { describe, expect, it } from 'vitest';
import { openFolderIndex } from '../file-index/file-index.ts';
import { type FolderId, incarnationId } from '../model/ids.ts';
import { decodeEntry, type IndexRun } from '../protocol/protocol.ts';
import { beginIndexRun, openIndexRuns } from './index-runs.ts';

const run = (incarnation: string, generation: number, name: string): IndexRun => ({
  incarnation: incarnationId(incarnation.repeat(8)),
  generation,
  run: name.repeat(8),
});

/** An index that has run twice. */
async function ranTwice() {
  const index = await openFolderIndex({
    file: ':memory:',
    folderId: 'ab'.repeat(16) as FolderId,
    parseEntry: decodeEntry,
  });
  beginIndexRun(index, run('aa', 1, '11'));
  beginIndexRun(index, run('aa', 2, '22'));
  return { index, runs: openIndexRuns(index) };
}

describe('runs of indexes', () => {
  it('tell an index that it is an old copy, whoever has seen the run it does not know', async () => {
    const { runs } = await ranTwice();
    expect(runs.all()).toEqual([run('aa', 2, '22')]);
    expect(runs.heard([run('bb', 5, '33'), run('aa', 2, '22')])).toBe('fine');
    expect(runs.heard([run('bb', 5, '33'), run('aa', 1, '11')])).toBe('fine');
    expect(runs.heard([run('bb', 5, '33'), run('aa', 3, '44')])).toBe('rolled-back-here');
    expect(runs.heard([run('bb', 5, '33'), run('aa', 2, '55')])).toBe('rolled-back-here');
  });

  it('that were ended before anybody heard of them, and whose number is used again, make no old copy', async () => {
    const { index } = await ranTwice();
    beginIndexRun(index, run('aa', 3, '33'));
    beginIndexRun(index, run('aa', 3, '44'));
    const runs = openIndexRuns(index);
    expect(runs.all()).toEqual([run('aa', 3, '44')]);
    expect(runs.heard([run('bb', 5, '33'), run('aa', 3, '44')])).toBe('fine');
    expect(runs.heard([run('bb', 5, '33'), run('aa', 2, '22')])).toBe('fine');
    expect(runs.heard([run('bb', 5, '33'), run('aa', 3, '33')])).toBe('rolled-back-here');
  });

  it('tell a peer’s old copy, and are passed on', async () => {
    const { index, runs } = await ranTwice();
    expect(runs.heard([run('bb', 5, '33'), run('cc', 7, '66')])).toBe('fine');
    expect(runs.all()).toEqual([run('aa', 2, '22'), run('bb', 5, '33'), run('cc', 7, '66')]);
    for (const old of [run('bb', 4, '99'), run('bb', 5, '98')])
      expect(runs.heard([old])).toBe('rolled-back-there');
    expect(runs.heard([run('bb', 6, '97'), run('cc', 6, '96')])).toBe('fine');
    expect(openIndexRuns(index).all()).toEqual([run('aa', 2, '22'), run('cc', 7, '66'), run('bb', 6, '97')]);
  });

  it('of devices that tell of none change nothing', async () => {
    const { runs } = await ranTwice();
    expect(runs.heard([])).toBe('fine');
  });
});
