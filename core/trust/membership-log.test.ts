import { describe, expect, test } from 'vitest';
import {
  admitting,
  consentOf,
  copyOf,
  foundedLog,
  identityOf,
  testRecovery,
  testTranscript,
} from '../testing/trust-world.ts';
import { compareText } from '../base/pure.ts';
import { type DeviceKey, folderId, type Hash, hash } from '../model/ids.ts';
import {
  consentSigningBytes,
  encodeCanonical,
  encodeOpEnvelope,
  type OpBody,
  opSigningBytes,
  sha256Of,
} from '../protocol/protocol.ts';
import {
  createAdmit,
  createFolderOp,
  createGenesis,
  createLapse,
  createMerge,
  createReset,
  createRevoke,
  signOp,
} from './build-op.ts';
import { folderAccess } from './folder-grants.ts';
import type { Identity } from './identity.ts';
import { createMembershipLog, type MembershipLog } from './membership-log.ts';
import { orphanLimits } from './orphan-pool.ts';
import { recoveryKeyFromSeed } from './recovery.ts';
import { maxKnownKeys } from './validity.ts';

const devices = ['anna', 'berta', 'dora', 'laptop', 'nas', 'extra'] as const;
const [anna, berta, dora, laptop, nas, extra] = devices.map(identityOf) as [
  Identity,
  Identity,
  Identity,
  Identity,
  Identity,
  Identity,
];
const keysOf = (...identities: Identity[]): DeviceKey[] => identities.map(({ deviceKey }) => deviceKey);
const sorted = (keys: Iterable<DeviceKey>): DeviceKey[] => [...keys].toSorted();

/** A group of the founder and the others, admitted one after the other. */
function group(founder: Identity, ...others: Identity[]): MembershipLog {
  const log = foundedLog(founder);
  for (const other of others) expect(log.add(admitting(log, founder, other)).status).toBe('added');
  return log;
}

function revoking(log: MembershipLog, identity: Identity, ...targets: Identity[]): Uint8Array {
  return createRevoke(
    { log, identity },
    { targets: keysOf(...targets).map((key) => ({ key })), reason: 'stolen' },
  );
}

/** An envelope with anything in it, on top of the log as it is, that no builder would make. */
function forged(
  log: MembershipLog,
  author: Identity,
  body: OpBody,
  signer = author,
  recovery?: Identity,
): Uint8Array {
  return signOp(
    { group: log.group, author: author.deviceKey, ...log.nextPlace(author.deviceKey), body },
    signer,
    recovery,
  );
}

/** Why the log refuses the envelope; also makes sure that nothing of it is kept. */
function refusal(log: MembershipLog, envelope: Uint8Array): string {
  const before = log.ops().length;
  const { status, accepted, fault } = log.add(envelope);
  const untouched = accepted.length === 0 && log.ops().length === before;
  return status === 'invalid' && untouched ? String(fault) : status;
}

const nameOf = new Map<DeviceKey, string>(devices.map((name) => [identityOf(name).deviceKey, name]));

/** The active devices by name, sorted. */
function active(log: MembershipLog): string[] {
  return [...log.members().active].map((key) => nameOf.get(key) ?? key).toSorted(compareText);
}

/** Adds envelopes one after the other; a function is asked for its envelope when those before it are in. */
function addAll(log: MembershipLog, ...envelopes: (Uint8Array | (() => Uint8Array))[]): void {
  for (const envelope of envelopes)
    expect(log.add(typeof envelope === 'function' ? envelope() : envelope).status).toBe('added');
}

