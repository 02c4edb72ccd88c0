import { expect, test } from 'vitest';
import {
  explainPhase,
  explainProblem,
  massChangeSentence,
  pendingSentence,
  sentenceOf,
  setAsideSentence,
} from './sentences.ts';

type Facts = { readonly state: Parameters<typeof sentenceOf>[0] } & Parameters<typeof sentenceOf>[1];

const quiet: Facts = {
  state: 'idle',
  isRemoved: false,
  pause: undefined,
  needFiles: 0,
  pendingLocal: 0,
  isScanning: false,
  problems: 0,
  conflicts: 0,
  questions: 0,
  folders: 1,
  members: 2,
  connected: 2,
  holding: 2,
  behind: 0,
  differing: 0,
};

const rows: readonly [Partial<Facts>, string][] = [
  [{}, 'Up to date with 2 devices.'],
  [{ holding: 1 }, 'Up to date with 1 device.'],
  [{ holding: 0 }, '2 devices connected, without these folders yet.'],
  [{ folders: 0, connected: 1 }, 'No folders yet. 1 device connected.'],
  [{ state: 'offline' }, 'No other device is connected.'],
  [{ state: 'offline', members: 0 }, 'No other devices yet.'],
  [{ state: 'paused' }, 'Paused.'],
  [{ state: 'paused', pause: { by: 'person', until: 0 } }, 'Paused until 1970-01-01T00:00:00.000Z.'],
  [
    { state: 'paused', pause: { by: 'schedule', until: 0 } },
    'Paused until 1970-01-01T00:00:00.000Z by schedule.',
  ],
  [
    { state: 'attention', isRemoved: true, questions: 1 },
    'This device was removed from the group; its files stay as they are.',
  ],
  [{ state: 'attention', questions: 1, conflicts: 3 }, '1 question waits for you.'],
  [{ state: 'attention', conflicts: 3 }, '3 conflicts need you.'],
  [{ state: 'attention', conflicts: 3, problems: 1 }, '4 things need you.'],
  [{ state: 'syncing', isScanning: true, needFiles: 1 }, 'Looking through the folders.'],
  [{ state: 'syncing', needFiles: 1, pendingLocal: 1 }, 'Syncing: 1 item to come.'],
  [{ state: 'syncing', pendingLocal: 2, behind: 1 }, 'Syncing: 2 changes of this device to send.'],
  [{ state: 'syncing', behind: 1 }, 'Syncing: 1 device is still receiving.'],
  [{ state: 'syncing', behind: 2, differing: 1 }, 'Syncing: 2 devices are still receiving.'],
  [{ state: 'syncing', behind: 2, differing: 2 }, 'All is sent; 2 devices hold something else: look there.'],
];

test.each(rows)('of %j it is said: %s', (facts, sentence) => {
  const { state, ...rest } = { ...quiet, ...facts };
  expect(sentenceOf(state, rest)).toBe(sentence);
});

test('a folder that stopped says that the files are as they were, one that works says nothing', () => {
  expect(explainPhase({ kind: 'failed', cause: 'a bug' })?.cause).toContain('Your files are as they were');
  expect(explainPhase({ kind: 'missing', cause: 'root-missing' })?.cause).toContain('Nothing was deleted');
  expect(explainPhase({ kind: 'reading-first' })?.cause).toContain('Nothing here is sent');
  expect(explainPhase({ kind: 'running' })).toBeUndefined();
});

test('the system’s code is added to the cause of a problem', () => {
  const problem = { kind: 'no-holder', path: undefined, where: 'file' } as const;
  expect(explainProblem(problem).cause).toBe('No connected device has it.');
  expect(explainProblem({ ...problem, cause: 'EIO' }).cause).toBe('No connected device has it (EIO).');
});

test('a question names what it is about', () => {
  const change = { folder: 'Photos', device: 'Laptop' };
  expect(massChangeSentence({ ...change, removed: 1, replaced: 0 })).toBe(
    'Changes made on Laptop would remove 1 file in Photos here. Is that meant?',
  );
  expect(massChangeSentence({ ...change, removed: 0, replaced: 2 })).toContain('would replace 2 files in');
  expect(massChangeSentence({ ...change, removed: 3, replaced: 2 })).toContain(
    'remove 3 files and replace 2 files',
  );
  expect(setAsideSentence({ ...change, isReader: true, paths: 1 })).toContain('allowed only to read');
  expect(setAsideSentence({ ...change, isReader: false, paths: 2 })).toContain('2 changes in Photos');
  expect(pendingSentence('')).toBe('A device asks to join. Let it in?');
  expect(pendingSentence('Laptop')).toBe('Laptop asks to join. Let it in?');
});
