import { describe, expect, it } from 'vitest';
import { diskPath, joinDisk } from '../filesystem/filesystem.ts';
import { createMemoryFileSystem } from '../filesystem/memory-file-system.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { type World, type WorldMachine } from '../testing/world.ts';
import type { Status } from './api.ts';
import { openSettings } from './settings.ts';
import { twoInStep } from './testing/in-step.ts';

// Worlds begin on a Sunday, 2025-06-15 at 15:06:40, and their walls show UTC.
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Lets hours pass on a machine's own clock, and it take note. */
async function later(world: World, machine: WorldMachine, ms: number): Promise<void> {
  machine.jumpClock(ms - 61_000);
  await world.pass(61_000);
}

const setOf = (machine: WorldMachine, key: string, value: string) =>
  machine.device().api.settingsSet({ key, value });
const pauseOf = ({ state, pausedUntil, pausedBy, sentence }: Status) => ({
  state,
  pausedUntil,
  pausedBy,
  sentence,
});

describe('pauses', () => {
  it('[LM14] [LM15] a schedule pauses all folders and lets them go on, and says until when, also after a restart', async () => {
    const { world, a, b } = await twoInStep('schedule');
    await world.during(setOf(b, 'schedule', 'sun 15:30-18:00 pause'));
    expect(pauseOf(await b.device().api.status())).toMatchObject({ pausedBy: null, pausedUntil: null });
    await later(world, b, 30 * minuteMs);
    const paused = {
      state: 'paused',
      pausedUntil: '2025-06-15T18:00:00.000Z',
      pausedBy: 'schedule',
      sentence: 'Paused until 2025-06-15T18:00:00.000Z by schedule.',
    };
    expect(pauseOf(await b.device().api.status())).toEqual(paused);
    a.write('meanwhile', 'changed on a');
    await world.during(b.stop());
    await world.during(b.start());
    await later(world, b, 2 * hourMs + 20 * minuteMs);
    expect(pauseOf(await b.device().api.status())).toEqual(paused);
    expect(b.read('meanwhile')).toBeUndefined();
    const before = world.clock.monotonic();
    await world.until('it goes on', () => b.read('meanwhile') === 'changed on a');
    expect(world.clock.monotonic() - before).toBeGreaterThan(minuteMs);
    expect(world.clock.monotonic() - before).toBeLessThan(6 * minuteMs);
    await world.during(world.stop());
  });

  it('[LM14] one by a person survives a restart, counts beside the schedule, and ends by itself', async () => {
    const { world, b } = await twoInStep('person');
    const { api } = b.device();
    await world.during(api.pause({ until: '2025-06-15T16:00:00.000Z' }));
    await world.during(b.stop());
    await world.during(b.start());
    expect(pauseOf(await b.device().api.status())).toEqual({
      state: 'paused',
      pausedUntil: '2025-06-15T16:00:00.000Z',
      pausedBy: 'person',
      sentence: 'Paused until 2025-06-15T16:00:00.000Z.',
    });
    // The schedule begins within it and lasts longer; then it does not.
    await world.during(setOf(b, 'schedule', 'sun 15:30-17:00 pause'));
    expect(await b.device().api.status()).toMatchObject({
      pausedBy: 'schedule',
      pausedUntil: '2025-06-15T17:00:00.000Z',
    });
    await world.during(setOf(b, 'schedule', 'sun 15:30-15:50 pause'));
    expect(await b.device().api.status()).toMatchObject({
      pausedBy: 'person',
      pausedUntil: '2025-06-15T16:00:00.000Z',
    });
    await later(world, b, hourMs);
    expect(await b.device().api.status()).toMatchObject({ pausedBy: null, pausedUntil: null });
    await world.during(b.device().api.pause({}));
    expect(pauseOf(await b.device().api.status())).toMatchObject({
      pausedBy: 'person',
      pausedUntil: null,
      sentence: 'Paused.',
    });
    await world.during(world.stop());
  });

  it('one of a folder alone says until when, also after a restart, and ends by itself', async () => {
    const { world, b } = await twoInStep('folder');
    const { id } = (await b.device().api.status()).folders[0] ?? {};
    const until = '2025-06-15T16:00:00.000Z';
    await world.during(b.device().api.folderPause({ folder: id ?? '', until }));
    await world.during(b.stop());
    await world.during(b.start());
    expect(await b.device().api.status()).toMatchObject({
      pausedBy: null,
      folders: [{ state: 'paused', pausedUntil: until }],
    });
    await later(world, b, hourMs);
    await world.during(b.device().api.wait({ timeoutS: 60 }));
    expect(await b.device().api.status()).toMatchObject({ folders: [{ pausedUntil: null }] });
    await world.during(world.stop());
  });

  it('[LM14] a person ends the schedule’s pause, which comes back the next time it is due', async () => {
    const { world, a, b } = await twoInStep('resumed');
    await world.during(setOf(b, 'schedule', 'sun 15:00-18:00 pause; mon 01:00-02:00 pause'));
    expect(await b.device().api.status()).toMatchObject({ state: 'paused' });
    await world.during(b.device().api.resume());
    a.write('now', 'wanted now');
    await world.until('it comes', () => b.read('now') === 'wanted now');
    await world.during(b.stop());
    await world.during(b.start());
    expect(await b.device().api.status()).toMatchObject({ pausedBy: null });
    await later(world, b, 10 * hourMs);
    expect(await b.device().api.status()).toMatchObject({
      state: 'paused',
      pausedUntil: '2025-06-16T02:00:00.000Z',
    });
    await world.during(b.device().api.resume());
    await world.during(setOf(b, 'schedule', 'mon 01:00-03:00 pause'));
    expect(await b.device().api.status()).toMatchObject({ pausedUntil: '2025-06-16T03:00:00.000Z' });
    await world.during(world.stop());
  });

  it('[LM15] a clock that jumps, either way, is followed within a minute', async () => {
    const { world, b } = await twoInStep('jumps');
    await world.during(setOf(b, 'schedule', 'sun 18:00-19:00 pause'));
    const stateAfter = async (ms: number) => {
      b.jumpClock(ms);
      await world.pass(61_000);
      return (await b.device().api.status()).pausedBy;
    };
    expect(await stateAfter(3 * hourMs)).toBe('schedule');
    expect(await stateAfter(-3 * hourMs)).toBe(null);
    expect(await stateAfter(3 * hourMs)).toBe('schedule');
    await world.during(b.device().api.resume());
    expect(await stateAfter(7 * 24 * hourMs)).toBe('schedule');
    await world.during(b.device().api.resume());
    // A pause that was ended in what is the future by now does not keep this one from holding.
    expect(await stateAfter(-7 * 24 * hourMs)).toBe('schedule');
    await world.during(world.stop());
  });
});

