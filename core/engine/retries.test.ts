import { expect, it } from 'vitest';
import type { RelativePath } from '../model/path.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createRetries } from './retries.ts';

const path = 'file' as RelativePath;

it('a wait that ends while its path is under way is told of when the path is free', () => {
  const clock = createManualClock();
  const retries = createRetries(clock);
  retries.failed(path);
  clock.advance(1_000);
  expect(retries.takeDue(() => false)).toBe(false);
  expect(retries.takeDue(() => true)).toBe(true);
  expect(retries.takeDue(() => true)).toBe(false);
});