describe('what is refused', () => {
  test('[TR4] [A1] a flipped bit, another key, another group', () => {
    const log = group(anna, berta);
    const good = admitting(log, anna, dora);
    for (let i = 0; i < good.length; i += 7) {
      const flipped = good.slice();
      flipped[i] = (flipped[i] as number) ^ 1;
      expect(log.add(flipped).status, `byte ${i}`).not.toBe('added');
    }
    expect(log.ops()).toHaveLength(2);
    expect(log.hasOrphanBy(anna.deviceKey)).toBe(false);
    expect(refusal(log, forged(log, anna, { kind: 'merge' }, berta))).toBe('bad-signature');
    const other = group(berta);
    expect(refusal(log, createMerge({ log: other, identity: berta }))).toBe('other-group');
    expect(refusal(log, createGenesis({ identity: berta }))).toBe('other-group');
    expect(refusal(log, encodeOpEnvelope(encodeCanonical([1, 2]), new Uint8Array(64)))).toBe('bad-form');
    expect(log.add(good).status).toBe('added');
  });

  test('[TR4] [A3] [A4] what is not canonical, or too big', () => {
    const log = group(anna);
    expect(refusal(log, new Uint8Array(5 * 1024))).toBe('bad-form');
    expect(refusal(log, Uint8Array.of(0x5a, 0xff, 0xff, 0xff, 0xff))).toBe('bad-form');
    expect(refusal(log, new Uint8Array(4000).fill(0x81))).toBe('bad-form');
    const good = createMerge({ log, identity: anna });
    expect(refusal(log, Uint8Array.of(...good, 0))).toBe('bad-form');
  });

  test('[TR4] [A6] what is known changes nothing, and a whole log of another group neither', () => {
    const log = group(anna, berta, laptop);
    addAll(log, revoking(log, anna, laptop));
    const before = log.ops();
    for (const { envelope } of before)
      expect(log.add(envelope)).toMatchObject({ status: 'known', accepted: [] });
    for (const { envelope } of group(berta, laptop).ops()) expect(log.add(envelope).status).toBe('invalid');
    expect(log.ops()).toEqual(before);
  });

  test('[TR4] a log is made only of what belongs together', () => {
    const [genesis, admit] = group(anna, berta)
      .ops()
      .map(({ envelope }) => envelope) as [Uint8Array, Uint8Array];
    expect(() => createMembershipLog({ ops: [admit, genesis] })).toThrow('membership-log-other-group');
    expect(() => createMembershipLog({ group: sha256Of(genesis), ops: [genesis] })).toThrow(
      'membership-log-other-group',
    );
    expect(createMembershipLog({ ops: [genesis, admit] }).group).toBe(group(anna).group);
  });

  test('[TR4] an operation of a later version stops, one of a later type goes along', () => {
    const log = group(anna);
    const payload = encodeCanonical([2]);
    const later = encodeOpEnvelope(payload, anna.sign(opSigningBytes(payload)));
    expect(() => log.add(later)).toThrow('version-unsupported');
    addAll(log, forged(log, anna, { kind: 'unknown', type: 99 }));
    expect(active(log)).toEqual(['anna']);
    expect(log.ops()).toHaveLength(2);
  });

  test('[TR6] a chain with a gap, or with a step of somebody else', () => {
    const log = group(anna, berta);
    addAll(log, createMerge({ log, identity: berta }));
    const place = log.nextPlace(anna.deviceKey);
    const of = (change: object): Uint8Array =>
      signOp(
        { group: log.group, author: anna.deviceKey, ...place, body: { kind: 'merge' }, ...change },
        anna,
      );
    expect(refusal(log, of({ seq: place.seq + 1 }))).toBe('broken-chain');
    expect(refusal(log, of({ prev: log.nextPlace(berta.deviceKey).prev }))).toBe('broken-chain');
    expect(log.add(of({})).status).toBe('added');
  });

  test('[TR7] [A7] a stranger, a revoked device, and whom it admits', () => {
    const log = group(anna, laptop);
    expect(refusal(log, forged(log, nas, { kind: 'merge' }))).toBe('author-not-active');
    addAll(log, revoking(log, anna, laptop));
    const consent = consentOf(laptop, laptop.deviceKey, log.group as Hash);
    const back: OpBody = {
      kind: 'admit',
      key: laptop.deviceKey,
      method: 'invite',
      transcript: testTranscript,
      consent,
    };
    expect(refusal(log, forged(log, laptop, back))).toBe('author-not-active');
    expect(() => admitting(log, laptop, extra)).toThrow('author-not-active');
    expect(() => admitting(log, anna, laptop)).toThrow('key-revoked');
    expect(active(log)).toEqual(['anna']);
  });

  test('[TR7] an operation that builds on nothing', () => {
    const log = group(anna);
    const bare = { group: log.group, author: anna.deviceKey, seq: 0, prev: undefined, deps: [] } as const;
    expect(refusal(log, signOp({ ...bare, body: { kind: 'merge' } }, anna))).toBe('author-not-active');
  });

  test('[TR8] [A29] a consent for another sponsor, group, pairing or key', () => {
    const log = group(anna, berta);
    const groupId = log.group as Hash;
    const good = { group: groupId, sponsor: anna.deviceKey, key: nas.deviceKey, transcript: testTranscript };
    const wrong = [
      { ...good, sponsor: berta.deviceKey },
      { ...good, group: testTranscript },
      { ...good, transcript: groupId },
      { ...good, key: extra.deviceKey },
    ];
    const admitWith = (consent: Uint8Array): Uint8Array =>
      forged(log, anna, {
        kind: 'admit',
        key: nas.deviceKey,
        method: 'sas',
        transcript: testTranscript,
        consent,
      });
    for (const each of wrong)
      expect(refusal(log, admitWith(nas.sign(consentSigningBytes(each))))).toBe('bad-consent');
    expect(refusal(log, admitWith(extra.sign(consentSigningBytes(good))))).toBe('bad-consent');
    addAll(log, admitWith(nas.sign(consentSigningBytes(good))));
  });

  test('[TR8] [A2] a small-order key cannot be admitted, or be the recovery key', () => {
    const log = group(anna);
    const key = `01${'00'.repeat(31)}` as DeviceKey;
    const consent = new Uint8Array(64);
    consent[0] = 1;
    expect(
      refusal(
        log,
        forged(log, anna, { kind: 'admit', key, method: 'sas', transcript: testTranscript, consent }),
      ),
    ).toBe('bad-consent');
    expect(createMembershipLog().add(createGenesis({ identity: anna, recoveryKey: key }))).toMatchObject({
      fault: 'bad-key',
    });
  });

  test('[TR9] revoking a stranger, or keeping up to something not in the past', () => {
    const log = group(anna, laptop);
    const revoke = (key: DeviceKey, keep?: Hash): OpBody => ({
      kind: 'revoke',
      targets: [{ key, keep, cut: undefined }],
      reason: 'lost',
    });
    expect(refusal(log, forged(log, anna, revoke(nas.deviceKey)))).toBe('key-unknown');
    expect(refusal(log, forged(log, anna, revoke(laptop.deviceKey, testTranscript)))).toBe('keep-unseen');
    const fork = copyOf(log);
    const unseen = createMerge({ log: fork, identity: laptop });
    const early = forged(log, anna, revoke(laptop.deviceKey, fork.add(unseen).id));
    addAll(log, unseen);
    expect(refusal(log, early)).toBe('keep-unseen');
  });
});

