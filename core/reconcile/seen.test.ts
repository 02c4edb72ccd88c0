import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dominates } from '../model/entry.ts';
import { emptyPast, maxPastExceptions, type Past, pastHas } from '../model/past.ts';
import { maxMembers, mergeMembers, resolvePast, seenSetOf, viewOf, writePast } from './reconcile.ts';
import { dot, member, pastOf } from './testing/members.ts';

const has = (past: Past, ...texts: string[]): boolean[] => texts.map((text) => pastHas(past, dot(text)));

describe('what a user has before their eyes', () => {
  it('twins outside the seen set: deleting one of two equal files deletes both [RC10]', () => {
    const twins = [member({ dot: 'a1', says: 'X' }), member({ dot: 'b1', says: 'X' })];
    const seen = seenSetOf(viewOf(twins, false));
    const past = writePast({ seen, dot: dot('a2'), members: twins, ownDots: [dot('a1')] });
    const gone = member({ dot: 'a2', past, says: 'gone', from: ['X'] });
    expect(mergeMembers(twins, [gone]).members).toEqual([gone]);
  });

  it('an overruled deletion is seen with the edit that overruled it, so it does not come back [RC10]', () => {
    const edit = member({ dot: 'a1', says: 'Y' });
    const deletion = member({ dot: 'b1', says: 'gone', from: ['X'] });
    const seen = seenSetOf(viewOf([edit, deletion], false));
    expect(has(seen, 'a1', 'b1')).toEqual([true, true]);
  });

  it('a conflict is not seen by the one who edits the winner [RC10]', () => {
    const both = [
      member({ dot: 'a1', says: 'X', changedAt: 1 }),
      member({ dot: 'b1', says: 'Y', changedAt: 2 }),
    ];
    expect(has(seenSetOf(viewOf(both, false)), 'a1', 'b1')).toEqual([false, true]);
  });
});

describe('the past of a write', () => {
  it("plain vectors: one's own losing version stays when one edits the winner [RC11]", () => {
    const mine = member({ dot: 'a1', says: 'X', changedAt: 1 });
    const theirs = member({ dot: 'b1', says: 'Y', changedAt: 2 });
    const seen = seenSetOf(viewOf([mine, theirs], false));
    const past = writePast({ seen, dot: dot('a2'), members: [mine, theirs], ownDots: [dot('a1')] });
    const edit = member({ dot: 'a2', past, says: 'Z' });
    const { members } = mergeMembers([mine, theirs], [edit]);
    expect(members).toContain(mine);
    expect(members).toContain(edit);
    expect(members).not.toContain(theirs);
  });

  it("exceptions only for known members: a dominated write of one's own is left out too [RC11]", () => {
    // a3 had seen d1 and was itself settled by c1, which this device has not seen.
    const seen = pastOf('b1');
    const past = writePast({
      seen,
      dot: dot('a5'),
      members: [member({ dot: 'c1', seen: ['a3', 'd1'], says: 'Z' })],
      ownDots: [dot('a3')],
    });
    expect(has(past, 'a3', 'd1', 'c1', 'b1', 'a5')).toEqual([false, false, false, true, true]);
  });

  it('restored backup: the same incarnation would claim writes it never saw, a new one does not [RC11]', () => {
    const afterBackup = member({ dot: 'a7', seen: ['a3'], says: 'Newer' });
    const write = { seen: pastOf('a3'), members: [], ownDots: [dot('a3')] };
    const reused = member({ dot: 'a9', past: writePast({ ...write, dot: dot('a9') }), says: 'Old' });
    const minted = member({ dot: 'n1', past: writePast({ ...write, dot: dot('n1') }), says: 'Old' });
    expect(dominates(reused.entry, afterBackup.entry)).toBe(true);
    expect(dominates(minted.entry, afterBackup.entry)).toBe(false);
  });

  it('holds what was seen and itself, nothing else that anyone wrote [RC11]', () => {
    const texts = ['a', 'b', 'c'].flatMap((letter) => [1, 2, 3, 4].map((counter) => `${letter}${counter}`));
    fc.assert(
      fc.property(fc.subarray(texts), fc.subarray(texts), (seenTexts, memberTexts) => {
        const members = memberTexts.map((text) => member({ dot: text, says: text }));
        const own = texts.filter((text) => text.startsWith('a')).map(dot);
        const past = writePast({ seen: pastOf(...seenTexts), dot: dot('a5'), members, ownDots: own });
        for (const text of texts) expect(has(past, text)).toEqual([seenTexts.includes(text)]);
        expect(has(past, 'a5')).toEqual([true]);
      }),
    );
  });

  it('takes in the smallest members of a crowded path, so that fifteen stay beside it [RC12]', () => {
    const crowd = Array.from({ length: 20 }, (_, i) =>
      member({ dot: `${String.fromCharCode(98 + i)}1`, says: `V${i}`, changedAt: i }),
    );
    const past = writePast({ seen: emptyPast, dot: dot('a1'), members: crowd, ownDots: [] });
    const write = member({ dot: 'a1', past, says: 'mine' });
    const { members, dropped } = mergeMembers(crowd, [write]);
    expect(members).toHaveLength(maxMembers);
    expect(new Set(dropped.map(({ entry }) => entry.changedAt))).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  it('has no more exceptions than the codec takes, and keeps those that name a member [RC12]', () => {
    const ownDots = Array.from({ length: 100 }, (_, i) => dot(`a${i + 1}`));
    const standing = member({ dot: 'a2', says: 'X' });
    const past = writePast({ seen: pastOf('b1'), dot: dot('a101'), members: [standing], ownDots });
    expect(past.except).toHaveLength(maxPastExceptions);
    expect(has(past, 'a2', 'a100', 'a38', 'a37')).toEqual([false, false, false, true]);
  });

  it('settles everything that stands when a person resolves [RC13]', () => {
    const both = [member({ dot: 'a1', says: 'X' }), member({ dot: 'b1', seen: ['c4'], says: 'Y' })];
    const resolution = member({ dot: 'a2', past: resolvePast(both, dot('a2')), says: 'Y' });
    expect(mergeMembers(both, [resolution]).members).toEqual([resolution]);
    expect(pastHas(resolution.entry.past, dot('c4'))).toBe(true);
  });
});
