import { expect, test } from 'vitest';
import { createWords } from '../renderer/text/words.ts';
import type { Picture } from './ipc/contract.ts';
import { createNotifier } from './notifier.ts';
import { deviceOf, folderOf, pictureOf } from './testing/picture-of.ts';

const calm = pictureOf({ state: 'idle', folders: ['Documents'] });

function notifier(isWanted = true) {
  const shown: string[] = [];
  let now = 0;
  const { see } = createNotifier({
    clock: { now: () => now, after: () => () => {} },
    isWanted: () => isWanted,
    words: () => createWords('en'),
    show: ({ screen, title }) => void shown.push(`${screen}: ${title}`),
  });
  const pass = (ms: number): void => {
    now += ms;
  };
  return { see, shown, pass };
}

const question: Picture['questions'][number] = {
  id: 'q',
  kind: 'mass-change',
  folderId: 'documents',
  device: 'NAS',
  since: '2026-03-05T12:00:00.000Z',
  counts: { removed: 3, replaced: 0 },
  isReader: false,
  sentence: 'Is that meant?',
  answers: ['apply', 'undo', 'later'],
};
const rows: readonly { says: string; after: Picture; shown: readonly string[] }[] = [
  {
    says: 'a device that asks to join',
    after: pictureOf({ state: 'idle', folders: ['Documents'], pending: ['NAS'] }),
    shown: ['devices: “NAS” asks to join'],
  },
  {
    says: 'a question',
    after: { ...calm, questions: [question] },
    shown: ['folders: Lockstep asks before a large change'],
  },
  {
    says: 'a removed device',
    after: { ...calm, devices: [deviceOf({ key: 'OLD', name: 'Old laptop', state: 'revoked' })] },
    shown: ['devices: “Old laptop” was removed'],
  },
  {
    says: 'that this one was removed',
    after: { ...calm, devices: [deviceOf({ key: 'SELF', name: 'Laptop', state: 'self', active: false })] },
    shown: ['devices: This device was removed from your devices'],
  },
  {
    says: 'a full disk',
    after: {
      ...calm,
      folders: [
        folderOf({
          name: 'Documents',
          problems: [{ path: 'a', kind: 'no-space', code: null, cause: '', action: '' }],
        }),
      ],
    },
    shown: ['folders: The disk is full'],
  },
  { says: 'nothing of what is only in step', after: calm, shown: [] },
];
test.each(rows)('it tells of $says', ({ after, shown }) => {
  const told = notifier();
  told.see(calm);
  told.see(after);
  told.see(after);
  expect(told.shown).toEqual(shown);
});

test('what there was at the start is not news, and nobody is told who does not want it', () => {
  const told = notifier();
  told.see(pictureOf({ state: 'attention', folders: ['Documents'], pending: ['NAS'] }));
  expect(told.shown).toEqual([]);
  const unwanted = notifier(false);
  unwanted.see(calm);
  unwanted.see(pictureOf({ state: 'idle', folders: ['Documents'], pending: ['NAS'] }));
  expect(unwanted.shown).toEqual([]);
});

test('conflicts are told of together, at most once an hour', () => {
  const told = notifier();
  const withConflicts = (conflicts: number) =>
    pictureOf({ state: 'attention', folders: ['Documents'], conflicts });
  told.see(calm);
  told.see(withConflicts(2));
  told.see(withConflicts(5));
  expect(told.shown).toEqual(['conflicts: 2 files were changed in two places']);
  told.pass(3_600_000);
  told.see(withConflicts(4));
  told.see(withConflicts(6));
  expect(told.shown.slice(1)).toEqual(['conflicts: 6 files were changed in two places']);
});
