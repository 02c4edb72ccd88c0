import { expect, it } from 'vitest';
import { admitting, foundedLog, identityOf } from '../testing/trust-world.ts';
import type { Member } from '../model/entry.ts';
import { type DeviceKey, folderId, type IncarnationId, incarnationId } from '../model/ids.ts';
import { cutListHash, decodeEntry, encodeCutList, encodeEntry } from '../protocol/protocol.ts';
import { relativePath } from '../model/path.ts';
import { createCutStore, createFolderOp, createRevoke } from '../trust/trust.ts';
import type { CurrentGroup } from './group.ts';
import { createIgnoredChanges } from './ignored-changes.ts';
import { createLimitedAuthors } from './limited-authors.ts';

const [anna, berta, laptop] = ['anna', 'berta', 'laptop'].map(identityOf) as [Anyone, Anyone, Anyone];
type Anyone = ReturnType<typeof identityOf>;
const folder = folderId('0b'.repeat(16));
const [first, second] = ['01', '02'].map((digits) => incarnationId(digits.repeat(8))) as [
  IncarnationId,
  IncarnationId,
];

const written = (author: DeviceKey, incarnation: IncarnationId, counter: number, path = 'a'): Member => {
  const dot = { incarnation, counter };
  const common = { path: relativePath(path), dot, past: { vector: [dot], except: [] } };
  return decodeEntry(
    encodeEntry({ kind: 'directory', ...common, changedAt: 0, from: [], found: false }),
    author,
  );
};

function group() {
  const log = foundedLog(anna);
  for (const other of [berta, laptop]) log.add(admitting(log, anna, other));
  const current = { log, cuts: createCutStore(log) } as unknown as CurrentGroup;
  const limits = createLimitedAuthors(
    {
      current: () => current,
      isActive: (device) => log.members().active.has(device),
      get revision() {
        return log.ops().length;
      },
    },
    anna.deviceKey,
    folder,
  );
  const list = (counter: number): Uint8Array =>
    encodeCutList([{ folderId: folder, incarnation: first, counter }]);
  const permit = (mode: 'ro' | 'rw', cut?: Uint8Array): void => {
    const word = { folderId: folder, verb: 'grant', key: laptop.deviceKey, mode } as const;
    log.add(createFolderOp({ log, identity: anna }, { ...word, cut: cut && cutListHash(cut) }));
  };
  return { log, current, limits, list, permit };
}

it('[RD3] [A37] of a reader only what was known of it counts, whoever sends it', () => {
  const { current, limits, list, permit } = group();
  const members = [
    written(laptop.deviceKey, first, 5),
    written(laptop.deviceKey, first, 6),
    written(laptop.deviceKey, second, 1),
  ];
  const counted = (): boolean[] => members.map((member) => limits.counts(member));
  expect([counted(), limits.isReader(laptop.deviceKey)]).toEqual([[true, true, true], false]);
  permit('ro', list(5));
  // Until the list is here nobody can say.
  expect([counted(), limits.isUndecided(members[0] as Member)]).toEqual([[false, false, false], true]);
  current.cuts.add(list(5));
  permit('ro', list(5));
  expect([counted(), limits.isUndecided(members[0] as Member)]).toEqual([[true, false, false], false]);
  expect([limits.isReader(laptop.deviceKey), limits.isReader(berta.deviceKey)]).toEqual([true, false]);
  expect(limits.counts(written(berta.deviceKey, first, 9))).toBe(true);
  permit('rw');
  expect([counted(), limits.isReader(laptop.deviceKey)]).toEqual([[true, true, true], false]);
});

it('[RD2] a reader that is removed keeps no more than either leaves it', () => {
  const { log, current, limits, list, permit } = group();
  permit('ro', list(5));
  current.cuts.add(list(5));
  const cut = list(7);
  const targets = [{ key: laptop.deviceKey, cut: cutListHash(cut) }];
  log.add(createRevoke({ log, identity: anna }, { targets, reason: 'lost' }));
  current.cuts.add(cut);
  expect(limits.all()).toMatchObject([{ author: laptop.deviceKey, why: 'removed' }]);
  expect([5, 6].map((counter) => limits.counts(written(laptop.deviceKey, first, counter)))).toEqual([
    true,
    false,
  ]);
});

it('[RD3] what a reader sends nevertheless is told by path until it is in step or may change the folder', () => {
  const ignored = createIgnoredChanges();
  ignored.note([written(laptop.deviceKey, first, 2, 'b'), written(laptop.deviceKey, first, 1, 'a')]);
  ignored.note([written(laptop.deviceKey, first, 3, 'a'), written(berta.deviceKey, second, 1, 'c')]);
  const told = () => ignored.problems().map(({ kind, path }) => [kind, path]);
  expect(told()).toEqual(['a', 'b', 'c'].map((path) => ['ignored-change', path]));
  ignored.inStepWith(laptop.deviceKey);
  expect(told()).toEqual([['ignored-change', 'c']]);
  ignored.forgetAllBut(() => false);
  expect(told()).toEqual([]);
});