describe('duels', () => {
  test('[TR11] [A8] what a removed device back-dates admits nobody', () => {
    const log = group(anna, berta, laptop);
    const old = copyOf(log);
    addAll(log, revoking(log, anna, laptop));
    addAll(old, admitting(old, laptop, nas));
    addAll(old, admitting(old, nas, extra));
    for (const envelope of old.missingFrom(new Set(log.ops().map(({ id }) => id)))) log.add(envelope);
    expect(active(log)).toEqual(['anna', 'berta']);
    expect(sorted(log.members().suspended)).toEqual(sorted(keysOf(nas, extra)));
    // A person may let the same device in again.
    addAll(log, admitting(log, berta, nas));
    expect(active(log)).toEqual(['anna', 'berta', 'extra', 'nas']);
  });

  test('[TR11] a device admitted by two sponsors outlives the removal of one', () => {
    const log = group(anna, laptop);
    addAll(log, admitting(log, laptop, nas));
    const before = copyOf(log);
    addAll(log, admitting(log, anna, nas));
    addAll(log, revoking(before, anna, laptop));
    expect(active(log)).toEqual(['anna', 'nas']);
  });

  test('[TR9] keep voids what the device did after it', () => {
    const log = group(anna, laptop);
    addAll(log, createMerge({ log, identity: laptop }));
    const keep = log.heads()[0] as Hash;
    addAll(log, admitting(log, laptop, nas));
    const whole = copyOf(log);
    addAll(whole, revoking(whole, anna, laptop));
    expect(active(whole)).toEqual(['anna', 'nas']);
    addAll(
      log,
      createRevoke({ log, identity: anna }, { targets: [{ key: laptop.deviceKey, keep }], reason: 'stolen' }),
    );
    expect(active(log)).toEqual(['anna']);
    expect(sorted(log.members().suspended)).toEqual(keysOf(nas));
  });

  test('[TR7] [A9] who was removed first may strike back, at those who did it and no one else', () => {
    const log = group(anna, berta, dora, laptop);
    addAll(log, revoking(log, laptop, anna, berta, dora));
    expect(active(log)).toEqual(['laptop']);
    expect(() => revoking(log, anna, berta)).toThrow('author-not-active');
    expect(() => revoking(log, anna, laptop, berta)).toThrow('author-not-active');
    addAll(log, revoking(log, anna, laptop));
    expect(active(log)).toEqual([]);
    expect(log.members().revoked.has(laptop.deviceKey)).toBe(true);
  });

  test('[TR7] who was never truly let in, or was not kept by a reset, may not strike back', () => {
    const log = group(anna, berta, laptop);
    const old = copyOf(log);
    addAll(log, revoking(log, anna, laptop));
    addAll(old, admitting(old, laptop, nas));
    for (const { envelope } of old.ops()) log.add(envelope);
    addAll(log, revoking(log, berta, nas));
    expect(() => revoking(log, nas, berta)).toThrow('author-not-active');
    addAll(log, createReset({ log, identity: anna, recovery: testRecovery }, keysOf(anna, berta)));
    expect(() => revoking(log, laptop, anna)).toThrow('author-not-active');
    expect(active(log)).toEqual(['anna', 'berta']);
  });

  test('[TR7] who struck back reaches the sponsors behind the one who did it', () => {
    const log = foundedLog(laptop);
    addAll(
      log,
      admitting(log, laptop, anna),
      () => admitting(log, laptop, extra),
      () => admitting(log, extra, nas),
    );
    addAll(log, revoking(log, nas, anna));
    addAll(log, revoking(log, anna, nas, extra, laptop));
    expect(active(log)).toEqual([]);
  });

  test('[TR10] [A10] each removes the other, one takes a third along', () => {
    const log = group(anna, berta, laptop);
    const other = copyOf(log);
    addAll(log, revoking(log, anna, laptop));
    addAll(log, revoking(other, laptop, anna, berta));
    expect(active(log)).toEqual([]);
    expect(sorted(log.members().revoked)).toEqual(sorted(keysOf(anna, berta, laptop)));
  });

  test('[TR10] a device may remove itself', () => {
    const log = group(anna, berta);
    addAll(log, revoking(log, berta, berta));
    expect(active(log)).toEqual(['anna']);
  });
});

