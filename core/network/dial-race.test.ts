import { expect, test } from 'vitest';
import { raceDials } from './dial-race.ts';
import { createManualClock } from './network-suite.ts';

/** Attempts that answer after so many milliseconds, or fail if negative. */
function makeRace(answers: Readonly<Record<string, number>>) {
  const clock = createManualClock();
  const log: string[] = [];
  const discarded: string[] = [];
  const attempt = (candidate: string, signal: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => {
      log.push(`${candidate}@${clock.monotonic() - 1_000_000}`);
      signal.addEventListener('abort', () => log.push(`${candidate} stopped`));
      const delay = answers[candidate] as number;
      clock.after(Math.abs(delay), () => (delay < 0 ? reject(new Error(candidate)) : resolve(candidate)));
    });
  const stop = new AbortController();
  const run = (): Promise<string> =>
    raceDials(Object.keys(answers), attempt, {
      clock,
      discard: (late) => discarded.push(late),
      signal: stop.signal,
    });
  return { clock, log, discarded, stop, run };
}

test('[NW1] a dead address costs a head start, and the winner’s signal is never touched', async () => {
  const { clock, log, discarded, stop, run } = makeRace({ dead: 5_000, good: 20, spare: 20 });
  const won = run();
  await clock.advance(300);
  expect(await won).toBe('good');
  expect(log).toEqual(['dead@0', 'good@250', 'dead stopped']);
  await clock.advance(10_000);
  expect(discarded).toEqual(['dead']);
  stop.abort();
  expect(log).not.toContain('good stopped');
});

test('[NW1] an address that fails gives way at once', async () => {
  const { clock, log, run } = makeRace({ first: -10, second: 10 });
  const won = run();
  await clock.advance(20);
  expect(await won).toBe('second');
  expect(log).toEqual(['first@0', 'second@10']);
});

test('[NW1] if none answers, all their reasons are told', async () => {
  const { clock, run } = makeRace({ first: -10, second: -10 });
  const lost = run();
  lost.catch(() => {});
  await clock.advance(1_000);
  await expect(lost).rejects.toMatchObject({ errors: [new Error('first'), new Error('second')] });
});

test('[NW1] calling off stops all of them', async () => {
  const { clock, log, stop, run } = makeRace({ first: 1_000, second: 1_000 });
  const lost = run();
  lost.catch(() => {});
  await clock.advance(300);
  stop.abort(new Error('off'));
  await expect(lost).rejects.toThrow('off');
  expect(log.slice(2)).toEqual(['first stopped', 'second stopped']);
});
