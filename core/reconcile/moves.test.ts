import { describe, expect, it } from 'vitest';
import type { Member } from '../model/entry.ts';
import { at, member } from './testing/members.ts';
import { leftBehind } from './reconcile.ts';

/** A deletion of `from` that says where it went. */
function moved(dot: string, from: string[], to: string): Member {
  const gone = member({ dot, says: 'gone', from });
  return { ...gone, entry: { ...gone.entry, movedTo: at(to) } as Member['entry'] };
}

describe('a change where a file was moved away', () => {
  const edit = member({ dot: 'b1', says: 'Y', from: ['X'] });
  it('is found by what both came from [RC38]', () => {
    const move = moved('a1', ['X', 'W'], 'q');
    expect(leftBehind([edit, move])).toMatchObject({ to: 'q', change: edit, move });
    const touched = member({ dot: 'b1', says: 'X' });
    expect(leftBehind([touched, move])).toMatchObject({ to: 'q', change: touched });
  });

  it.each([
    {
      says: 'the deletion names no new path',
      members: [edit, member({ dot: 'a1', says: 'gone', from: ['X'] })],
    },
    { says: 'it was made from something else', members: [edit, moved('a1', ['V'], 'q')] },
    {
      says: 'there are two of them',
      members: [edit, member({ dot: 'c1', says: 'Z', from: ['X'] }), moved('a1', ['X'], 'q')],
    },
    { says: 'there is none', members: [moved('a1', ['X'], 'q')] },
  ])('is none where $says [RC38]', ({ members }) => {
    expect(leftBehind(members)).toBeUndefined();
  });
});
