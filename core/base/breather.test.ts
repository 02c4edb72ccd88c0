import { describe, expect, test } from 'vitest';
import { createManualClock, settle } from '../testing/manual-clock.ts';
import { createBreather } from './breather.ts';

describe('a breather', () => {
  test('holds the thread until 20 ms have gone by, then lets others have it', async () => {
    const clock = createManualClock();
    const breathe = createBreather(clock, new AbortController().signal);
    const breaths: string[] = [];
    await breathe();
    clock.advance(20);
    const second = breathe().then(() => breaths.push('second'));
    await settle();
    expect(breaths).toEqual([]);
    clock.advance(0);
    await second;
    await breathe();
    expect(breaths).toEqual(['second']);
  });

  test('ends with the signal, in a breath and out of it', async () => {
    const clock = createManualClock();
    const ending = new AbortController();
    const breathe = createBreather(clock, ending.signal);
    clock.advance(20);
    const waiting = breathe();
    ending.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    await expect(breathe()).rejects.toThrow('stop');
  });
});