describe('resets', () => {
  const resetting = (log: MembershipLog, by: Identity, ...keep: Identity[]): Uint8Array =>
    createReset({ log, identity: by, recovery: testRecovery }, keysOf(...keep));

  test('[TR12] [A12] the wrong key, another group, no key at all', () => {
    const log = group(anna, berta, laptop);
    const body: OpBody = { kind: 'reset', keep: keysOf(laptop) };
    const thief = recoveryKeyFromSeed(new Uint8Array(16).fill(1));
    expect(refusal(log, forged(log, laptop, body, laptop, thief))).toBe('bad-recovery-signature');
    const other = group(berta, laptop);
    const elsewhere = createReset({ log: other, identity: laptop, recovery: testRecovery }, keysOf(laptop));
    expect(refusal(log, elsewhere)).toBe('other-group');
    expect(
      refusal(log, forged(log, laptop, { kind: 'reset', keep: keysOf(nas) }, laptop, testRecovery)),
    ).toBe('key-unknown');
    const unrecoverable = foundedLog(anna, { recovery: false });
    expect(() => resetting(unrecoverable, anna, anna)).toThrow('bad-recovery-signature');
  });

  test('[TR12] heals a war in one step, whoever carries it, and an older one changes nothing any more', () => {
    const log = group(anna, berta, laptop);
    addAll(log, revoking(log, anna, laptop));
    addAll(log, revoking(log, laptop, anna));
    const older = copyOf(log);
    const first = resetting(older, extra, laptop);
    addAll(log, resetting(log, anna, anna, berta));
    expect(active(log)).toEqual(['anna', 'berta']);
    addAll(log, resetting(log, berta, berta));
    expect(active(log)).toEqual(['berta']);
    addAll(log, first);
    expect(log.members().epoch).toBe(2);
    expect(active(log)).toEqual(['berta']);
  });

  test('[TR12] [A12] of two at once only what both keep is left', () => {
    const log = group(anna, berta, dora, laptop);
    const other = copyOf(log);
    addAll(log, resetting(log, anna, anna, berta));
    addAll(log, resetting(other, dora, berta, dora));
    expect(active(log)).toEqual(['berta']);
  });

  test('[TR12] [A13] nothing back-dated reaches over a reset', () => {
    const log = group(anna, berta, laptop);
    const old = copyOf(log);
    addAll(log, resetting(log, anna, anna, berta));
    addAll(log, revoking(old, laptop, anna, berta));
    addAll(old, admitting(old, laptop, nas));
    for (const { envelope } of old.ops()) log.add(envelope);
    expect(active(log)).toEqual(['anna', 'berta']);
    expect(log.members().known.has(nas.deviceKey)).toBe(true);
  });

  test('[TR12] a new device can be admitted after a reset, a removed one not', () => {
    const log = group(anna, berta, laptop);
    addAll(log, resetting(log, anna, anna, berta));
    expect(() => admitting(log, anna, laptop)).toThrow('key-revoked');
    addAll(log, admitting(log, anna, nas));
    expect(active(log)).toEqual(['anna', 'berta', 'nas']);
  });
});

