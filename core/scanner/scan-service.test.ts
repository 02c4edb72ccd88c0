import { createCipheriv } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chunkFile } from '../chunker/chunker.ts';
import {
  createNodeFileSystem,
  type DiskPath,
  diskPath,
  type FileSystem,
  joinDisk,
} from '../filesystem/filesystem.ts';
import { createMemoryFileSystem } from '../filesystem/memory-file-system.ts';
import { createInlineScanService } from './inline-scan-service.ts';
import type { DirectoryListing, WalkRequest } from './listing.ts';
import type { HashRequest, HashResult, ReadSoFar, ScanService } from './scan-service.ts';
import { createThreadScanService } from './thread-scan-service.ts';
import { walkDirectory } from './walk.ts';

const MiB = 1024 ** 2;

interface World {
  readonly fileSystem: FileSystem;
  readonly service: ScanService;
  readonly root: DiskPath;
  end(): Promise<void>;
}

function memoryWorld(): World {
  const fileSystem = createMemoryFileSystem({
    clock: { now: () => 0, monotonic: () => 0, after: () => () => {} },
  });
  const root = diskPath('/folder');
  fileSystem.makeDirectory(root);
  const service = createInlineScanService({ fileSystem });
  return { fileSystem, service, root, end: () => service.close() };
}