describe('rates', () => {
  it('[LM4] [LM6] hold a transfer of a whole device back, sent or received, and let an edit pass; taken away they hold no more', async () => {
    for (const [slow, key] of [
      ['a', 'limits.sendBps'],
      ['b', 'limits.receiveBps'],
    ] as const) {
      const { world, a, b } = await twoInStep(`rates ${slow}`);
      await world.during(setOf(slow === 'a' ? a : b, key, '20000'));
      const large = Array.from({ length: 150_000 }, (_, i) => `${i * i} `).join('');
      a.write('large', large);
      const began = world.clock.monotonic();
      await world.pass(3_000);
      a.write('small', 'an edit');
      await world.until('the edit passes', () => b.read('small') === 'an edit');
      expect(b.read('large') === undefined).toBe(true);
      // What has come is what the rate let pass, and of what is received the one block that was asked for last.
      await world.pass(10_000);
      const { totals } = await b.device().api.status();
      const seconds = (world.clock.monotonic() - began) / 1000;
      expect(totals.receivedBytes).toBeLessThan(20_000 * (seconds + 0.25) + 600_000);
      expect(b.read('large') === undefined).toBe(true);
      await world.during(setOf(slow === 'a' ? a : b, key, '0'));
      const before = world.clock.monotonic();
      await world.until('the rest', () => b.read('large') === large);
      expect(world.clock.monotonic() - before).toBeLessThan(15_000);
      await world.during(world.stop());
    }
  });

  it('give the time left its length: what is left at the speed of now, and none when nothing is', async () => {
    const { world, a, b } = await twoInStep('time left');
    await world.during(setOf(a, 'limits.sendBps', '20000'));
    a.write('large', Array.from({ length: 150_000 }, (_, i) => `${i * i} `).join(''));
    const folder = async () => (await b.device().api.status()).folders[0];
    await world.until('it comes', async () => ((await folder())?.etaS ?? null) !== null);
    for (let i = 0; i < 20; i++) {
      await world.pass(1_000);
      const now = await folder();
      const left = (now?.needBytes ?? 0) / 20_000;
      // Blocks come whole, so that the speed of a moment is above or below the rate.
      if (i < 10) continue;
      expect(now?.etaS).toBeGreaterThan(left / 3);
      expect(now?.etaS).toBeLessThan(left * 3);
    }
    await world.until('all of it', async () => (await folder())?.needBytes === 0);
    expect(await folder()).toMatchObject({ etaS: null, needFiles: 0 });
    await world.during(world.stop());
  });

  it('[LM11] [LM12] are told as they hold now, with the schedule', async () => {
    const { world, b } = await twoInStep('told');
    const { api } = b.device();
    await world.during(api.limitsSet({ sendBps: 50_000, receiveBps: null }));
    const schedule = [
      { days: ['sun'], from: '15:00', to: '16:00', does: 'limit', sendBps: 80_000, receiveBps: 30_000 },
    ] as const;
    expect(await world.during(api.limitsSet({ schedule, lanExempt: false }))).toEqual({
      sendBps: 50_000,
      receiveBps: null,
      lanExempt: false,
      schedule,
      now: {
        paused: false,
        sendBps: 50_000,
        receiveBps: 30_000,
        bySchedule: true,
        until: '2025-06-15T16:00:00.000Z',
      },
    });
    await later(world, b, hourMs);
    expect((await api.status()).limits).toMatchObject({
      sendBps: 50_000,
      receiveBps: null,
      bySchedule: false,
    });
    expect(await api.settingsList()).toMatchObject({
      'limits.sendBps': 50_000,
      'limits.receiveBps': 0,
      'limits.lanExempt': false,
      schedule: 'sun 15:00-16:00 limit up=80000 down=30000',
    });
    await world.during(world.stop());
  });

  it('what makes no sense is refused with the place and what stood there, and changes nothing', async () => {
    const { world, b } = await twoInStep('refused');
    const { api } = b.device();
    const day = { days: ['mon'], from: '08:00', to: '18:00', does: 'pause' } as const;
    const wrong: readonly (readonly [Parameters<typeof api.limitsSet>[0], string, string])[] = [
      [{ sendBps: 9_999 }, 'limits.sendBps', '9999'],
      [{ receiveBps: 10_000.5 }, 'limits.receiveBps', '10000.5'],
      [{ schedule: [day, { ...day, to: '08:00' }] }, 'schedule.1.to', '08:00'],
      [{ schedule: [{ ...day, from: '24:00' }] }, 'schedule.0.from', '24:00'],
      [{ schedule: [{ ...day, days: [] }] }, 'schedule.0.days', ''],
      [
        { schedule: [{ ...day, does: 'limit', sendBps: null, receiveBps: null }] },
        'schedule.0.sendBps',
        'null',
      ],
    ];
    for (const [choice, what, text] of wrong)
      await expect(api.limitsSet(choice)).rejects.toMatchObject({
        code: 'bad-argument',
        facts: { what, text },
      });
    for (const [key, value, facts] of [
      ['limits.sendBps', '5k', { what: 'limits.sendBps', text: '5k' }],
      ['limits.lanExempt', 'yes', { what: 'limits.lanExempt', text: 'yes' }],
      ['schedule', 'mon-fry 08:00-18:00 pause', { what: 'schedule', text: 'mon-fry', reason: 'days' }],
    ] as const)
      await expect(setOf(b, key, value)).rejects.toMatchObject({ code: 'bad-argument', facts });
    expect(await api.limits()).toMatchObject({
      sendBps: null,
      receiveBps: null,
      lanExempt: true,
      schedule: [],
    });
    await world.during(world.stop());
  });
});

