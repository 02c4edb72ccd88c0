import { describe, expect, it } from 'vitest';
import { createTestRandom } from '../testing/index-device.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { openFolderIndex, type FolderIndex } from '../file-index/file-index.ts';
import { seenOnDisk } from '../reconcile/testing/members.ts';
import type { Content } from '../model/entry.ts';
import { type FolderId, type Hash, type IncarnationId, folderId } from '../model/ids.ts';
import { emptyPast } from '../model/past.ts';
import { type RelativePath, relativePath } from '../model/path.ts';
import { type AppliedStatement, appliedSigningBytes, decodeEntry } from '../protocol/protocol.ts';
import { createIdentity } from '../trust/trust.ts';
import { createFolderFloor, type FolderFloor } from './folder-floor.ts';
import { createFolderState, type FolderState } from './folder-state.ts';

const folder: FolderId = folderId('5a'.repeat(16));
const group = '11'.repeat(32) as Hash;
const minute = 60_000;
const identities = new Map(
  ['a', 'b', 'c'].map((name) => [name, createIdentity(createTestRandom(name).bytes(32))]),
);
const identityOf = (name: string) => identities.get(name) as ReturnType<typeof createIdentity>;
const at = (path: string): RelativePath => relativePath(path);
const content = (text: string): Content => ({
  kind: 'file',
  content: Buffer.from(text).toString('hex').padEnd(64, '0') as Hash,
  sizeBytes: text.length,
});

/** A device without a disk: what it writes it shows. */
interface Keeper {
  readonly name: string;
  readonly index: FolderIndex;
  readonly state: FolderState;
  readonly floor: FolderFloor;
  write(path: string, text: string | undefined): ReturnType<FolderState['write']>;
  /** All of `other`'s state and what it says of it, as after a takeover without a gap. */
  takeOver(other: Keeper, absent?: readonly Hash[]): void;
  shows: boolean;
}

async function group3() {
  const clock = createManualClock();
  const names = [...identities.keys()];
  const members = names.map((name) => identityOf(name).deviceKey);
  const make = async (name: string): Promise<Keeper> => {
    const identity = identityOf(name);
    const index = await openFolderIndex({ file: ':memory:', folderId: folder, parseEntry: decodeEntry });
    const state = createFolderState({
      folderId: folder,
      index,
      identity,
      incarnation: name.repeat(16).slice(0, 16) as IncarnationId,
      clock,
      journal: { isRecording: () => false, note() {} },
      rules: { obstacleAt: () => undefined },
      counts: () => true,
      isAllowed: () => true,
    });
    const floor = createFolderFloor({
      folderId: folder,
      index,
      identity,
      clock,
      state,
      quorum: () => ({ group, members }),
      showsEverything: () => keeper.shows,
      changed() {},
    });
    const keeper: Keeper = {
      name,
      index,
      state,
      floor,
      shows: true,
      write: (path, text) =>
        state.write([
          {
            path: at(path),
            content: text === undefined ? undefined : content(text),
            observed: text === undefined ? undefined : seenOnDisk('file'),
            seen: index.base(at(path))?.seen ?? emptyPast,
            from: [],
            found: false,
          },
        ]),
      takeOver(other, absent = []) {
        for (const { path } of other.index.pathsUnder('', '', 1_000)) {
          const entries = other.index.signedMembers(path);
          state.accept(
            entries,
            entries.flatMap((entry) => other.index.changeSet(entry.changeSet) ?? []),
          );
        }
        floor.tookOver(
          identityOf(other.name).deviceKey,
          { context: other.index.context(), floor: other.index.floor() },
          absent,
        );
        for (const { path } of index.pathsUnder('', '', 1_000)) showAt(path);
      },
    };
    const showAt = (path: RelativePath): void => {
      const decision = state.decisionAt(path);
      if (!('becomes' in decision)) return;
      index.transaction(() => {
        const row = decision.becomes;
        const observed = row?.content === undefined ? undefined : seenOnDisk('file');
        if (row === undefined) index.removeBase(path);
        else index.putBase({ ...row, observed });
        index.clearPending(path);
      });
    };
    return keeper;
  };
  const [a, b, c] = (await Promise.all(names.map(make))) as [Keeper, Keeper, Keeper];
  const all = [a, b, c];
  /** Everyone takes over from everyone, twice, so that all know the same. */
  const meet = (...who: readonly Keeper[]): void => {
    for (let i = 0; i < 2; i++)
      for (const one of who) for (const other of who) if (one !== other) one.takeOver(other);
  };
  const talk = (): void => {
    for (let i = 0; i < 2; i++)
      for (const one of all)
        for (const other of all) if (one !== other) one.floor.heard(other.floor.applied());
  };
  /** A round of work on every device, later. */
  const later = (minutes = 11): void => {
    clock.advance(minutes * minute);
    for (const one of all) one.floor.step();
    talk();
  };
  return { clock, a, b, c, all, meet, talk, later };
}

