import { describe, expect, test } from 'vitest';
import type { Random } from '../base/base.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { appendDurably } from './append-log.ts';
import { readWholeFile, writeFileAtomically } from './atomic-write.ts';
import { diskPath } from './disk-path.ts';
import { createFaultyFileSystem } from './faulty-file-system.ts';
import { createMemoryFileSystem } from './memory-file-system.ts';

const path = diskPath('/file');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const limits = { maxBytes: 1000 };

function make() {
  const memory = createMemoryFileSystem({ clock: createManualClock() });
  const disk = createFaultyFileSystem(memory);
  const read = (): string | undefined => {
    const found = readWholeFile(memory, path, limits);
    return found === undefined ? undefined : new TextDecoder().decode(found);
  };
  return { memory, disk, read };
}

function seeded(seed: number): Random {
  let state = seed;
  return {
    bytes: (length) =>
      Uint8Array.from({ length }, () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state >>> 24;
      }),
  };
}

/** Runs `act` on a disk that stops at its n-th call, for every n until it runs through. */
async function forEachStop(
  prepare: (world: ReturnType<typeof make>) => Promise<void>,
  act: (world: ReturnType<typeof make>) => Promise<unknown>,
  check: (world: ReturnType<typeof make>, finished: boolean, seed: number) => Promise<void> | void,
): Promise<void> {
  for (let stop = 1, finished = false; !finished; stop++) {
    for (let seed = 0; seed < 30; seed++) {
      const world = make();
      await prepare(world);
      let calls = 0;
      const mend = world.disk.fail({
        run() {
          calls += 1;
          // Nothing after the stop reaches the disk, not even tidying up.
          if (calls >= stop) throw Object.assign(new Error('killed'), { name: 'Killed' });
        },
      });
      finished = await act(world).then(
        () => true,
        (error: Error) => {
          if (error.name !== 'Killed') throw error;
          return false;
        },
      );
      mend();
      world.memory.crash(seeded(seed * 7919 + stop));
      await check(world, finished, seed);
    }
  }
}

describe('a file replaced whole', () => {
  test('[FS29] is the old or the new one whatever is cut short, the new one when it was done', async () => {
    await forEachStop(
      ({ memory }) => writeFileAtomically(memory, path, bytes('old'), 0o600),
      ({ disk }) => writeFileAtomically(disk, path, bytes('the new one'), 0o600),
      async ({ memory, read }, finished) => {
        expect(finished ? ['the new one'] : ['old', 'the new one']).toContain(read());
        await writeFileAtomically(memory, path, bytes('later'), 0o600);
        expect(read()).toBe('later');
        expect(memory.list(diskPath('/'))).toEqual([{ name: 'file' }]);
      },
    );
  });

  test('[FS29] stays as it was, with nothing beside it, when a call fails', async () => {
    for (const call of ['create', 'write', 'close', 'flushFiles', 'rename'] as const) {
      const { memory, disk, read } = make();
      await writeFileAtomically(memory, path, bytes('old'), 0o600);
      disk.fail({ call, code: 'ENOSPC' });
      await expect(writeFileAtomically(disk, path, bytes('new'), 0o600)).rejects.toMatchObject({
        code: 'ENOSPC',
      });
      expect(read()).toBe('old');
      expect(memory.list(diskPath('/'))).toEqual([{ name: 'file' }]);
    }
  });

  test('[FS29] has the mode it was given', async () => {
    const { memory } = make();
    await writeFileAtomically(memory, path, bytes('x'), 0o600);
    expect(memory.look(path)?.mode).toBe(0o600);
  });

  test('[FS29] is read whole, or not at all when it is larger than it may be', () => {
    const { memory, read } = make();
    expect(read()).toBeUndefined();
    memory.create(path, 0o600).close();
    expect(read()).toBe('');
    const file = memory.openWrite(path);
    file.truncate(1001);
    file.close();
    expect(() => read()).toThrow(expect.objectContaining({ code: 'EFBIG' }));
    memory.remove(path);
    memory.makeSymlink('file', path);
    expect(() => read()).toThrow(expect.objectContaining({ code: 'ELOOP' }));
  });
});

describe('a log', () => {
  test('[FS30] has what was appended, whatever was cut short later', async () => {
    await forEachStop(
      async ({ memory }) => {
        expect(await appendDurably(memory, path, bytes('one.'), { atBytes: 0, mode: 0o600 })).toBe(4);
      },
      ({ disk }) => appendDurably(disk, path, bytes('two.'), { atBytes: 4, mode: 0o600 }),
      async ({ memory, read }, finished) => {
        expect(read()?.slice(0, 4)).toBe('one.');
        expect(!finished || read() === 'one.two.').toBe(true);
        expect(await appendDurably(memory, path, bytes('3.'), { atBytes: 4, mode: 0o600 })).toBe(6);
        expect(read()).toBe('one.3.');
      },
    );
  });

  test('[FS30] is there with its first record once that is appended', async () => {
    await forEachStop(
      async () => {},
      ({ disk }) => appendDurably(disk, path, bytes('one.'), { atBytes: 0, mode: 0o600 }),
      async ({ memory, read }, finished) => {
        expect(!finished || read() === 'one.').toBe(true);
        await appendDurably(memory, path, bytes('1.'), { atBytes: 0, mode: 0o600 });
        memory.crash(seeded(1));
        expect(read()).toBe('1.');
      },
    );
  });

  test('[FS30] is refused when it is shorter than its reader found it', async () => {
    const { memory } = make();
    await appendDurably(memory, path, bytes('one.'), { atBytes: 0, mode: 0o600 });
    await expect(appendDurably(memory, path, bytes('x'), { atBytes: 5, mode: 0o600 })).rejects.toMatchObject({
      code: 'EIO',
    });
    await expect(
      appendDurably(memory, diskPath('/other'), bytes('x'), { atBytes: 5, mode: 0o600 }),
    ).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
