import { describe, expect, test } from 'vitest';
import { admitting, copyOf, foundedLog, identityOf, testRecovery } from '../testing/trust-world.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import { createFolderOp, createMerge, createReset, createRevoke } from './build-op.ts';
import { folderId } from '../model/ids.ts';
import type { Identity } from './identity.ts';
import type { MembershipLog } from './membership-log.ts';
import { maxTargetsInRevocation } from './removal.ts';

const names = ['anna', 'berta', 'laptop', 'nas', 'extra', 'phone'] as const;
const [anna, berta, laptop, nas, extra, phone] = names.map(identityOf) as [
  Identity,
  Identity,
  Identity,
  Identity,
  Identity,
  Identity,
];
const nameOf = new Map<DeviceKey, string>(names.map((name) => [identityOf(name).deviceKey, name]));
const named = (keys: readonly DeviceKey[]): string[] =>
  keys.map((key) => nameOf.get(key) as string).toSorted();

function add(log: MembershipLog, envelope: Uint8Array): Hash {
  const { status, id } = log.add(envelope);
  expect(status).toBe('added');
  return id as Hash;
}

function revoking(log: MembershipLog, by: Identity, ...targets: Identity[]): Uint8Array {
  return createRevoke(
    { log, identity: by },
    { targets: targets.map(({ deviceKey }) => ({ key: deviceKey })), reason: 'stolen' },
  );
}

/** Anna's group, with the laptop in it, which let in the NAS, which let in the phone; Berta came by Anna. */
function laptopsGroup(): MembershipLog {
  const log = foundedLog(anna);
  add(log, admitting(log, anna, berta));
  add(log, admitting(log, anna, laptop));
  add(log, admitting(log, laptop, nas));
  add(log, admitting(log, nas, phone));
  return log;
}

const added = (log: MembershipLog, device: Identity, asker: Identity): string[] =>
  log
    .addedBy(device.deviceKey, asker.deviceKey)
    .map(
      ({ key, sponsor, isVouchedFor }) =>
        `${nameOf.get(key)} by ${nameOf.get(sponsor)}${isVouchedFor ? ', vouched for' : ''}`,
    );

describe('what a device brought in', () => {
  test('[TR25] is listed with who let it in, however far down', () => {
    const log = laptopsGroup();
    expect(added(log, laptop, anna)).toEqual(['nas by laptop', 'phone by nas']);
    expect(added(log, nas, anna)).toEqual(['phone by nas']);
    expect(added(log, phone, anna)).toEqual([]);
  });

  test('[TR25] what another member let in too stands by itself, and with it what that one let in', () => {
    const log = laptopsGroup();
    add(log, admitting(log, berta, nas));
    expect(added(log, laptop, anna)).toEqual(['nas by laptop, vouched for', 'phone by nas, vouched for']);
  });

  test('[TR25] who asks is not in it, and vouches for those it let in', () => {
    const log = laptopsGroup();
    // The founder brought in everybody.
    expect(added(log, anna, nas)).toEqual(['berta by anna', 'laptop by anna', 'phone by nas, vouched for']);
  });

  test('[TR25] can be removed in one step with it', () => {
    const log = laptopsGroup();
    const keys = log.addedBy(laptop.deviceKey, anna.deviceKey).map(({ key }) => key);
    const targets = [laptop.deviceKey, ...keys].map((key) => ({ key }));
    add(log, createRevoke({ log, identity: anna }, { targets, reason: 'stolen' }));
    expect(named([...log.members().active])).toEqual(['anna', 'berta']);
    expect(added(log, laptop, anna)).toEqual([]);
  });

  test('[TR25] stays, if nobody removes it, as long as the removal had seen it', () => {
    const log = laptopsGroup();
    add(log, revoking(log, anna, laptop));
    expect(named([...log.members().active])).toEqual(['anna', 'berta', 'nas', 'phone']);
    expect(added(log, laptop, anna)).toEqual(['nas by laptop', 'phone by nas']);
  });

  test('[TR25] the fullest list of targets fits into one operation', () => {
    const log = foundedLog(anna);
    const others = Array.from({ length: maxTargetsInRevocation }, (_, i) => identityOf(`device ${i}`));
    for (const other of others) add(log, admitting(log, anna, other));
    const keep = log.heads()[0] as Hash;
    const targets = others.map(({ deviceKey }) => ({ key: deviceKey, keep, cut: keep }));
    const envelope = createRevoke({ log, identity: anna }, { targets, reason: 'lost' });
    add(log, envelope);
    expect(named([...log.members().active])).toEqual(['anna']);
  });
});

