import fc from 'fast-check';
import { expect, test } from 'vitest';
import { admitting, copyOf, foundedLog, identityOf, testRecovery } from '../testing/trust-world.ts';
import { compareText } from '../base/pure.ts';
import { SyncError } from '../model/errors.ts';
import { folderId } from '../model/ids.ts';
import { createFolderOp, createLapse, createMerge, createReset, createRevoke } from './build-op.ts';
import { createMembershipLog, type MembershipLog } from './membership-log.ts';

// Devices that write at random, hear of each other at random, and now and then go on from an old copy of their log, as a restored backup would.
const names = ['anna', 'berta', 'laptop', 'nas', 'extra'] as const;
const identities = names.map(identityOf);
const folders = [folderId('ab'.repeat(16)), folderId('cd'.repeat(16))] as const;

const device = fc.nat(names.length - 1);
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('admit' as const), by: device, key: device }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('revoke' as const),
      by: device,
      keys: fc.uniqueArray(device, { minLength: 1, maxLength: 2 }),
      keep: fc.nat(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('reset' as const),
      by: device,
      // Rare: what was before it does not count any more.
      happens: fc.constantFrom(true, false),
      keys: fc.uniqueArray(device, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('folder' as const),
      by: device,
      key: fc.option(device, { nil: undefined }),
      folder: fc.nat(1),
      verb: fc.constantFrom('create' as const, 'grant' as const, 'withdraw' as const),
      mode: fc.constantFrom('ro' as const, 'rw' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('merge' as const), by: device }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lapse' as const), by: device, key: device }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('hear' as const), by: device, from: device }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('restore' as const), by: device, ops: fc.nat() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const identity = (index: number) => identities[index] as (typeof identities)[number];

/** What that step writes on top of `log`. */
function write(log: MembershipLog, each: Step): Uint8Array | undefined {
  const context = { log, identity: identity(each.by) };
  const key = (index: number) => identity(index).deviceKey;
  const known = (indices: readonly number[]) =>
    indices.map(key).filter((each) => log.members().known.has(each));
  switch (each.kind) {
    case 'admit':
      return admitting(log, context.identity, identity(each.key));
    case 'revoke': {
      const ops = log.ops();
      const keep = each.keep % 3 === 0 ? ops[each.keep % ops.length]?.id : undefined;
      const targets = known(each.keys).map((target) => ({ key: target, keep }));
      return targets.length === 0 ? undefined : createRevoke(context, { targets, reason: 'lost' });
    }
    case 'reset': {
      const keep = known(each.keys);
      return keep.length === 0 || !each.happens
        ? undefined
        : createReset({ ...context, recovery: testRecovery }, keep);
    }
    case 'folder': {
      const about = each.verb === 'create' || each.key === undefined ? undefined : key(each.key);
      const id = folders[each.folder] as (typeof folders)[number];
      return createFolderOp(context, { folderId: id, verb: each.verb, mode: each.mode, key: about });
    }
    case 'lapse':
      return createLapse(context, key(each.key));
    case 'merge':
      return createMerge(context);
    case 'hear':
    case 'restore':
      return undefined;
  }
}

/** Everything that was written, in an order in which each comes after what it builds on. */
function play(steps: readonly Step[]): MembershipLog {
  const whole = foundedLog(identity(0));
  for (const other of [1, 2]) whole.add(admitting(whole, identity(0), identity(other)));
  const logs = names.map(() => copyOf(whole));
  for (const each of steps) {
    const log = logs[each.by] as MembershipLog;
    if (each.kind === 'hear')
      for (const { envelope } of logs[each.from]?.ops() ?? []) log.add(envelope, names[each.from]);
    else if (each.kind === 'restore') {
      const kept = log.ops().slice(0, 1 + (each.ops % log.ops().length));
      logs[each.by] = createMembershipLog({ ops: kept.map(({ envelope }) => envelope) });
    } else {
      try {
        const envelope = write(log, each);
        if (envelope === undefined) continue;
        log.add(envelope);
        whole.add(envelope);
      } catch (error) {
        // What a device may not do it does not do.
        if (!(error instanceof SyncError && error.code === 'not-allowed')) throw error;
      }
    }
  }
  return whole;
}

const sorted = (keys: Iterable<string>): string[] => [...keys].toSorted(compareText);

/** All that a log says, without the order in which it came. */
function said(log: MembershipLog) {
  const { active, alive, revoked, suspended, known, lapsed, unsponsored, epoch } =
    log.members() as ReturnType<MembershipLog['members']> & { readonly unsponsored: ReadonlySet<string> };
  const members = [active, alive, revoked, suspended, known, lapsed, unsponsored].map((keys) => sorted(keys));
  return {
    members,
    epoch,
    heads: log.heads(),
    alarms: log
      .alarms()
      .map((alarm) => JSON.stringify(alarm))
      .toSorted(compareText),
    folders: [...log.folders()]
      .map(
        ([id, { everyone, byDevice }]) =>
          `${id} ${everyone} ${sorted([...byDevice].map(([key, { access, cuts }]) => `${key} ${access} ${sorted(cuts.map(String)).join()}`)).join()}`,
      )
      .toSorted(compareText),
    standing: sorted(log.ops().flatMap(({ id }) => (log.stands(id) ? [id] : []))),
    removers: identities.map(({ deviceKey }) => log.removersOf(deviceKey)),
    added: identities.map(({ deviceKey }) =>
      sorted(
        log
          .addedBy(deviceKey, identity(0).deviceKey)
          .map(({ key, isVouchedFor }) => `${key} ${isVouchedFor}`),
      ),
    ),
  };
}

test('[TR13] [A5] the same operations, in any order, more than once, in parts that arrive out of order, say the same', {
  timeout: 300_000,
}, () => {
  const told = { ops: 0, forks: 0, removed: 0, voided: 0, resets: 0 };
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }),
      fc.infiniteStream(fc.nat()),
      (steps, chance) => {
        const whole = play(steps);
        const { epoch, revoked } = whole.members();
        told.ops += whole.ops().length;
        told.forks += whole.alarms().length;
        told.removed += revoked.size;
        told.voided += whole.ops().filter(({ id }) => !whole.stands(id)).length;
        told.resets += epoch;
        const envelopes = whole.ops().map(({ envelope }) => envelope);
        const pick = (below: number): number => (chance.next().value as number) % below;
        const [genesis] = envelopes as [Uint8Array];
        const replica = createMembershipLog({ ops: [genesis] });
        // Twice everything, shuffled: some wait for what comes later, some come again.
        const deliveries = [...envelopes, ...envelopes];
        for (let i = deliveries.length - 1; i > 0; i--) {
          const j = pick(i + 1);
          [deliveries[i], deliveries[j]] = [deliveries[j] as Uint8Array, deliveries[i] as Uint8Array];
        }
        for (const [i, envelope] of deliveries.entries()) {
          replica.add(envelope, `source ${i % 3}`);
          if (i !== pick(deliveries.length)) continue;
          // What is held in the middle of it is what the whole log says of those who hold just that.
          const part = whole.membersAt(replica.heads());
          expect(sorted(replica.members().active)).toEqual(sorted(part?.active ?? []));
          expect(sorted(replica.members().suspended)).toEqual(sorted(part?.suspended ?? []));
        }
        expect(said(replica)).toEqual(said(whole));
      },
    ),
    { numRuns: 30 },
  );
  // Histories in which nothing happens would prove nothing.
  expect(Math.min(...Object.values(told))).toBeGreaterThan(0);
});
