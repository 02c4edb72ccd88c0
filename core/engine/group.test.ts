import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../testing/seeded-random.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createIdentity, createMembershipLog, createRevoke } from '../trust/trust.ts';
import { openGroup } from './group.ts';
import type { MembershipStore } from './membership-store.ts';

const identity = createIdentity(new Uint8Array(32).fill(7));

/** A group whose disk answers when it is told to: what it has appended, and whether the next appends fail. */
async function groupOnSlowDisk() {
  const stored: Uint8Array[] = [];
  const disk = { isStuck: false, fails: false, goOn: Promise.withResolvers<void>() };
  const reach = async (): Promise<void> => {
    if (disk.isStuck) await disk.goOn.promise;
    if (disk.fails) throw new Error('the disk failed');
  };
  const store: MembershipStore = {
    envelopes: [],
    cuts: [],
    heardAt: () => undefined,
    async append(envelopes) {
      await reach();
      stored.push(...envelopes);
    },
    keepCut: reach,
    async setAside() {
      await reach();
      stored.length = 0;
    },
  };
  const group = openGroup({ store, identity, clock: createManualClock(), random: createSeededRandom('g') });
  await group.found({ recovery: false });
  const log = group.current()?.log;
  if (log === undefined) throw new Error('no group was founded');
  const told: string[] = [];
  group.onTaken(() => told.push(`taken, in it: ${group.isActive(identity.deviceKey)}`));
  group.onChange(() => told.push(`durable, in it: ${group.isActive(identity.deviceKey)}`));
  const goOn = (): void => {
    disk.isStuck = false;
    disk.goOn.resolve();
  };
  return { group, log, stored, disk, told, goOn };
}

type Slow = Awaited<ReturnType<typeof groupOnSlowDisk>>;

/** This device removes itself, by its own hand or as it comes from another. */
function removal({ log }: Slow): Uint8Array {
  const targets = [{ key: identity.deviceKey, keep: undefined, cut: undefined }];
  return createRevoke({ log, identity }, { targets, reason: 'retired' });
}

const ways: readonly [string, (slow: Slow) => Promise<void>][] = [
  ['written here', (slow) => slow.group.write(removal(slow))],
  [
    'that came from another device',
    (slow) => {
      const { accepted } = slow.log.add(removal(slow));
      return slow.group.accepted(accepted, slow.log);
    },
  ],
  ['by leaving', ({ group }) => group.leave()],
];

describe.each(ways)('a removal %s', (_way, remove) => {
  it('[A18] cuts in the tick in which the log has it, and is told as a fact once it is durable', async () => {
    const slow = await groupOnSlowDisk();
    slow.disk.isStuck = true;
    const done = remove(slow);
    await Promise.resolve();
    expect(slow.told).toEqual(['taken, in it: false']);
    slow.goOn();
    await done;
    expect(slow.told).toEqual(['taken, in it: false', 'durable, in it: false']);
  });

  it('is not told as a fact if the disk fails', async () => {
    const slow = await groupOnSlowDisk();
    slow.disk.fails = true;
    await expect(remove(slow)).rejects.toThrow('the disk failed');
    expect(slow.told[0]).toBe('taken, in it: false');
    expect(slow.told).not.toContain('durable, in it: false');
  });
});

describe('a group whose disk failed', () => {
  it('makes good with the next operation what it could not store', async () => {
    const slow = await groupOnSlowDisk();
    slow.disk.fails = true;
    await expect(slow.group.write(removal(slow))).rejects.toThrow('the disk failed');
    slow.disk.fails = false;
    await slow.group.accepted([], slow.log);
    const ids = createMembershipLog({ ops: slow.stored })
      .ops()
      .map(({ id }) => id);
    expect(ids).toEqual(slow.log.ops().map(({ id }) => id));
  });

  it('is not left', async () => {
    const slow = await groupOnSlowDisk();
    slow.disk.fails = true;
    await expect(slow.group.leave()).rejects.toThrow('the disk failed');
    expect(slow.group.current()?.log).toBe(slow.log);
    expect(slow.stored).toHaveLength(1);
  });
});

describe('a group that was only drafted', () => {
  it('is nowhere until it is founded, and then is the group of this device', async () => {
    const slow = await groupOnSlowDisk();
    await slow.group.leave();
    const { log, recoveryCode } = slow.group.draft({ recovery: true });
    expect([slow.group.current(), slow.stored]).toEqual([undefined, []]);
    expect(recoveryCode?.split(' ')).toHaveLength(12);
    await slow.group.foundFrom(log);
    expect(slow.group.current()?.log.group).toBe(log.group);
    await expect(slow.group.foundFrom(slow.group.draft({ recovery: false }).log)).rejects.toMatchObject({
      code: 'already-in-group',
    });
  });
});
