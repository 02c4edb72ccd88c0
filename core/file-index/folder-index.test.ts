import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BaseRow, Intent } from '../model/base-row.ts';
import type { Content } from '../model/entry.ts';
import type { DeviceKey, HashPrefix } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import type { ActivityRow, FolderIndex, KeptVersion, SignedEntry } from './folder-index.ts';
import { largeFileBytes } from './schema.ts';
import { openFolderIndex } from './sqlite-folder-index.ts';
import {
  parseSample,
  path,
  sampleBase,
  sampleChangeSet,
  sampleEntry,
  sampleFolder,
  sampleHash,
  sampleIncarnation,
  sampleKey,
  sampleObserved,
} from './testing/samples.ts';

// The whole contract of FolderIndex in one file, so that every way of running it is held to all of it.
const kinds = [
  { sqlite: 'node', place: 'memory' },
  { sqlite: 'node', place: 'file' },
  { sqlite: 'package', place: 'memory' },
  { sqlite: 'package', place: 'file' },
] as const;

const directory: Content = { kind: 'directory' };
const link: Content = { kind: 'symlink', target: '../elsewhere' };
const file = (bytes: string): Content => ({
  kind: 'file',
  content: sampleHash(bytes),
  sizeBytes: bytes.length,
});

describe.each(kinds)('folder index on $sqlite SQLite in $place', ({ sqlite, place }) => {
  let home: string;
  let index: FolderIndex;
  const open = (): Promise<FolderIndex> =>
    openFolderIndex({
      file: place === 'memory' ? ':memory:' : join(home, 'folder.sqlite'),
      folderId: sampleFolder,
      parseEntry: parseSample,
      sqlite,
    });
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'lockstep-index-'));
    index = await open();
  });
  afterEach(() => {
    index.close();
    rmSync(home, { recursive: true });
  });

  const put = (...entries: readonly SignedEntry[]): void => {
    index.transaction(() => {
      const byPath = Map.groupBy(entries, ({ member }) => member.entry.path);
      for (const [at, added] of byPath) index.setMembers(at, [], added);
    });
  };
  const putView = (where: string, content: Content | undefined, conflicts = 0): void =>
    index.transaction(() =>
      index.putView({ path: path(where), winner: sampleHash(where), content, conflicts }),
    );
  const putBase = (...rows: readonly BaseRow[]): void =>
    index.transaction(() => {
      for (const row of rows) index.putBase(row);
    });

  describe('transactions', () => {
    test('[FI3] a throw rolls back rows, tries and counts', () => {
      put(sampleEntry('kept'));
      putBase(sampleBase('kept'));
      putView('kept', file('hello'));
      const before = everything();
      const failure = new Error('stop');
      const work = (): never => {
        index.setMembers(path('kept'), [], [sampleEntry('kept', { counter: 2 })]);
        index.setMembers(path('new'), [], [sampleEntry('new')]);
        index.putChangeSet(sampleChangeSet('set'));
        index.putBase(sampleBase('kept', { content: file('other') }));
        index.putBase(sampleBase('new', { status: 'space' }));
        index.removeView(path('kept'));
        index.markPending({ path: path('new'), needBytes: 7 });
        index.setFact('some', 'thing');
        throw failure;
      };
      expect(() => index.transaction(work)).toThrow(failure);
      expect(everything()).toEqual(before);
    });

    test('[FI3] a part that fails undoes all of it, also where that was caught', () => {
      index.transaction(() => index.setMembers(path('before'), [], [sampleEntry('before')]));
      const part = (): never => {
        index.setMembers(path('two'), [], [sampleEntry('two')]);
        throw new Error('stop');
      };
      const whole = (): void => {
        index.setMembers(path('one'), [], [sampleEntry('one')]);
        expect(() => index.transaction(part)).toThrow('stop');
      };
      expect(() => index.transaction(whole)).toThrow('stop');
      expect([path('before'), path('one'), path('two')].map((at) => index.members(at).length)).toEqual([
        1, 0, 0,
      ]);
      expect(index.state.size()).toBe(1);
    });

    test('[FI3] a transaction gives back what its work returned, and does not wait', () => {
      expect(index.transaction(() => index.transaction(() => 5))).toBe(5);
      expect(() => index.transaction(() => Promise.resolve())).toThrow('wait');
    });

    test('[FI4] writing outside a transaction is a bug', () => {
      const writes = [
        () => index.setFact('a', 'b'),
        () => index.setMembers(path('a'), [], []),
        () => index.putChangeSet(sampleChangeSet('set')),
        () => index.putView({ path: path('a'), winner: undefined, content: directory, conflicts: 0 }),
        () => index.removeView(path('a')),
        () => index.putBase(sampleBase('a')),
        () => index.removeBase(path('a')),
        () => index.markPending({ path: path('a'), needBytes: 0 }),
        () => index.clearPending(path('a')),
        () => index.removeIntent(path('a')),
        () => index.removeVersion(1),
      ];
      for (const write of writes) expect(write).toThrow('inside a transaction');
    });

    const everything = (): unknown => ({
      state: index.state.root(),
      materialised: index.materialised.root(),
      totals: index.totals(),
      members: [index.signedMembers(path('kept')), index.signedMembers(path('new'))],
      base: [index.base(path('kept')), index.base(path('new'))],
      view: index.view(path('kept')),
      changeSet: index.changeSet(sampleHash('set')),
      pending: index.pending(undefined, 10),
      fact: index.fact('some'),
    });
  });

  describe('state', () => {
    test('[FI5] members come back as they were signed, smallest hash first', () => {
      const entries = [1, 2, 3].map((counter) => sampleEntry('a/b', { counter, device: `d${counter}` }));
      const proven = { ...sampleEntry('a/b', { counter: 4 }), proof: new Uint8Array([1, 2, 3]) };
      put(...entries, proven);
      const sorted = [...entries, proven].sort((x, y) => (x.member.hash < y.member.hash ? -1 : 1));
      expect(index.signedMembers(path('a/b'))).toEqual(sorted);
      expect(index.members(path('a/b'))).toEqual(sorted.map(({ member }) => member));
      expect(index.entry(proven.member.hash)).toEqual(proven);
      expect(index.entry(sampleHash('none'))).toBeUndefined();
      expect(index.members(path('a'))).toEqual([]);
    });

    test('[FI5] setMembers keeps what it is told to keep and drops the rest', () => {
      const [one, two, three] = [1, 2, 3].map((counter) => sampleEntry('a', { counter })) as [
        SignedEntry,
        SignedEntry,
        SignedEntry,
      ];
      put(one, two);
      index.transaction(() => index.setMembers(path('a'), [two.member.hash], [three]));
      const hashes = index.members(path('a')).map(({ hash }) => hash);
      expect(hashes).toEqual([two.member.hash, three.member.hash].sort());
      index.transaction(() => index.setMembers(path('a'), [], [three, three]));
      expect(index.members(path('a'))).toEqual([three.member]);
      expect(() => index.transaction(() => index.setMembers(path('a'), [one.member.hash], []))).toThrow(
        'kept',
      );
      expect(() => index.transaction(() => index.setMembers(path('b'), [], [one]))).toThrow('own path');
    });

    test('[FI6] the state trie depends on the members alone', async () => {
      const entries = Array.from({ length: 200 }, (_, i) =>
        sampleEntry(`dir${i % 3}/file${i}`, { counter: i + 1 }),
      );
      put(...entries);
      const [one, other] = [index, await open2()];
      other.transaction(() => {
        for (const entry of entries.toReversed()) {
          const at = entry.member.entry.path;
          other.setMembers(at, [], [sampleEntry(at, { counter: 5000 }), entry]);
          other.setMembers(at, [entry.member.hash], []);
        }
      });
      expect(other.state.root()).toBe(one.state.root());
      const root = one.state.root();
      one.transaction(() => one.setMembers(path('dir0/file0'), [], []));
      expect(one.state.root()).not.toBe(root);
      expect([one.state.size(), other.state.size()]).toEqual([199, 200]);
      other.close();
    });

    test('[FI7] a key is the hash of the top component, then of folder and path', () => {
      expect(index.keyOf(path('docs/a')).slice(0, 8)).toBe(index.keyOf(path('docs')).slice(0, 8));
      expect(index.keyOf(path('docs/a')).slice(0, 8)).toBe(sampleHash('docs').slice(0, 8));
      const rest = sampleHash(`lockstep path 1\n${sampleFolder}\0docs/a`).slice(0, 32);
      expect(index.keyOf(path('docs/a')).slice(8)).toBe(rest);
    });

    test('[FI7] paths are found by key and by prefix, page by page', () => {
      put(...Array.from({ length: 30 }, (_, i) => sampleEntry(`docs/${i}`)), sampleEntry('other'));
      const prefix = index.keyOf(path('docs')).slice(0, 8);
      const paged: { readonly key: string; readonly path: RelativePath }[] = [];
      for (let after = ''; ; after = paged.at(-1)?.key ?? '') {
        const page = index.pathsUnder(prefix, after, 7);
        if (page.length === 0) break;
        paged.push(...page);
      }
      expect(paged.map(({ key }) => key)).toEqual(paged.map(({ key }) => key).sort());
      expect(new Set(paged.map((item) => item.path)).size).toBe(30);
      expect(paged.every((item) => index.keyOf(item.path) === item.key)).toBe(true);
      expect(index.pathsUnder('', '', 100).length).toBe(31);
      const keys = [index.keyOf(path('other')), '0'.repeat(40), index.keyOf(path('docs/3'))];
      expect(index.pathsByKeys(keys)).toEqual([path('other'), path('docs/3')]);
    });

    test('[FI8] the highest counter of an incarnation never falls', () => {
      put(
        sampleEntry('a', { counter: 9 }),
        sampleEntry('b', { counter: 2 ** 52 }),
        sampleEntry('c', { counter: 4 }),
      );
      index.transaction(() => index.setMembers(path('b'), [], []));
      expect(index.highestCounter(sampleIncarnation('a'))).toBe(2 ** 52);
      expect(index.highestCounter(sampleIncarnation('b'))).toBe(0);
    });

    test('[FI25] every write that ever stood at a path is remembered, and after a sweep those of one incarnation', () => {
      put(
        sampleEntry('a', { counter: 3 }),
        sampleEntry('a', { counter: 5, device: 'b' }),
        sampleEntry('b', { counter: 4 }),
      );
      put(sampleEntry('a', { counter: 9 }));
      put(sampleEntry('a', { counter: 7, device: 'b' }));
      const dots = (device: string): readonly number[] =>
        index.ownDots(path('a'), sampleIncarnation(device)).map(({ counter }) => counter);
      expect([dots('a'), dots('b'), dots('c')]).toEqual([[3, 9], [5, 7], []]);
      index.sweep(sampleIncarnation('a'));
      expect([dots('a'), dots('b')]).toEqual([[3, 9], [7]]);
      expect(index.ownDots(path('a'), sampleIncarnation('b'))).toEqual([
        { incarnation: sampleIncarnation('b'), counter: 7 },
      ]);
    });

    test('[FI9] a change set goes with its last entry, judged when the transaction ends', () => {
      const [one, two] = [sampleEntry('one'), sampleEntry('two')];
      index.transaction(() => {
        index.putChangeSet(sampleChangeSet('set'));
        index.setMembers(path('one'), [], [one]);
        index.setMembers(path('one'), [], []);
        index.setMembers(path('two'), [], [two]);
      });
      expect(index.changeSet(sampleHash('set'))).toEqual(sampleChangeSet('set'));
      index.transaction(() => index.putChangeSet(sampleChangeSet('set', new Uint8Array(96))));
      index.transaction(() => index.putChangeSet(sampleChangeSet('set')));
      expect(index.changeSet(sampleHash('set'))?.hashes).toEqual(new Uint8Array(96));
      index.transaction(() => index.setMembers(path('two'), [], []));
      expect(index.changeSet(sampleHash('set'))).toBeUndefined();
    });
  });

  describe('view', () => {
    test('[FI10] rows come back; only living ones are children', () => {
      putView('docs', directory);
      putView('docs/b', file('bb'));
      putView('docs/a', link);
      putView('docs/gone', undefined);
      putView('docs/sub/deep', file('deep'));
      putView('docs-2', file('x'));
      const children = (at: string | undefined): readonly string[] =>
        index.viewChildren(at === undefined ? undefined : path(at)).map((row) => row.path);
      expect(children(undefined)).toEqual(['docs', 'docs-2']);
      expect(children('docs')).toEqual(['docs/a', 'docs/b']);
      expect(index.countBelow(path('docs'))).toEqual({ files: 2, directories: 0, bytes: 6 });
      expect(index.countBelow(path('docs-2'))).toEqual({ files: 0, directories: 0, bytes: 0 });
      const gone = {
        path: path('docs/gone'),
        winner: sampleHash('docs/gone'),
        content: undefined,
        conflicts: 0,
      };
      expect(index.view(path('docs/gone'))).toEqual(gone);
      expect(index.view(path('docs/a'))?.content).toEqual(link);
      expect(index.view(path('nowhere'))).toBeUndefined();
      index.transaction(() => index.removeView(path('docs/a')));
      expect(children('docs')).toEqual(['docs/b']);
    });

    test('[FI10] something lives below a directory only if it is in it, at any depth', () => {
      putView('a', directory);
      putView('a-1/x', file('x'));
      putView('a0', file('x'));
      putView('a.b/c', file('x'));
      putView('a/gone', undefined);
      expect(index.hasLivingBelow(path('a'))).toBe(false);
      putView('a/b/c/d', file('x'));
      expect(['a', 'a/b', 'a/b/c', 'a/b/c/d'].map((at) => index.hasLivingBelow(path(at)))).toEqual([
        true,
        true,
        true,
        false,
      ]);
    });

    test('[FI11] conflicts and pending paths are given page by page', () => {
      const names = ['b', 'a/x', 'a', 'é', '\u{1F600}', '！'];
      for (const name of names) putView(name, file('x'), 2);
      putView('calm', file('x'));
      index.transaction(() => {
        for (const name of names) index.markPending({ path: path(name), needBytes: 3 });
      });
      const walk = (
        next: (after: RelativePath | undefined) => readonly { path: RelativePath }[],
      ): string[] => {
        const seen: RelativePath[] = [];
        for (let page = next(undefined); page.length > 0; page = next(seen.at(-1))) {
          seen.push(...page.map((row) => row.path));
        }
        return seen;
      };
      const byBytes = names.toSorted((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
      expect(walk((after) => index.conflicts(after, 2))).toEqual(byBytes);
      expect(walk((after) => index.pending(after, 4))).toEqual(byBytes);
      expect(index.pendingAt(path('a'))).toEqual({ path: 'a', needBytes: 3 });
      expect(index.pendingAt(path('calm'))).toBeUndefined();
    });

    test('[FI11] what pending paths take from the disk is counted by author', () => {
      const [ann, bob] = ['aa', 'bb'].map((byte) => byte.repeat(32) as DeviceKey) as [DeviceKey, DeviceKey];
      index.transaction(() => {
        index.markPending({ path: path('new'), needBytes: 9 });
        index.markPending({ path: path('b'), needBytes: 0, loss: { kind: 'removed', author: bob, at: 5 } });
        index.markPending({ path: path('a'), needBytes: 3, loss: { kind: 'replaced', author: bob, at: 4 } });
        index.markPending({ path: path('c'), needBytes: 0, loss: { kind: 'removed', author: ann, at: 6 } });
      });
      expect(index.lossCounts()).toEqual([
        { author: ann, removed: 1, replaced: 0 },
        { author: bob, removed: 1, replaced: 1 },
      ]);
      expect(index.pendingLosses(bob, 10)).toEqual([
        { path: 'a', needBytes: 3, loss: { kind: 'replaced', author: bob, at: 4 } },
        { path: 'b', needBytes: 0, loss: { kind: 'removed', author: bob, at: 5 } },
      ]);
      expect(index.pendingLosses(bob, 1)).toHaveLength(1);
      index.transaction(() => {
        index.markPending({ path: path('c'), needBytes: 0 });
        index.clearPending(path('b'));
      });
      expect(index.lossCounts()).toEqual([{ author: bob, removed: 0, replaced: 1 }]);
      expect(index.pendingAt(path('c'))).toEqual({ path: 'c', needBytes: 0 });
    });

    test('[FI12] totals are exact through every change', () => {
      const nothing = {
        files: 0,
        directories: 0,
        bytes: 0,
        conflicts: 0,
        pendingPaths: 0,
        pendingBytes: 0,
        notHeld: [],
      };
      expect(index.totals()).toEqual(nothing);
      putView('d', directory);
      putView('f', file('12345'), 1);
      putView('g', file('123'), 3);
      putView('l', link);
      putView('t', undefined);
      putBase(
        sampleBase('f'),
        sampleBase('g', { status: 'space' }),
        sampleBase('l', { status: 'name' }),
        sampleBase('t', { status: 'name' }),
      );
      index.transaction(() => {
        index.markPending({ path: path('f'), needBytes: 5 });
        index.markPending({ path: path('g'), needBytes: 3 });
      });
      expect(index.totals()).toEqual({
        files: 2,
        directories: 1,
        bytes: 8,
        conflicts: 2,
        pendingPaths: 2,
        pendingBytes: 8,
        notHeld: [
          { reason: 'name', paths: 2 },
          { reason: 'space', paths: 1 },
        ],
      });
      putView('f', directory);
      putView('g', file('1'));
      index.transaction(() => {
        index.markPending({ path: path('g'), needBytes: 1 });
        index.putBase(sampleBase('g'));
        index.putBase(sampleBase('f', { status: 'waiting' }));
        index.removeBase(path('l'));
      });
      expect(index.totals()).toEqual({
        files: 1,
        directories: 2,
        bytes: 1,
        conflicts: 0,
        pendingPaths: 2,
        pendingBytes: 6,
        notHeld: [
          { reason: 'name', paths: 1 },
          { reason: 'waiting', paths: 1 },
        ],
      });
      index.transaction(() => {
        for (const name of ['d', 'f', 'g', 'l', 't']) index.removeView(path(name));
        for (const name of ['f', 'g']) index.clearPending(path(name));
        for (const name of ['f', 'g', 't']) index.removeBase(path(name));
      });
      expect(index.totals()).toEqual(nothing);
    });
  });

  describe('base', () => {
    test('[FI13] rows come back exactly, whatever the disk said', () => {
      const past = {
        vector: [
          { incarnation: sampleIncarnation('a'), counter: 2 ** 53 - 1 },
          { incarnation: sampleIncarnation('b'), counter: 1 },
        ],
        except: [{ incarnation: sampleIncarnation('a'), counter: 7 }],
      };
      const rows: BaseRow[] = [
        sampleBase('a', { seen: past, diskName: 'A\u0308' }),
        sampleBase('b', { observed: sampleObserved(-1n), content: link }),
        sampleBase('c', { status: 'lingering', shown: undefined, content: undefined, observed: undefined }),
        sampleBase('d', { content: { kind: 'file', content: sampleHash('big'), sizeBytes: 2 ** 53 - 1 } }),
      ];
      putBase(...rows);
      expect(rows.map((row) => index.base(row.path))).toEqual(rows);
      const changed = sampleBase('a', {
        status: 'space',
        shown: undefined,
        content: undefined,
        observed: undefined,
      });
      putBase(changed);
      expect(index.base(path('a'))).toEqual(changed);
      index.transaction(() => index.removeBase(path('a')));
      expect(index.base(path('a'))).toBeUndefined();
    });

    test('[FI13] children and what lies below are listed by path', () => {
      const names = ['a', 'a/b', 'a/b/c', 'a/\u{1F600}', 'a/！', 'a-b/x', 'a0', 'a/é'];
      putBase(...names.map((name) => sampleBase(name)));
      const paths = (rows: readonly BaseRow[]): readonly string[] => rows.map((row) => row.path);
      expect(paths(index.baseChildren(undefined))).toEqual(['a', 'a0']);
      expect(paths(index.baseChildren(path('a')))).toEqual(['a/b', 'a/é', 'a/\u{1F600}', 'a/！']);
      expect(paths(index.baseBelow(path('a')))).toEqual(['a/b', 'a/b/c', 'a/é', 'a/\u{1F600}', 'a/！']);
      expect(paths(index.baseBelow(path('a/b/c')))).toEqual([]);
    });

    test('[FI14] held paths are found by content and by inode', () => {
      putBase(
        sampleBase('b', { observed: sampleObserved(5n) }),
        sampleBase('a/x', { observed: sampleObserved(6n) }),
        sampleBase('a', { observed: sampleObserved(5n) }),
        sampleBase('c', { status: 'waiting', observed: sampleObserved(5n) }),
        sampleBase('d', { content: file('other') }),
      );
      const paths = (rows: readonly BaseRow[]): readonly string[] => rows.map((row) => row.path);
      expect(paths(index.pathsHolding(sampleHash('hello'), 10))).toEqual(['a', 'a/x', 'b']);
      expect(paths(index.pathsHolding(sampleHash('hello'), 2))).toEqual(['a', 'a/x']);
      expect(paths(index.baseByInode(5n))).toEqual(['a', 'b']);
      expect(paths(index.baseByInode(18_446_744_073_709_551_615n))).toEqual(['d']);
      expect(index.baseByInode(99n)).toEqual([]);
      index.transaction(() =>
        index.putBase(
          sampleBase('film', {
            content: { kind: 'file', content: sampleHash('film'), sizeBytes: largeFileBytes + 1 },
          }),
        ),
      );
      expect([1, 0].map((more) => index.hasFileOfSize(largeFileBytes + more))).toEqual([true, false]);
    });

    test('[FI7] [FI15] hash-keyed trie on a partial device: what it holds is equal though it leaves a top directory out', () => {
      putBase(sampleBase('work'), sampleBase('work/a'), sampleBase('music'), sampleBase('music/b'));
      const whole = index.materialised.root();
      const music = index.keyOf(path('music')).slice(0, 8);
      const common = index.materialised.rootWithout([music]);
      putBase(
        sampleBase('music', { status: 'unselected', content: undefined }),
        sampleBase('music/b', { status: 'unselected', content: undefined }),
      );
      expect(index.materialised.root()).not.toBe(whole);
      expect(index.materialised.root()).toBe(common);
    });

    test('[FI15] the materialised trie holds just what is held: files, symlinks and directories, by content', () => {
      const empty = index.materialised.root();
      putBase(
        sampleBase('file'),
        sampleBase('link', { content: link }),
        sampleBase('dir', { content: directory }),
        sampleBase('implied', { status: 'implied', content: directory }),
        sampleBase('nothing', { content: undefined }),
        sampleBase('space', { status: 'space' }),
      );
      expect(index.materialised.size()).toBe(3);
      const root = index.materialised.root();
      putBase(sampleBase('file', { shown: sampleHash('touched'), observed: sampleObserved(1n) }));
      expect(index.materialised.root()).toBe(root);
      putBase(sampleBase('file', { content: file('other') }));
      expect(index.materialised.root()).not.toBe(root);
      putBase(sampleBase('file', { status: 'local-change' }), sampleBase('dir', { status: 'lingering' }));
      index.transaction(() => index.removeBase(path('link')));
      expect(index.materialised.root()).toBe(empty);
    });
  });

  describe('work and content', () => {
    test('[FI16] intents come back whole', () => {
      const intents: Intent[] = [
        {
          path: path('b'),
          stagedName: 'staged-1',
          staged: sampleObserved(1n),
          replaced: sampleObserved(2n),
          version: { storedName: 'kept-1', keep: true },
          becomes: sampleBase('b', { diskName: 'B' }),
        },
        {
          path: path('a'),
          stagedName: undefined,
          staged: undefined,
          replaced: sampleObserved(3n),
          version: { storedName: 'kept-2', keep: false },
          becomes: undefined,
        },
        {
          path: path('c'),
          stagedName: 'staged-2',
          staged: undefined,
          replaced: undefined,
          version: undefined,
          becomes: sampleBase('c', {
            shown: undefined,
            content: undefined,
            observed: undefined,
            status: 'implied',
          }),
        },
      ];
      index.transaction(() => {
        for (const intent of intents) index.putIntent(intent);
      });
      expect(index.intents()).toEqual([intents[1], intents[0], intents[2]]);
      expect(index.intent(path('b'))).toEqual(intents[0]);
      index.transaction(() => index.removeIntent(path('b')));
      expect(index.intent(path('b'))).toBeUndefined();
    });

    test('[FI17] versions are numbered upwards, numbers never used twice', () => {
      const version = (where: string, content: Content, storedName?: string): Omit<KeptVersion, 'id'> => ({
        path: path(where),
        content,
        storedName,
        replacedAt: 1_763_000_000_000,
        replacedBy: storedName === undefined ? undefined : sampleKey('a'),
        reason: 'replaced',
        executable: storedName !== undefined,
        modifiedAtNs: -5_000_000_000_000_000_000_000n,
      });
      const kept = [
        version('a', file('1'), 's1'),
        version('b', directory),
        version('a', file('2'), 's2'),
        version('c', file('1'), 's3'),
      ];
      const ids = index.transaction(() => kept.map((each) => index.addVersion(each)));
      expect(ids).toEqual(ids.toSorted((x, y) => x - y));
      const stored = kept.map((each, i) => ({ ...each, id: ids[i] as number }));
      expect(index.versionsOf(path('a'))).toEqual([stored[2], stored[0]]);
      expect(index.versionHolding(sampleHash('1'))).toEqual(stored[3]);
      expect(index.versionsHolding(sampleHash('1'))).toEqual([stored[3], stored[0]]);
      expect(index.versions(0, 3)).toEqual(stored.slice(0, 3));
      expect(index.versions(ids[2] as number, 3)).toEqual(stored.slice(3));
      index.transaction(() => index.removeVersion(ids[3] as number));
      expect(index.versionHolding(sampleHash('1'))).toEqual(stored[0]);
      const next = index.transaction(() => index.addVersion(version('d', link)));
      expect(next).toBeGreaterThan(ids[3] as number);
    });

    test('[FI18] a sweep keeps the manifests that something names', () => {
      const manifest = { sizeBytes: 5, hashes: new Uint8Array(64).fill(3), sizes: new Uint32Array([4, 1]) };
      const names = ['member', 'base', 'version', 'intent', 'nobody'];
      index.transaction(() => {
        for (const name of names) index.putManifest(sampleHash(name), manifest);
        index.setMembers(path('m'), [], [sampleEntry('m', { bytes: 'member' })]);
        index.putChangeSet(sampleChangeSet('set'));
        index.putChangeSet(sampleChangeSet('unused'));
        index.putBase(sampleBase('b', { content: file('base'), status: 'waiting' }));
        index.addVersion({
          path: path('v'),
          content: file('version'),
          storedName: undefined,
          replacedAt: 1,
          replacedBy: undefined,
          reason: 'deleted',
          executable: false,
          modifiedAtNs: 0n,
        });
        index.putIntent({
          path: path('i'),
          stagedName: 's',
          staged: undefined,
          replaced: undefined,
          version: undefined,
          becomes: sampleBase('i', { content: file('intent') }),
        });
        index.putIntent({
          path: path('j'),
          stagedName: undefined,
          staged: undefined,
          replaced: undefined,
          version: undefined,
          becomes: undefined,
        });
      });
      expect(index.manifest(sampleHash('nobody'))).toEqual(manifest);
      index.sweep(sampleIncarnation('a'));
      const left = names.filter((name) => index.manifest(sampleHash(name)) !== undefined);
      expect(left).toEqual(['member', 'base', 'version', 'intent']);
      expect(index.changeSet(sampleHash('set'))).toBeDefined();
      expect(index.changeSet(sampleHash('unused'))).toBeUndefined();
    });

    const happened = (
      at: number,
      where: string | undefined,
      wishes: Partial<ActivityRow> = {},
    ): Omit<ActivityRow, 'id' | 'undone'> => ({
      at,
      kind: 'written',
      path: where === undefined ? undefined : path(where),
      device: sampleKey('a'),
      partOf: undefined,
      change: {
        before: [
          {
            content: file(`${where} ${at}`),
            executable: true,
            modifiedAtNs: -5_000_000_000_000_000_000_000n,
            from: [],
            author: sampleKey('b'),
          },
          {
            content: link,
            executable: false,
            modifiedAtNs: 0n,
            from: ['00112233445566ff' as HashPrefix, '00112233445566aa' as HashPrefix],
            author: sampleKey('c'),
          },
        ],
        seen: {
          vector: [{ incarnation: sampleIncarnation('a'), counter: 2 ** 50 }],
          except: [{ incarnation: sampleIncarnation('a'), counter: 3 }],
        },
      },
      ...wishes,
    });
    const add = (...rows: readonly Omit<ActivityRow, 'id' | 'undone'>[]): number[] =>
      index.transaction(() => rows.map((row) => index.addActivity(row)));

    test('[FI26] what happened comes back whole, newest first, parts with what they are part of', () => {
      const act = happened(10, undefined, { kind: 'restored', change: undefined });
      const rows = [happened(5, 'a'), act];
      const [first = 0, second = 0] = add(...rows);
      const part = happened(10, 'b', { partOf: second });
      const [third = 0, fourth = 0] = add(part, happened(11, 'a', { kind: 'deleted' }));
      expect([first, second, third, fourth]).toEqual(
        [first, second, third, fourth].toSorted((x, y) => x - y),
      );
      expect(index.activities(undefined, 2).map(({ id }) => id)).toEqual([fourth, second]);
      expect(index.activities(second, 9)).toEqual([{ ...rows[0], id: first, undone: false }]);
      expect(index.activity(second)).toEqual({ ...act, id: second, undone: false });
      expect(index.partsOfActivity(second)).toEqual([{ ...part, id: third, undone: false }]);
      expect(index.changesOf(path('a'), 9).map(({ id }) => id)).toEqual([fourth, first]);
      index.transaction(() => index.setUndone(second, true));
      expect(index.activity(second)?.undone).toBe(true);
      index.transaction(() => index.trimActivities({ olderThan: 100, keepNewest: 9 }));
      const [next = 0] = add(happened(12, 'a'));
      expect(next).toBeGreaterThan(fourth);
    });

    test('[FI27] the first change of each path after a moment', () => {
      add(happened(5, 'd/x'), happened(6, 'd/x'), happened(7, 'd/x'), happened(8, 'd'), happened(9, 'd0'));
      const found = (at: number, under?: string): string[] =>
        index
          .firstChangesSince(at, under === undefined ? undefined : path(under))
          .map((row) => `${row.path} ${row.at}`);
      expect(found(5, 'd')).toEqual(['d 8', 'd/x 6']);
      expect(found(6, 'd/x')).toEqual(['d/x 7']);
      expect(found(0)).toEqual(['d 8', 'd/x 5', 'd0 9']);
      expect(found(9)).toEqual([]);
    });

    test('[FI28] what happened is forgotten from the old end', () => {
      add(...[1, 2, 3, 4, 5, 6].map((at) => happened(at, 'a')));
      const trim = (olderThan: number, keepNewest: number): number | undefined =>
        index.transaction(() => index.trimActivities({ olderThan, keepNewest }));
      const left = (): number[] => index.activities(undefined, 9).map(({ at }) => at);
      expect(trim(1, 6)).toBeUndefined();
      expect(trim(3, 6)).toBe(2);
      expect(left()).toEqual([6, 5, 4, 3]);
      expect(trim(0, 2)).toBe(4);
      expect(left()).toEqual([6, 5]);
    });

    test('[FI29] context and floor only rise, the floor never beyond the context', () => {
      const [a, b] = [sampleIncarnation('a'), sampleIncarnation('b')].sort();
      const at = (one: number, other: number) => [
        { incarnation: a as never, counter: one },
        { incarnation: b as never, counter: other },
      ];
      index.transaction(() => {
        index.raiseContext(at(3, 5));
        index.raiseContext(at(4, 2));
        index.raiseFloor(at(2, 5));
        index.raiseFloor(at(1, 1));
      });
      expect([index.context(), index.floor()]).toEqual([at(4, 5), at(2, 5)]);
      expect(() => index.transaction(() => index.raiseFloor(at(5, 5)))).toThrow('within the context');
      const work = (): never => {
        index.raiseContext(at(9, 9));
        index.raiseFloor(at(9, 9));
        throw new Error('stop');
      };
      expect(() => index.transaction(work)).toThrow('stop');
      expect([index.context(), index.floor()]).toEqual([at(4, 5), at(2, 5)]);
      expect(() => index.raiseContext(at(5, 5))).toThrow('inside a transaction');
    });

    test('[FI29] a context with too many incarnations stays as it is', () => {
      const vector = Array.from({ length: 4096 }, (_, i) => ({
        incarnation: i.toString(16).padStart(16, '0') as never,
        counter: 1,
      }));
      const oneMore = { incarnation: 'f'.repeat(16) as never, counter: 1 };
      index.transaction(() => {
        index.raiseContext(vector);
        index.raiseContext([oneMore]);
      });
      expect(index.context()).toEqual(vector);
    });

    test('[FI30] the root to compare covers the floor once there is one', () => {
      put(sampleEntry('one'));
      const vector = [{ incarnation: sampleIncarnation('a'), counter: 1 }];
      index.transaction(() => index.raiseContext(vector));
      expect(index.stateRoot()).toBe(index.state.root());
      index.transaction(() => index.raiseFloor(vector));
      const root = index.stateRoot();
      expect(root).not.toBe(index.state.root());
      put(sampleEntry('two'));
      expect(index.stateRoot()).not.toBe(root);
    });

    test('[FI31] paths where nothing stands are listed', () => {
      put(sampleEntry('gone', { bytes: null }), sampleEntry('here'), sampleEntry('dir', { bytes: null }));
      const tombstone = sampleHash('tombstone');
      index.transaction(() => {
        index.putView({ path: path('gone'), winner: tombstone, content: undefined, conflicts: 0 });
        index.putView({ path: path('here'), winner: tombstone, content: file('hello'), conflicts: 0 });
        index.putView({ path: path('dir'), winner: undefined, content: directory, conflicts: 0 });
      });
      expect(index.pathsOfNothing(undefined, 10)).toEqual(['dir', 'gone']);
      expect(index.pathsOfNothing(undefined, 1)).toEqual(['dir']);
      expect(index.pathsOfNothing(path('dir'), 10)).toEqual(['gone']);
    });

    test('[FI32] the last word of each device is kept', () => {
      const word = (device: string, serial: number, counter?: number) => ({
        device: sampleKey(device),
        serial,
        applied: counter === undefined ? undefined : [{ incarnation: sampleIncarnation(device), counter }],
        signature: new Uint8Array(64).fill(serial),
      });
      index.transaction(() => {
        index.putApplied(word('a', 1, 3));
        index.putApplied(word('b', 7));
        index.putApplied(word('a', 2, 4));
      });
      const words = [word('a', 2, 4), word('b', 7)];
      expect(index.applied()).toEqual(words.sort((x, y) => (x.device < y.device ? -1 : 1)));
      index.transaction(() => index.removeApplied(sampleKey('a')));
      expect(index.applied()).toEqual([word('b', 7)]);
    });

    test('[FI19] facts come and go', () => {
      index.transaction(() => index.setFact('incarnation', 'x'));
      index.transaction(() => index.setFact('incarnation', 'y'));
      expect(index.fact('incarnation')).toBe('y');
      index.transaction(() => index.setFact('incarnation', undefined));
      expect(index.fact('incarnation')).toBeUndefined();
    });
  });

  const open2 = (): Promise<FolderIndex> =>
    openFolderIndex({ file: ':memory:', folderId: sampleFolder, parseEntry: parseSample, sqlite });
});