describe('silent devices', () => {
  const lapsed = (log: MembershipLog) => [...log.members().lapsed].map((key) => nameOf.get(key));
  const calling = (log: MembershipLog, by: Identity, silent: Identity): Uint8Array =>
    createLapse({ log, identity: by }, silent.deviceKey);

  test('[TR38] nobody waits for a device that was called silent, until it has heard of that and writes', () => {
    const log = group(anna, berta, nas);
    const away = copyOf(log);
    addAll(log, calling(log, anna, nas));
    expect(lapsed(log)).toEqual(['nas']);
    expect(active(log)).toEqual(['anna', 'berta', 'nas']);
    // What it wrote while away says nothing of whether it is back.
    addAll(log, createMerge({ log: away, identity: nas }));
    expect(lapsed(log)).toEqual(['nas']);
    addAll(log, createMerge({ log, identity: nas }));
    expect(lapsed(log)).toEqual([]);
    addAll(log, calling(log, berta, nas));
    expect(lapsed(log)).toEqual(['nas']);
  });

  test('[TR38] a removed device calls nobody silent, and is none itself', () => {
    const log = group(anna, berta, laptop, nas);
    const old = copyOf(log);
    addAll(log, revoking(log, anna, laptop), calling(old, laptop, nas), calling(old, berta, laptop));
    expect(lapsed(log)).toEqual([]);
    expect(refusal(log, forged(log, anna, { kind: 'lapse', key: extra.deviceKey }))).toBe('key-unknown');
  });
});