const word = (
  name: string,
  serial: number,
  applied: AppliedStatement['applied'],
  signer = name,
): AppliedStatement => {
  const statement = { device: identityOf(name).deviceKey, serial, applied };
  const signature = identityOf(signer).sign(appliedSigningBytes(group, folder, statement));
  return { ...statement, signature };
};

describe('the floor of a folder', () => {
  it('[FL1] rises once all have shown all, and what is under it leaves view, state and base', async () => {
    const { a, b, c, all, meet, later } = await group3();
    a.write('p', 'x');
    a.write('q', 'y');
    meet(a, b, c);
    b.write('p', undefined);
    meet(a, b, c);
    const last = b.index.highestCounter('b'.repeat(16));
    later();
    for (const { index } of all) {
      expect(index.members(at('p'))).toEqual([]);
      expect([index.view(at('p')), index.base(at('p'))]).toEqual([undefined, undefined]);
      expect(index.members(at('q'))).toHaveLength(1);
      expect(index.stateRoot()).toBe(a.index.stateRoot());
    }
    // What is counted by goes on from where it was, and own writes of before are still known as such.
    const [again] = b.write('p', 'new');
    expect(again?.member.entry.dot.counter).toBeGreaterThan(last);
    expect(again?.member.entry.past.except).toEqual([{ incarnation: 'b'.repeat(16), counter: last }]);
  });

  it('[FL1] stays while one member has not taken over, not shown, or not said anything', async () => {
    const { a, b, c, all, meet, later } = await group3();
    a.write('p', 'x');
    meet(a, b, c);
    a.write('p', undefined);
    meet(a, b);
    later();
    later();
    expect(all.map(({ index }) => index.floor())).toEqual([[], [], []]);
    meet(a, b, c);
    c.shows = false;
    later();
    later();
    expect(all.map(({ index }) => index.floor())).toEqual([[], [], []]);
    c.shows = true;
    later();
    expect(all.map(({ index }) => index.members(at('p')))).toEqual([[], [], []]);
  });

  it('[FL1] leaves a deletion alone that somebody had not seen everything of', async () => {
    const { a, b, c, meet, later } = await group3();
    a.write('p', 'x');
    meet(a, b, c);
    const late = b.write('p', 'edited');
    a.write('p', undefined);
    meet(a, b, c);
    later();
    expect(
      a.index
        .members(at('p'))
        .map(({ entry }) => entry.kind)
        .sort(),
    ).toEqual(['file', 'tombstone']);
    expect(late[0]?.member.hash).toBe(c.index.view(at('p'))?.winner);
  });

  it('[FL7] lets nothing old in again by a late push', async () => {
    const { a, b, c, meet, later } = await group3();
    const old = a.write('p', 'x');
    meet(a, b, c);
    const deletion = a.write('p', undefined);
    meet(a, b, c);
    const sets = [...old, ...deletion].flatMap((entry) => a.index.changeSet(entry.changeSet) ?? []);
    later();
    expect(c.state.accept(old, sets)).toEqual([]);
    expect(c.state.accept(deletion, sets)).toEqual([]);
    expect(c.index.members(at('p'))).toEqual([]);
  });

  it('[FL8] takes what a peer has forgotten from this device, as something to be removed from its disk', async () => {
    const { a, b, c, meet } = await group3();
    const [old] = a.write('p', 'x');
    a.write('q', 'y');
    meet(a, b, c);
    a.write('p', undefined);
    meet(a, b);
    a.index.transaction(() => a.index.raiseFloor(a.index.context()));
    const absent = [old?.member.hash as Hash, c.index.members(at('q'))[0]?.hash as Hash];
    c.write('q', 'by c');
    c.floor.tookOver(
      identityOf('a').deviceKey,
      { context: a.index.context(), floor: a.index.floor() },
      absent,
    );
    expect(c.index.members(at('p'))).toEqual([]);
    expect(c.state.decisionAt(at('p'))).toMatchObject({ kind: 'remove', becomes: undefined });
    expect(c.index.pendingAt(at('p'))).toBeDefined();
    expect(c.index.members(at('q')).map(({ author }) => author)).toEqual([identityOf('c').deviceKey]);
    expect(c.index.floor()).toEqual(a.index.floor());
  });

  it('[FL8] keeps what lies beyond that floor, whatever is said to be absent', async () => {
    const { a, b, c, meet } = await group3();
    a.write('p', 'x');
    meet(a, b, c);
    const floor = a.index.context();
    const [mine] = c.write('p', 'by c');
    c.floor.tookOver(identityOf('a').deviceKey, { context: floor, floor }, [mine?.member.hash as Hash]);
    expect(c.index.members(at('p'))).toHaveLength(1);
  });

  it('[FL1] lets go of thousands of deletions bit by bit, and of the rest after a stop', async () => {
    const { clock, a } = await group3();
    a.floor.heard([word('b', 1, undefined), word('c', 1, undefined)]);
    a.state.write(
      Array.from({ length: 2_500 }, (_, i) => ({
        path: at(`d${i % 9}/${i}`),
        content: undefined,
        observed: undefined,
        seen: emptyPast,
        from: [],
        found: false,
      })),
    );
    const left = (): number => a.index.pathsOfNothing(undefined, 5_000).length;
    clock.advance(minute);
    expect(a.floor.step()).toBe(true);
    expect(left()).toBe(1_500);
    expect(a.floor.step()).toBe(true);
    expect(left()).toBe(500);
    // A new run of the program goes on where the last one stopped.
    const restarted = createFolderFloor({
      folderId: folder,
      index: a.index,
      identity: identityOf('a'),
      clock,
      state: a.state,
      quorum: () => undefined,
      showsEverything: () => true,
      changed() {},
    });
    expect(restarted.step()).toBe(false);
    expect([left(), a.index.state.size()]).toEqual([0, 0]);
  });

  it('[FL1] leaves no row behind that says only that rules leave the path out', async () => {
    const { clock, a, b, meet } = await group3();
    b.write('p', 'x');
    b.write('p', undefined);
    meet(a, b);
    const seen = emptyPast;
    const row = { path: at('p'), status: 'ignored' as const, shown: undefined, content: undefined, seen };
    a.index.transaction(() => a.index.putBase({ ...row, observed: undefined }));
    const state = createFolderState({
      folderId: folder,
      index: a.index,
      identity: identityOf('a'),
      incarnation: 'a'.repeat(16) as IncarnationId,
      clock,
      journal: { isRecording: () => false, note() {} },
      rules: { obstacleAt: () => 'ignored' },
      counts: () => true,
      isAllowed: () => true,
    });
    a.index.transaction(() => state.forget(at('p'), []));
    expect(a.index.totals().notHeld).toEqual([]);
  });

  it('[FL9] is not joined where the context does not reach it', async () => {
    const { a, c } = await group3();
    a.write('p', 'x');
    c.floor.tookOver(identityOf('a').deviceKey, { context: [], floor: a.index.context() }, []);
    expect(c.index.floor()).toEqual([]);
    expect(() => c.index.transaction(() => c.index.raiseFloor(a.index.context()))).toThrow(
      'within the context',
    );
  });
});