describe('reaching back', () => {
  const kinds = (log: MembershipLog, since: ReadonlySet<Hash>, device: Identity) => {
    const { keep, ops } = log.voidedSince(device.deviceKey, ({ id }) => !since.has(id));
    return { keep, voided: ops.map(({ body }) => body.kind) };
  };
  const removing = (log: MembershipLog, by: Identity, target: Identity, keep: Hash): Uint8Array =>
    createRevoke({ log, identity: by }, { targets: [{ key: target.deviceKey, keep }], reason: 'stolen' });

  test('[TR26] voids what came after, keeps what came before, and says which', () => {
    const log = foundedLog(anna);
    add(log, admitting(log, anna, laptop));
    const before = add(log, admitting(log, laptop, nas));
    const shared = folderId('ab'.repeat(16));
    const folder = { folderId: shared, verb: 'create', mode: 'rw' } as const;
    const after = [
      add(log, admitting(log, laptop, extra)),
      add(log, createFolderOp({ log, identity: laptop }, folder)),
    ];
    const { keep, voided } = kinds(log, new Set(after), laptop);
    expect(keep).toBe(before);
    expect(voided).toEqual(['admit', 'folder']);
    add(log, removing(log, anna, laptop, keep));
    expect(named([...log.members().active])).toEqual(['anna', 'nas']);
    expect(named([...log.members().suspended])).toEqual(['extra']);
    expect(after.map((id) => log.stands(id))).toEqual([false, false]);
    expect(log.stands(before)).toBe(true);
    expect(log.folders().has(shared)).toBe(false);
  });

  test('[TR26] of a device that did nothing before, everything goes', () => {
    const log = laptopsGroup();
    const all = new Set(log.ops().map(({ id }) => id));
    const { keep, voided } = kinds(log, all, laptop);
    expect(keep).toBe(log.group);
    expect(voided).toEqual(['admit']);
    add(log, removing(log, anna, laptop, keep));
    expect(named([...log.members().suspended])).toEqual(['nas', 'phone']);
  });

  test('[TR26] of two chains of one device the longer one that was there is kept, whichever came last', () => {
    const log = foundedLog(anna);
    add(log, admitting(log, anna, laptop));
    const fork = copyOf(log);
    add(log, createMerge({ log, identity: laptop }));
    const last = add(log, admitting(log, laptop, nas));
    const late = add(fork, admitting(fork, laptop, extra));
    log.add(fork.op(late)?.envelope as Uint8Array);
    const { keep, voided } = kinds(log, new Set([late]), laptop);
    expect({ keep, voided }).toEqual({ keep: last, voided: ['admit'] });
    add(log, removing(log, anna, laptop, keep));
    expect(named([...log.members().active])).toEqual(['anna', 'nas']);
  });

  test('[TR26] a step that seems older than what it builds on is not kept', () => {
    const log = foundedLog(anna);
    add(log, admitting(log, anna, laptop));
    const first = add(log, admitting(log, laptop, nas));
    add(log, admitting(log, laptop, extra));
    expect(kinds(log, new Set([first]), laptop)).toEqual({ keep: log.group, voided: ['admit', 'admit'] });
  });

  test('[TR26] no removal that the device made is taken back', () => {
    const log = laptopsGroup();
    const removal = add(log, revoking(log, laptop, berta));
    const { keep, voided } = kinds(log, new Set([removal]), laptop);
    expect(voided).toEqual([]);
    add(log, removing(log, anna, laptop, keep));
    expect(named([...log.members().active])).toEqual(['anna', 'nas', 'phone']);
  });
});

describe('a device that was removed', () => {
  test('[TR27] [A9] is told by whom, and whom it may remove in answer', () => {
    const log = laptopsGroup();
    const removal = add(log, revoking(log, nas, anna, berta));
    expect(log.removalsOf(anna.deviceKey).map(({ id }) => id)).toEqual([removal]);
    const { removers, sponsors } = log.removersOf(anna.deviceKey);
    expect(named(removers)).toEqual(['nas']);
    expect(named(sponsors)).toEqual(['laptop']);
    add(log, revoking(log, anna, nas, laptop));
    expect(named([...log.members().active])).toEqual(['phone']);
    // Nobody is left to be removed in answer.
    expect(log.removersOf(anna.deviceKey)).toEqual({ removers: [], sponsors: [] });
  });

  test('[TR27] a device that is in the group was removed by nobody', () => {
    const log = laptopsGroup();
    expect(log.removalsOf(anna.deviceKey)).toEqual([]);
    expect(log.removersOf(anna.deviceKey)).toEqual({ removers: [], sponsors: [] });
  });

  test('[TR27] what a reset has settled is not told any more', () => {
    const log = laptopsGroup();
    add(log, revoking(log, laptop, berta));
    const keep = [anna, berta].map(({ deviceKey }) => deviceKey);
    add(log, createReset({ log, identity: berta, recovery: testRecovery }, keep));
    expect(log.removalsOf(berta.deviceKey)).toEqual([]);
    expect(log.members().active).toEqual(new Set(keep));
    // Who removes it now is told, not who did before the reset.
    add(log, revoking(log, anna, berta));
    expect(log.removersOf(berta.deviceKey)).toEqual({ removers: [anna.deviceKey], sponsors: [] });
  });
});