describe('folders', () => {
  const id = folderId('0b'.repeat(16));
  const saying = (
    log: MembershipLog,
    by: Identity,
    verb: 'create' | 'grant' | 'withdraw',
    mode: 'ro' | 'rw' = 'rw',
    about?: Identity,
  ): Uint8Array => createFolderOp({ log, identity: by }, { folderId: id, verb, mode, key: about?.deviceKey });

  test('[TR14] a later word replaces what it had seen', () => {
    const log = group(anna, berta, nas);
    addAll(log, saying(log, anna, 'create', 'ro'));
    expect(log.folders().get(id)).toEqual({ everyone: 'ro', byDevice: new Map() });
    addAll(log, saying(log, anna, 'grant', 'rw'), () => saying(log, anna, 'withdraw', 'rw', nas));
    expect(log.folders().get(id)).toEqual({
      everyone: 'rw',
      byDevice: new Map([[nas.deviceKey, { access: 'withdrawn', cuts: [undefined] }]]),
    });
    addAll(log, saying(log, berta, 'grant', 'ro', nas));
    expect(log.folders().get(id)?.byDevice.get(nas.deviceKey)?.access).toBe('ro');
  });

  test('[TR14] of words at the same time a withdrawal wins, then ro', () => {
    const log = group(anna, berta, dora, nas);
    const logs = [copyOf(log), copyOf(log)] as const;
    addAll(log, saying(log, anna, 'grant', 'rw', nas));
    addAll(log, saying(logs[0], berta, 'grant', 'ro', nas));
    expect(log.folders().get(id)?.byDevice.get(nas.deviceKey)?.access).toBe('ro');
    addAll(log, saying(logs[1], dora, 'withdraw', 'rw', nas));
    expect(log.folders().get(id)?.byDevice.get(nas.deviceKey)?.access).toBe('withdrawn');
    expect(log.folders().get(id)?.everyone).toBeUndefined();
  });

  test('[TR14] what a device may do is what was said of it, else of all, else everything', () => {
    const log = group(anna, berta, nas);
    const access = (device: Identity) => folderAccess(log.folders().get(id), device.deviceKey);
    expect(access(nas)).toBe('rw');
    addAll(log, saying(log, anna, 'grant', 'ro', nas));
    expect([access(nas), access(berta)]).toEqual(['ro', 'rw']);
    addAll(log, saying(log, anna, 'withdraw', 'rw'));
    expect([access(nas), access(berta)]).toEqual(['ro', 'withdrawn']);
    addAll(log, saying(log, anna, 'withdraw', 'rw', nas), () => saying(log, berta, 'grant', 'ro'));
    expect([access(nas), access(berta)]).toEqual(['withdrawn', 'ro']);
  });

  test('[TR51] who may only read a folder cannot lift that, another can', () => {
    const log = group(anna, berta, nas);
    const access = (device: Identity) => folderAccess(log.folders().get(id), device.deviceKey);
    const unheard = copyOf(log);
    addAll(log, saying(log, anna, 'grant', 'ro', nas));
    addAll(log, saying(log, nas, 'grant', 'rw', nas), () => saying(log, nas, 'grant', 'ro', anna));
    expect([access(nas), access(anna)]).toEqual(['ro', 'rw']);
    // What it said before it heard counts beside what it had not heard: the stricter word wins.
    addAll(log, saying(unheard, nas, 'grant', 'rw', nas));
    expect(access(nas)).toBe('ro');
    addAll(log, saying(log, berta, 'grant', 'rw', nas));
    expect(access(nas)).toBe('rw');
    addAll(log, saying(log, nas, 'grant', 'ro', anna));
    expect(access(anna)).toBe('ro');
  });

  test('[TR14] what a removed device says about folders afterwards does not count', () => {
    const log = group(anna, laptop);
    const old = copyOf(log);
    addAll(log, saying(log, anna, 'create'), revoking(old, anna, laptop));
    addAll(log, saying(old, laptop, 'withdraw'));
    expect(log.folders().get(id)?.everyone).toBe('rw');
  });
});