describe('words on what disks have shown', () => {
  it('[FL2] are said only if that lets something be forgotten, and at most every ten minutes', async () => {
    const { clock, a, b, c, meet, later } = await group3();
    const own = (): number | undefined =>
      a.index.applied().find(({ device }) => device === identityOf('a').deviceKey)?.serial;
    a.write('p', 'x');
    meet(a, b, c);
    later();
    expect(own()).toBeUndefined();
    a.write('p', undefined);
    later(2);
    const first = own();
    expect(first).toBe(clock.now());
    a.write('q', 'y');
    a.write('q', undefined);
    later(5);
    expect(own()).toBe(first);
    later(6);
    const second = own();
    expect(second).toBe(clock.now());
    later(30);
    expect(own()).toBe(second);
  });

  it('[FL10] count by their serial, and only if their device signed them and is a member', async () => {
    const { a } = await group3();
    const vector = [{ incarnation: 'b'.repeat(16) as IncarnationId, counter: 3 }];
    a.floor.heard([word('b', 5, vector)]);
    a.floor.heard([word('b', 4, undefined), word('b', 5, undefined)]);
    expect(a.floor.applied()).toEqual([word('b', 5, vector)]);
    expect(() => a.floor.heard([word('b', 6, vector, 'c')])).toThrow('peer-misbehaved');
    const stranger = createIdentity(createTestRandom('stranger').bytes(32));
    a.floor.heard([{ ...word('c', 1, vector), device: stranger.deviceKey }]);
    expect(a.floor.applied()).toEqual([word('b', 5, vector)]);
  });

  it('[FL10] of this device from before it lost its index are replaced by what it says now', async () => {
    const { a } = await group3();
    const vector = [{ incarnation: 'e'.repeat(16) as IncarnationId, counter: 9 }];
    a.floor.heard([word('a', 7_000_000_000_000, vector)]);
    expect(a.floor.applied()).toMatchObject([{ serial: 7_000_000_000_001, applied: [] }]);
    a.floor.heard([word('a', 6, vector)]);
    expect(a.floor.applied()).toMatchObject([{ serial: 7_000_000_000_001, applied: [] }]);
  });

  it('[FL10] of another group are no words in this one', async () => {
    const { clock, a } = await group3();
    const self = identityOf('a');
    let quorum = { group: '22'.repeat(32) as Hash, members: [self.deviceKey] };
    const floor = createFolderFloor({
      folderId: folder,
      index: a.index,
      identity: self,
      clock,
      state: a.state,
      quorum: () => quorum,
      showsEverything: () => true,
      changed() {},
    });
    a.write('p', 'x');
    a.write('p', undefined);
    floor.step();
    expect(floor.applied()).toHaveLength(1);
    quorum = { group, members: [self.deviceKey, identityOf('b').deviceKey] };
    expect([floor.applied(), floor.digest()]).toEqual([[], undefined]);
    floor.heard([word('b', 3, [])]);
    expect(floor.applied()).toEqual([word('b', 3, [])]);
  });

  it('[FL4] that a device does not keep the folder take it out of those that are waited for', async () => {
    const { a, b, c, meet, later } = await group3();
    a.write('p', 'x');
    a.write('p', undefined);
    meet(a, b);
    later();
    expect(a.index.floor()).toEqual([]);
    c.shows = false;
    for (const one of [a, b]) one.floor.heard([word('c', 5, undefined)]);
    expect([a, b].map(({ index }) => index.members(at('p')))).toEqual([[], []]);
  });
});