describe('what goes first', () => {
  it('[LM21] [LM22] an edit passes thousands of files that wait, in their folder and in another', async () => {
    const { world, a, b } = await twoInStep('mass');
    const other = diskPath('/other');
    for (const machine of [a, b]) machine.disk.makeDirectory(other);
    const { folderId } = await world.during(a.device().api.folderAdd({ path: other, name: 'Other' }));
    await world.until('the other offer', async () => (await b.device().api.folderList()).length === 2);
    await world.during(b.device().api.folderJoin({ folder: folderId, path: other }));
    await world.during(b.device().api.wait({ timeoutS: 60 }));
    await world.during(setOf(b, 'limits.receiveBps', '20000'));
    for (let i = 0; i < 2_000; i++) a.write(`file ${i}`, `${i} `.repeat(400));
    const waiting = () => b.index()?.totals().pendingPaths ?? 0;
    await world.until('they wait', () => waiting() > 1_500);
    const began = world.clock.monotonic();
    a.write('zzz', 'an edit');
    const edit = a.disk.create(joinDisk(other, 'edit'), 0o600);
    edit.write(new TextEncoder().encode('an edit'), 0);
    edit.close();
    await world.until('the edit in the same folder', () => b.read('zzz') === 'an edit');
    await world.until('the edit in the other', () => b.disk.look(joinDisk(other, 'edit')) !== undefined);
    expect(world.clock.monotonic() - began).toBeLessThan(10_000);
    expect(waiting()).toBeGreaterThan(1_000);
    await world.during(world.stop());
  });
});

describe('a settings file that somebody edited', () => {
  it('is refused with the place that makes no sense', () => {
    const files = createMemoryFileSystem({ clock: createManualClock() });
    const home = diskPath('/');
    const edited = (limits: unknown, schedule: unknown) => () => {
      const bytes = new TextEncoder().encode(JSON.stringify({ version: 1, name: 'a', limits, schedule }));
      const path = joinDisk(home, 'settings.json');
      if (files.look(path) !== undefined) files.remove(path);
      const file = files.create(path, 0o600);
      file.write(bytes, 0);
      file.close();
      return openSettings(files, home, 'a').current();
    };
    const day = { days: ['mon'], from: '08:00', to: '18:00', does: 'pause' };
    expect(edited({ sendBps: 20_000 }, [day])()).toMatchObject({
      limits: { sendBps: 20_000, receiveBps: null, lanExempt: true },
      schedule: [day],
    });
    for (const [limits, schedule, code] of [
      [{ sendBps: -1 }, [day], 'limits.sendBps'],
      [{}, [day, { ...day, to: '25:00' }], 'schedule.1.to'],
    ] as const)
      expect(edited(limits, schedule)).toThrow(
        expect.objectContaining({ code: 'home-unusable', facts: { path: '/settings.json', code } }),
      );
  });
});