function diskWorld(makeService: (fileSystem: FileSystem) => ScanService): World {
  const fileSystem = createNodeFileSystem();
  const root = diskPath(realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-scan-'))));
  const service = makeService(fileSystem);
  return {
    fileSystem,
    service,
    root,
    async end() {
      await service.close();
      rmSync(root, { recursive: true });
    },
  };
}

describe.each<[string, () => World]>([
  ['inline, in memory', memoryWorld],
  ['inline, on disk', () => diskWorld((fileSystem) => createInlineScanService({ fileSystem }))],
  ['in a thread, on disk', () => diskWorld(() => createThreadScanService())],
])('[SC16] scan service %s', (_says, makeWorld) => {
  let world: World;
  beforeEach(() => {
    world = makeWorld();
  });
  afterEach(() => world.end());

  const at = (path: string): DiskPath => path.split('/').reduce<DiskPath>(joinDisk, world.root);
  const write = (path: string, bytes: Uint8Array): DiskPath => {
    const handle = world.fileSystem.create(at(path), 0o644);
    handle.write(bytes, 0);
    handle.close();
    return at(path);
  };
  const wholeWalk = (): WalkRequest => ({
    root: world.root,
    directory: undefined,
    diskPath: world.root,
    recursive: true,
    ignored: '',
  });

  test('walks as the walk itself does', async () => {
    world.fileSystem.makeDirectory(at('e\u0301'));
    world.fileSystem.makeDirectory(at('empty'));
    world.fileSystem.makeSymlink('../nowhere', at('e\u0301/link'));
    write('e\u0301/\u{1f600}', seededBytes(1, 10));
    write('a', new Uint8Array(0));
    const expected = [...walkDirectory(world.fileSystem, wholeWalk())];
    expect(expected.length).toBe(3);
    expect(await listingsOf(world.service, wholeWalk())).toEqual(expected);
  });

  test('a large tree comes in several batches and whole', async () => {
    for (let i = 0; i < 450; i++) world.fileSystem.makeDirectory(at(`d${i}`));
    let batches = 0;
    const listings: DirectoryListing[] = [];
    for await (const batch of world.service.walk(wholeWalk())) {
      batches += 1;
      listings.push(...batch);
    }
    expect(batches).toBeGreaterThan(2);
    expect(listings).toEqual([...walkDirectory(world.fileSystem, wholeWalk())]);
  });

  test('tells of a directory that cannot be read', async () => {
    const request: WalkRequest = { ...wholeWalk(), diskPath: at('nothing') };
    expect(await listingsOf(world.service, request)).toEqual([...walkDirectory(world.fileSystem, request)]);
  });

  test('reads files in the order asked, whatever becomes of each', async () => {
    const small = write('small', seededBytes(1, 1000));
    const large = write('large', seededBytes(2, 5 * MiB + 3));
    const empty = write('empty', new Uint8Array(0));
    world.fileSystem.makeDirectory(at('directory'));
    world.fileSystem.makeSymlink('small', at('link'));
    const settled = world.fileSystem.look(small);
    const results = await resultsOf(world.service, [
      { id: 7, diskPath: small, ...(settled === undefined ? {} : { expected: settled }) },
      { id: 3, diskPath: at('nothing') },
      { id: 4, diskPath: at('link') },
      { id: 5, diskPath: large },
      { id: 6, diskPath: at('directory') },
      { id: 1, diskPath: empty },
      { id: 2, diskPath: large, ...(settled === undefined ? {} : { expected: settled }) },
    ]);
    expect(results).toEqual([
      { id: 7, ...chunkFile({ fileSystem: world.fileSystem, path: small }) },
      { id: 3, kind: 'absent' },
      { id: 4, kind: 'failed', cause: 'ELOOP' },
      { id: 5, ...chunkFile({ fileSystem: world.fileSystem, path: large }) },
      { id: 6, kind: 'failed', cause: expect.stringMatching(/EINVAL|EISDIR/) },
      { id: 1, ...chunkFile({ fileSystem: world.fileSystem, path: empty }) },
      { id: 2, kind: 'changed', observed: world.fileSystem.look(large) },
    ]);
  });

  test('reads many small files', async () => {
    const requests = Array.from(
      { length: 700 },
      (_, id): HashRequest => ({ id, diskPath: write(`f${id}`, seededBytes(id % 250, id)) }),
    );
    const results = await resultsOf(world.service, requests);
    expect(results.map(({ id, kind }) => [id, kind])).toEqual(requests.map(({ id }) => [id, 'read']));
    const last = requests.at(-1) as HashRequest;
    expect(results.at(-1)).toEqual({
      id: 699,
      ...chunkFile({ fileSystem: world.fileSystem, path: last.diskPath }),
    });
  });

  test('tells how far a large file is, and each chunk found so far once', async () => {
    const path = write('large', seededBytes(3, 70 * MiB));
    const told: ReadSoFar[] = [];
    const [result] = await resultsOf(world.service, [{ id: 9, diskPath: path }], undefined, (soFar) =>
      told.push(soFar),
    );
    expect(told.length).toBeGreaterThanOrEqual(6);
    expect(told.every(({ id, readBytes }) => id === 9 && readBytes >= 8 * MiB && readBytes <= 70 * MiB)).toBe(
      true,
    );
    if (result?.kind !== 'read') throw new Error('the file was not read');
    const sizes = told.flatMap(({ chunks }) => [...chunks.sizes]);
    expect(Uint32Array.from(sizes)).toEqual(result.manifest.sizes.slice(0, sizes.length));
    const hashes = Buffer.concat(told.map(({ chunks }) => chunks.hashes));
    expect(hashes).toEqual(Buffer.from(result.manifest.hashes.subarray(0, hashes.length)));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(48 * MiB);
  });

  test('jobs run side by side and do not mix', async () => {
    const large = write('large', seededBytes(4, 9 * MiB));
    const other = write('other', seededBytes(5, 9 * MiB));
    const [a, b, listings] = await Promise.all([
      resultsOf(world.service, [{ id: 1, diskPath: large }]),
      resultsOf(world.service, [{ id: 1, diskPath: other }]),
      listingsOf(world.service, wholeWalk()),
    ]);
    expect(a).toEqual([{ id: 1, ...chunkFile({ fileSystem: world.fileSystem, path: large }) }]);
    expect(b).toEqual([{ id: 1, ...chunkFile({ fileSystem: world.fileSystem, path: other }) }]);
    expect(listings).toEqual([...walkDirectory(world.fileSystem, wholeWalk())]);
  });

  test('stops with the reason of an abort, before and during a job', async () => {
    for (let i = 0; i < 450; i++) world.fileSystem.makeDirectory(at(`d${i}`));
    await expect(
      listingsOf(world.service, wholeWalk(), AbortSignal.abort(new Error('never mind'))),
    ).rejects.toThrow('never mind');
    const abort = new AbortController();
    const reading = (async () => {
      for await (const _ of world.service.walk(wholeWalk(), abort.signal)) abort.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toThrow('enough');
    expect((await listingsOf(world.service, { ...wholeWalk(), recursive: false })).length).toBe(1);
  });

  test('[SC17] may be left early, and goes on with the next job', async () => {
    for (let i = 0; i < 450; i++) world.fileSystem.makeDirectory(at(`d${i}`));
    for await (const _ of world.service.walk(wholeWalk())) break;
    expect((await listingsOf(world.service, wholeWalk())).length).toBe(451);
  });

  test('[SC18] closing ends what runs and takes nothing more', async () => {
    for (let i = 0; i < 450; i++) world.fileSystem.makeDirectory(at(`d${i}`));
    const walking = (async () => {
      for await (const _ of world.service.walk(wholeWalk())) await world.service.close();
    })();
    await expect(walking).rejects.toMatchObject({ code: 'interrupted' });
    await expect(listingsOf(world.service, wholeWalk())).rejects.toMatchObject({ code: 'interrupted' });
    await expect(world.service.close()).resolves.toBeUndefined();
  });
});

describe('[SC18] a thread that dies', () => {
  // Answers a hash job and dies of a walk, by an error or by leaving, as the directory says.
  const mortal = `
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ kind, job, work }) => {
      if (kind !== 'start') return;
      if (work.kind === 'hash') parentPort.postMessage({ kind: 'done', job });
      else if (work.request.directory === 'throw') throw new Error('out of luck');
      else if (work.request.directory === 'leave') process.exit(3);
      else parentPort.postMessage({ kind: 'broken', job, what: 'a mistake' });
    });`;
  const request = (directory: string) => ({ directory, recursive: true }) as unknown as WalkRequest;

  test.each(['throw', 'leave'])('(%s) fails its jobs, and the next job gets another', async (how) => {
    const service = createThreadScanService({
      workerUrl: new URL(`data:text/javascript,${encodeURIComponent(mortal)}`),
    });
    const first = listingsOf(service, request(how));
    await expect(first).rejects.toMatchObject({ code: 'internal', retry: 'soon' });
    expect(await resultsOf(service, [])).toEqual([]);
    await expect(listingsOf(service, request(how))).rejects.toMatchObject({ code: 'internal' });
    await service.close();
  });

  test('a job that breaks is a bug, and the thread lives on', async () => {
    const service = createThreadScanService({
      workerUrl: new URL(`data:text/javascript,${encodeURIComponent(mortal)}`),
    });
    await expect(listingsOf(service, request('break'))).rejects.toThrow('a mistake');
    expect(await resultsOf(service, [])).toEqual([]);
    await service.close();
  });
});

async function listingsOf(
  service: ScanService,
  request: WalkRequest,
  signal?: AbortSignal,
): Promise<DirectoryListing[]> {
  const listings: DirectoryListing[] = [];
  for await (const batch of service.walk(request, signal)) listings.push(...batch);
  return listings;
}

async function resultsOf(
  service: ScanService,
  requests: readonly HashRequest[],
  signal?: AbortSignal,
  onRead?: (soFar: ReadSoFar) => void,
): Promise<HashResult[]> {
  const results: HashResult[] = [];
  for await (const result of service.hash(requests, signal, onRead)) results.push(result);
  return results;
}

function seededBytes(seed: number, length: number): Uint8Array {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16)).update(
    new Uint8Array(length),
  );
}
