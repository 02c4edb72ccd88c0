import { describe, expect, it } from 'vitest';
import { prefixOfContent } from './reconcile.ts';
import { hashOf } from './testing/members.ts';

describe('the prefix of a content', () => {
  it('is frozen, since it travels in entries [RC2]', () => {
    const content = hashOf('X');
    expect(prefixOfContent({ kind: 'file', content, sizeBytes: 1 })).toBe(content.slice(0, 16));
    expect(prefixOfContent({ kind: 'directory' })).toBe('d17ec70240000000');
    expect(prefixOfContent({ kind: 'symlink', target: '' })).toBe('cbf29ce484222325');
    expect(prefixOfContent({ kind: 'symlink', target: 'a' })).toBe('089be207b544f1e4');
  });
});