describe('orphans, forks and limits', () => {
  test('[TR13] [A5] the same operations in any order give the same log', { timeout: 30_000 }, () => {
    const log = group(anna, berta, dora, laptop);
    const old = copyOf(log);
    addAll(log, revoking(log, anna, laptop), () => admitting(log, berta, nas));
    addAll(old, admitting(old, laptop, extra), () => revoking(old, laptop, anna));
    for (const { envelope } of old.ops()) log.add(envelope);
    addAll(log, createMerge({ log, identity: berta }));
    const envelopes = log.ops().map(({ envelope }) => envelope);
    let chance = 12345;
    for (let round = 0; round < 15; round++) {
      const shuffled = envelopes.slice(1);
      for (let i = shuffled.length - 1; i > 0; i--) {
        chance = (Math.imul(chance, 1103515245) + 12345) >>> 0;
        const j = chance % (i + 1);
        [shuffled[i], shuffled[j]] = [shuffled[j] as Uint8Array, shuffled[i] as Uint8Array];
      }
      const other = createMembershipLog({ ops: envelopes.slice(0, 1) });
      const accepted = shuffled.flatMap((envelope) => other.add(envelope).accepted);
      expect(accepted).toHaveLength(shuffled.length);
      expect(other.heads()).toEqual(log.heads());
      expect(sorted(other.members().active)).toEqual(sorted(log.members().active));
      expect(sorted(other.members().suspended)).toEqual(sorted(log.members().suspended));
      createMembershipLog({ ops: [...envelopes.slice(0, 1), ...accepted] });
    }
  });

  test('[TR5] waits for what is missing, for each source apart, the oldest giving way', {
    timeout: 30_000,
  }, () => {
    const log = group(anna);
    const ahead = copyOf(log);
    const merges: Uint8Array[] = [];
    for (let i = 0; i < orphanLimits.maxOps + 2; i++) {
      const merge = createMerge({ log: ahead, identity: anna });
      merges.push(merge);
      addAll(ahead, merge);
    }
    const [first, second, ...later] = merges as [Uint8Array, Uint8Array, ...Uint8Array[]];
    expect(log.add(second, 'other').status).toBe('orphan');
    for (const merge of later) expect(log.add(merge, 'flooding').status).toBe('orphan');
    expect(log.hasOrphanBy(anna.deviceKey)).toBe(true);
    expect(log.add(first).accepted).toHaveLength(merges.length);

    const short = group(anna);
    for (const merge of [second, ...later]) short.add(merge, 'flooding');
    // The oldest, which was next, has given way.
    expect(short.add(first).accepted).toHaveLength(1);
    short.forgetSource('flooding');
    expect(short.hasOrphanBy(anna.deviceKey)).toBe(false);
  });

  test('[TR5] only what its author signed waits', () => {
    const log = group(anna);
    const body = { kind: 'merge' } as const;
    const draft = {
      group: log.group,
      author: anna.deviceKey,
      seq: 5,
      prev: testTranscript,
      deps: [testTranscript],
      body,
    };
    expect(refusal(log, signOp(draft, berta))).toBe('bad-signature');
    expect(log.add(signOp(draft, anna)).status).toBe('orphan');
  });

  test('[TR6] [A14] one place in a chain taken twice is seen on every device', () => {
    const log = group(anna, berta);
    const restored = copyOf(log);
    addAll(log, admitting(log, anna, nas));
    addAll(restored, admitting(restored, anna, extra));
    expect(log.alarms()).toEqual([]);
    for (const { envelope } of restored.ops()) log.add(envelope);
    for (const { envelope } of log.ops()) restored.add(envelope);
    const alarm = { kind: 'identity-in-two-places', device: anna.deviceKey, seq: 2 };
    expect(log.alarms()).toEqual([alarm]);
    expect(restored.alarms()).toEqual([alarm]);
    expect(active(log)).toEqual(['anna', 'berta', 'extra', 'nas']);
    expect(restored.heads()).toEqual(log.heads());
  });

  test('[TR6] [A14] where a chain first splits is the same on every device', () => {
    const log = group(anna, berta);
    const [early, late] = [copyOf(log), copyOf(log)];
    addAll(log, createMerge({ log, identity: anna }), () => createMerge({ log, identity: anna }));
    addAll(late, log.ops()[2]?.envelope as Uint8Array);
    const splits = [admitting(early, anna, nas), admitting(late, anna, extra)];
    const [one, two] = [copyOf(log), copyOf(log)];
    addAll(one, ...splits);
    addAll(two, ...splits.toReversed());
    const alarm = { kind: 'identity-in-two-places', device: anna.deviceKey, seq: 2 };
    expect(one.alarms()).toEqual([alarm]);
    expect(two.alarms()).toEqual([alarm]);
  });

  test('[TR16] [A14] a restored device signs nothing until it has its own chain again', () => {
    const log = group(anna, berta);
    const restored = copyOf(log);
    addAll(log, createMerge({ log, identity: anna }), () => createMerge({ log, identity: anna }));
    const [next, last] = log
      .ops()
      .slice(-2)
      .map(({ envelope }) => envelope) as [Uint8Array, Uint8Array];
    expect(restored.add(last).status).toBe('orphan');
    expect(() => createMerge({ log: restored, identity: anna })).toThrow('own-chain-incomplete');
    restored.add(next);
    addAll(restored, createMerge({ log: restored, identity: anna }));
    expect(restored.alarms()).toEqual([]);
  });

  test('[TR8] at most 256 devices are ever known', { timeout: 30_000 }, () => {
    const log = group(anna);
    for (let i = 1; i < maxKnownKeys; i++) addAll(log, admitting(log, anna, identityOf(`device ${i}`)));
    expect(log.members().active.size).toBe(maxKnownKeys);
    expect(() => admitting(log, anna, extra)).toThrow('too-many-keys');
    addAll(log, admitting(log, anna, identityOf('device 3')));
  });

  test('[TR15] [A16] a flood fills the log, and removal and reset still get through', () => {
    const log = foundedLog(anna, { limits: { maxOps: 40, maxBytes: 1 << 20 } });
    addAll(log, admitting(log, anna, berta), () => admitting(log, anna, laptop));
    const place = log.nextPlace(laptop.deviceKey);
    const fork = (i: number): Uint8Array => {
      const body = {
        kind: 'folder',
        folderId: folderId(i.toString(16).padStart(32, '0')),
        verb: 'create',
        key: undefined,
        mode: 'rw',
        cut: undefined,
      } as const;
      return signOp({ group: log.group, author: laptop.deviceKey, ...place, body }, laptop);
    };
    for (let i = 0; i < 100; i++) log.add(fork(i), 'laptop');
    expect(log.ops()).toHaveLength(40);
    expect(log.alarms()).toEqual([
      { kind: 'identity-in-two-places', device: laptop.deviceKey, seq: 0 },
      { kind: 'log-full' },
    ]);
    expect(log.nextPlace(anna.deviceKey).deps).toHaveLength(8);
    expect(log.add(createMerge({ log, identity: anna })).status).toBe('orphan');
    // A removal that builds on something that found no room brings it along.
    log.forgetSource('');
    const away = copyOf(log);
    const merge = createMerge({ log: away, identity: berta });
    addAll(away, merge);
    const removal = revoking(away, berta, laptop);
    expect(log.add(merge).status).toBe('orphan');
    expect(log.add(removal).accepted).toEqual([merge, removal]);
    addAll(log, revoking(log, anna, laptop));
    addAll(log, createReset({ log, identity: anna, recovery: testRecovery }, keysOf(anna)));
    expect(active(log)).toEqual(['anna']);
  });

  test('[TR15] a flood of removals ends too, but for those that still remove someone', () => {
    const log = foundedLog(anna, { limits: { maxOps: 10, maxBytes: 1 << 20 } });
    addAll(log, admitting(log, anna, berta), () => admitting(log, anna, laptop));
    const place = log.nextPlace(laptop.deviceKey);
    for (let i = 0; i < 30; i++) {
      const targets = [{ key: anna.deviceKey, keep: undefined, cut: hash(i.toString(16).padStart(64, '0')) }];
      log.add(
        signOp(
          {
            group: log.group,
            author: laptop.deviceKey,
            ...place,
            body: { kind: 'revoke', targets, reason: 'lost' },
          },
          laptop,
        ),
        'laptop',
      );
    }
    expect(log.ops()).toHaveLength(20);
    addAll(log, revoking(log, berta, laptop));
    expect(active(log)).toEqual(['berta']);
    expect(log.add(revoking(log, berta, laptop)).status).toBe('orphan');
  });

  test('[TR15] more heads than an operation can name do not keep a device from writing', () => {
    const log = group(anna, ...Array.from({ length: 12 }, (_, i) => identityOf(`device ${i}`)));
    const apart = Array.from({ length: 12 }, (_, i) => {
      const own = copyOf(log);
      return createMerge({ log: own, identity: identityOf(`device ${i}`) });
    });
    addAll(log, ...apart);
    expect(log.heads()).toHaveLength(12);
    addAll(log, createMerge({ log, identity: anna }));
    expect(log.heads()).toHaveLength(5);
    addAll(log, createMerge({ log, identity: anna }));
    expect(log.heads()).toHaveLength(1);
  });

  test('[TR16] a device cannot write what its log would refuse', () => {
    const log = group(anna, berta);
    expect(() => createMerge({ log, identity: nas })).toThrow('author-not-active');
    expect(() =>
      createAdmit(
        { log, identity: anna },
        { key: nas.deviceKey, method: 'sas', transcript: testTranscript, consent: new Uint8Array(64) },
      ),
    ).toThrow('bad-consent');
    const targets = Array.from({ length: 48 }, () => ({ key: berta.deviceKey }));
    expect(() => createRevoke({ log, identity: anna }, { targets, reason: 'lost' })).toThrow('bad-form');
    expect(log.ops()).toHaveLength(2);
  });
});

describe('asking a log', () => {
  test('[TR13] what someone with older heads has, lacks and believes', () => {
    const log = group(anna, berta);
    const heads = log.heads();
    const known = log.closureOf(heads);
    addAll(log, admitting(log, anna, nas), () => revoking(log, anna, berta));
    expect(known.size).toBe(2);
    expect(log.missingFrom(known)).toEqual(
      log
        .ops()
        .slice(2)
        .map(({ envelope }) => envelope),
    );
    expect(log.missingFrom(new Set(log.ops().map(({ id }) => id)))).toEqual([]);
    expect(sorted(log.membersAt(heads)?.active ?? [])).toEqual(sorted(keysOf(anna, berta)));
    expect(log.membersAt([testTranscript])).toBeUndefined();
    expect(log.op(heads[0] as Hash)?.body.kind).toBe('admit');
    expect(log.has(testTranscript)).toBe(false);
  });
});
