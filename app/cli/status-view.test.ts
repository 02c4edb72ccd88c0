import { expect, test } from 'vitest';
import { inStepFacts, noLimits } from '../testing/picture-of.ts';
import type { FolderStatus, Status } from '../../core/engine/engine.ts';
import { createProgress, statusLine, statusLines } from './status-view.ts';

const folder: FolderStatus = {
  id: 'f1',
  name: 'Work',
  path: '/home/anna/Work',
  state: 'up-to-date',
  pausedUntil: null,
  files: 1204,
  directories: 30,
  bytes: 3 * 1024 ** 3,
  needFiles: 0,
  needBytes: 0,
  pendingLocal: 0,
  conflicts: 0,
  etaS: null,
  problems: [],
  moreProblems: 0,
  holders: [{ key: 'L', inStep: true, needFiles: 0, part: false, differs: false }],
};
const status: Status = {
  deviceKey: 'K',
  name: 'studio',
  state: 'idle',
  sentence: 'Up to date with 1 device.',
  facts: inStepFacts,
  peers: [
    {
      key: 'L',
      name: 'laptop',
      state: 'connected',
      address: '/ip4/10.0.0.2/tcp/1',
      rttMs: 3.21,
      sendBps: 12,
      receiveBps: 0,
    },
  ],
  folders: [folder],
  pausedUntil: null,
  pausedBy: null,
  limits: noLimits.now,
  questions: 0,
  incomplete: [],
  totals: { sentBytes: 0, receivedBytes: 0 },
};
const syncing: Status = {
  ...status,
  state: 'syncing',
  sentence: 'Syncing: 3 items to come.',
  folders: [{ ...folder, state: 'syncing', needFiles: 3, needBytes: 40 * 1024 ** 2, etaS: 4 }],
};

test('who else keeps a folder, and how much of it', () => {
  const holders = [
    { key: 'L', inStep: true, needFiles: 0, part: true, differs: false },
    { key: 'LONGKEY', inStep: false, needFiles: 2, part: false, differs: false },
    { key: 'M', inStep: false, needFiles: 0, part: false, differs: false },
    { key: 'N', inStep: false, needFiles: 0, part: false, differs: true },
  ];
  expect(statusLines({ ...status, folders: [{ ...folder, holders }] }).join('\n')).toContain(
    'laptop (a part), LONGKEY (2 items behind), M (comparing), N (holds something else)',
  );
});

test('a device alone is told how to bring in another, and one that was removed how to come back', () => {
  const alone = (isRemoved: boolean): string | undefined =>
    statusLines({ ...status, peers: [], facts: { ...inStepFacts, isRemoved } }).at(-1);
  expect(alone(false)).toContain('`lockstep device invite`');
  expect(alone(true)).toMatch(/`lockstep group history`.*`lockstep recover`/);
});

test('a pause is told with its end by the clock of this machine, and by whom', () => {
  const paused: Status = { ...status, state: 'paused', sentence: 'Paused.', pausedBy: 'person' };
  const until = new Date(2026, 2, 5, 18, 0).toISOString();
  expect(
    [
      paused,
      { ...paused, pausedUntil: until },
      { ...paused, pausedUntil: until, pausedBy: 'schedule' as const },
      { ...paused, sentence: 'Paused by schedule.', pausedBy: 'schedule' as const },
    ].map((told) => statusLines(told)[0]),
  ).toEqual([
    'studio: Paused.',
    'studio: Paused until 2026-03-05 18:00.',
    'studio: Paused until 2026-03-05 18:00 by schedule.',
    'studio: Paused by schedule.',
  ]);
});

test('a folder that is paused by itself says until when', () => {
  const pausedUntil = new Date(2026, 2, 5, 18, 0).toISOString();
  const lines = statusLines({ ...status, folders: [{ ...folder, state: 'paused', pausedUntil }] });
  expect(lines.join('\n')).toContain('Work    paused until 2026-03-05 18:00  1,204 files');
});

test('rates that hold are told, with their end if that is for the schedule', () => {
  const until = new Date(2026, 2, 5, 18, 0).toISOString();
  const limits = { ...status.limits, sendBps: 512_000, until };
  expect(
    [limits, { ...limits, receiveBps: 20_480, bySchedule: true }].map(
      (now) => statusLines({ ...status, limits: now })[1],
    ),
  ).toEqual([
    'Limited: sending at most 500 KiB/s.',
    'Limited: sending at most 500 KiB/s, receiving at most 20 KiB/s until 2026-03-05 18:00 by schedule.',
  ]);
});

test('the picture of a device at rest', () => {
  expect(statusLines(status)).toEqual([
    'studio: Up to date with 1 device.',
    '',
    'FOLDER  STATE       CONTENT             ALSO ON  WHERE',
    'Work    up to date  1,204 files, 3 GiB  laptop   /home/anna/Work',
    '',
    'DEVICE  STATE      TRAFFIC      ADDRESS',
    'laptop  connected  3.2 ms away  /ip4/10.0.0.2/tcp/1',
  ]);
});

test('a device alone is told what to do next', () => {
  const lines = statusLines({ ...status, folders: [], peers: [] });
  expect(lines.join('\n')).toMatch(/folder add[\s\S]*device invite/);
});

test('each problem is told with its cause and what helps, the first ten of them', () => {
  const problems = Array.from({ length: 12 }, (_, index) => ({
    path: `a${index}`,
    kind: 'unreadable' as const,
    code: null,
    cause: 'It cannot be read.',
    action: 'Check it.',
  }));
  const lines = statusLines({ ...status, folders: [{ ...folder, state: 'attention', problems }] });
  expect(lines).toContain('! a0: It cannot be read. Check it.');
  expect(lines.filter((line) => line.startsWith('! a'))).toHaveLength(11);
  expect(lines).toContain('! and 2 more');
});

test('progress counts from the most there was to do until there is nothing', () => {
  const progress = createProgress();
  const at = (needBytes: number): Status => ({
    ...syncing,
    folders: [{ ...folder, state: 'syncing', needFiles: 1, needBytes }],
  });
  for (const [needBytes, share] of [
    [50, 0],
    [100, 0],
    [25, 0.75],
    [0, undefined],
    [10, 0],
  ] as const) {
    progress.see(at(needBytes));
    expect(progress.of('f1')).toBe(share);
  }
});

test('in one line: what is to come, how fast, how long, with whom', () => {
  const progress = createProgress();
  progress.see(syncing);
  expect(statusLine(syncing, progress)).toBe(
    'Syncing: 3 items to come. | Work syncing 0 %, 3 items, 40 MiB to go, about 4 s | 1 of 1 device connected',
  );
  expect(statusLine(status, progress)).toBe('Up to date with 1 device. | 1 of 1 device connected');
});
