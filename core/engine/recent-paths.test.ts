import { describe, expect, test } from 'vitest';
import { relativePath } from '../model/path.ts';
import { createRecentPaths } from './recent-paths.ts';

const path = relativePath;

describe('[LM22] what was just changed elsewhere', () => {
  test('comes first while it is pending, the last change before the one before it', () => {
    const pending = new Set(['a', 'b', 'c']);
    const recent = createRecentPaths({
      pendingAt: (at) => (pending.has(at) ? { path: at, needBytes: 1 } : undefined),
    });
    recent.note([path('a'), path('b')]);
    recent.note([path('a')]);
    expect(recent.pending().map((row) => row.path)).toEqual(['a', 'b']);
    pending.delete('a');
    expect(recent.pending().map((row) => row.path)).toEqual(['b']);
    pending.add('a');
    expect(recent.pending().map((row) => row.path)).toEqual(['b']);
  });

  test('many changes at once come in their turn, and no more than 256 are remembered', () => {
    const recent = createRecentPaths({ pendingAt: (at) => ({ path: at, needBytes: 1 }) });
    recent.note(Array.from({ length: 17 }, (_, i) => path(`many ${i}`)));
    expect(recent.pending()).toEqual([]);
    for (let i = 0; i < 300; i++) recent.note([path(`single ${i}`)]);
    expect(recent.pending().map((row) => row.path)).toEqual(
      Array.from({ length: 256 }, (_, i) => `single ${299 - i}`),
    );
  });
});
