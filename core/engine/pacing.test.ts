import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyOf } from '../testing/index-device.ts';
import { createManualClock, type ManualClock, settle } from '../testing/manual-clock.ts';
import { createPacing, type Pacing } from './pacing.ts';

const far = (name: string) => ({ peer: keyOf(name), isNear: false });
const near = { peer: keyOf('near'), isNear: true };
const piece = 65_000;

/** Sends without end to a device; what went by then is told with its time. */
function pump(pacing: Pacing, clock: ManualClock, link: { peer: ReturnType<typeof keyOf>; isNear: boolean }) {
  const sent: { readonly at: number; readonly bytes: number }[] = [];
  let isOver = false;
  const run = (async () => {
    while (!isOver) sent.push({ bytes: await pacing.pace.take(link, piece), at: clock.monotonic() });
  })();
  return {
    sent,
    bytes: () => sent.reduce((sum, { bytes }) => sum + bytes, 0),
    async end() {
      isOver = true;
      pacing.set({ sendBps: null, receiveBps: null, lanExempt: true });
      await run;
    },
  };
}

async function pass(clock: ManualClock, ms: number, stepMs = 10): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    clock.advance(stepMs);
    await settle();
  }
}

describe('what is sent', () => {
  test('[LM1] [LM3] [LM4] keeps to the rate in every span, shared by all that wait', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 10_000, max: 5_000_000 }), async (sendBps) => {
        const clock = createManualClock();
        const pacing = createPacing(clock);
        pacing.set({ sendBps, receiveBps: null, lanExempt: true });
        const pumps = ['a', 'b', 'c'].map((name) => pump(pacing, clock, far(name)));
        await pass(clock, 4_000);
        const all = pumps.flatMap(({ sent }) => sent).sort((a, b) => a.at - b.at);
        const largest = Math.max(...all.map(({ bytes }) => bytes));
        for (const [i, first] of all.entries()) {
          let sum = 0;
          for (const { at, bytes } of all.slice(i)) {
            sum += bytes;
            // A turn is told of when the clock has gone on by a step.
            const allowed = sendBps * ((at - first.at + 10) / 1000 + 0.25) + largest + 1;
            expect(sum).toBeLessThanOrEqual(allowed);
          }
        }
        const each = pumps.map(({ bytes }) => bytes());
        expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(2 * largest);
        expect(each.reduce((sum, bytes) => sum + bytes)).toBeGreaterThan(sendBps * 3);
        for (const one of pumps) await one.end();
      }),
      { numRuns: 8 },
    );
  });

  test('[LM4] goes in small pieces at a low rate, and whole without one', () => {
    const pacing = createPacing(createManualClock());
    expect(pacing.pace.take(far('a'), piece)).toBe(piece);
    pacing.set({ sendBps: 10_000, receiveBps: null, lanExempt: true });
    expect(pacing.pace.take(far('a'), piece)).toBe(4_000);
    const quick = createPacing(createManualClock());
    quick.set({ sendBps: 200_000, receiveBps: null, lanExempt: true });
    expect([quick.pace.take(far('a'), 300), quick.pace.take(far('a'), piece)]).toEqual([300, 20_000]);
  });

  test('[LM3] one device with many streams gets no more than one with a single stream', async () => {
    const clock = createManualClock();
    const pacing = createPacing(clock);
    pacing.set({ sendBps: 100_000, receiveBps: null, lanExempt: true });
    const many = Array.from({ length: 5 }, () => pump(pacing, clock, far('many')));
    const single = pump(pacing, clock, far('single'));
    const ahead = () => many.reduce((sum, one) => sum + one.bytes(), 0) - single.bytes();
    await pass(clock, 500);
    const before = ahead();
    await pass(clock, 5_000);
    expect(Math.abs(ahead() - before)).toBeLessThanOrEqual(20_000);
    for (const one of [...many, single]) await one.end();
  });

  test('[LM6] a rate that rises, or goes, holds for what waits', async () => {
    const clock = createManualClock();
    const pacing = createPacing(clock);
    pacing.set({ sendBps: 10_000, receiveBps: null, lanExempt: true });
    const slow = pump(pacing, clock, far('a'));
    await pass(clock, 2_000);
    const before = slow.bytes();
    expect(before).toBeLessThan(30_000);
    pacing.set({ sendBps: 1_000_000, receiveBps: null, lanExempt: true });
    await pass(clock, 1_000);
    expect(slow.bytes() - before).toBeGreaterThan(900_000);
    pacing.set({ sendBps: 10_000, receiveBps: null, lanExempt: true });
    await settle();
    const waiting = pacing.pace.take(far('b'), piece);
    expect(waiting).toBeInstanceOf(Promise);
    await slow.end();
    expect(await waiting).toBe(piece);
  });

  test('[LM7] goes to a near device at once, unless that counts too', async () => {
    const pacing = createPacing(createManualClock());
    const limited = { sendBps: 10_000, receiveBps: 10_000, lanExempt: false };
    pacing.set({ ...limited, lanExempt: true });
    expect([pacing.pace.take(near, piece), pacing.pace.take(near, piece)]).toEqual([piece, piece]);
    pacing.set(limited);
    expect(pacing.pace.take(near, piece)).toBe(4_000);
    const waiting = pacing.pace.take(near, piece);
    pacing.set({ ...limited, lanExempt: true });
    expect(await waiting).toBe(piece);
  });

  test('[LM5] what waits for nothing is counted, and files give way to it for a second at most', async () => {
    const clock = createManualClock();
    const pacing = createPacing(clock);
    pacing.set({ sendBps: 10_000, receiveBps: null, lanExempt: true });
    pacing.pace.sent(far('a'), 5_000_000);
    let went = false;
    void Promise.resolve(pacing.pace.take(far('a'), 1_000)).then(() => {
      went = true;
    });
    await pass(clock, 900);
    expect(went).toBe(false);
    await pass(clock, 200);
    expect(went).toBe(true);
  });
});

describe('what is received', () => {
  test('[LM4] is asked for as it may come, and made up for where more came at once', async () => {
    const clock = createManualClock();
    const { pace, intake, set } = createPacing(clock);
    set({ sendBps: null, receiveBps: 100_000, lanExempt: true });
    expect([intake.allowance(), intake.waitMs(0)]).toEqual([25_000, 0]);
    pace.received(far('a'), 325_000, 'blocks');
    expect(intake.allowance()).toBe(-300_000);
    expect(intake.waitMs(0)).toBe(3_001);
    clock.advance(3_001);
    expect(intake.waitMs(0)).toBe(0);
    expect(intake.waitMs(100)).toBe(1);
  });

  test('[LM5] indexes are counted, and files give way to them for a second at most', () => {
    const { pace, intake, set } = createPacing(createManualClock());
    set({ sendBps: null, receiveBps: 100_000, lanExempt: true });
    pace.received(far('a'), 10_000, 'other');
    expect(intake.allowance()).toBe(15_000);
    pace.received(far('a'), 80_000_000, 'other');
    expect(intake.waitMs(0)).toBe(1_001);
  });

  test('[LM7] devices that are near do not count', () => {
    const { pace, intake, set } = createPacing(createManualClock());
    set({ sendBps: null, receiveBps: 100_000, lanExempt: true });
    pace.received(near, 1_000_000, 'blocks');
    expect(intake.allowance()).toBe(25_000);
    const connection = { ...near } as Parameters<typeof intake.isHeld>[0];
    expect(intake.isHeld(connection)).toBe(false);
    set({ sendBps: null, receiveBps: 100_000, lanExempt: false });
    expect(intake.isHeld(connection)).toBe(true);
    set({ sendBps: null, receiveBps: null, lanExempt: false });
    expect([intake.isHeld(connection), intake.allowance()]).toEqual([false, Number.POSITIVE_INFINITY]);
  });
});
