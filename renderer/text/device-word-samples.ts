import type { DeviceWords } from './en/devices.ts';
import type { ErrorWords } from './en/errors.ts';
import type { PairingWords } from './en/pairing.ts';
import type { ProblemWords } from './en/problems.ts';
import type { LimitsWords } from './en/limits.ts';
import type { SettingsWords } from './en/settings.ts';
import type { StatusWords } from './en/status.ts';
import { A, B, counts, name, names, now, type Samples, earlier } from './sample-values.ts';
import type { Words } from './words.ts';

const event = { id: 'e', at: earlier, by: A, devices: [B], how: 'lost', counts: true } as const;
const facts = {
  isRemoved: false,
  needFiles: 0,
  pendingLocal: 0,
  isScanning: false,
  problems: 0,
  conflicts: 0,
  questions: 0,
  folders: 1,
  members: 1,
  connected: 7,
  holding: 1,
  behind: 0,
  differing: 0,
};
const about = { folder: A, device: B, isOwn: false };

/** Of devices, settings, and what is told of the whole. */
export const deviceSamples: Samples<
  DeviceWords & PairingWords & SettingsWords & LimitsWords & StatusWords & ProblemWords & ErrorWords
> = {
  detailsOf: name,
  deviceTitle: [],
  pairedBy: (['founder', 'sas', 'invite', 'typed'] as const).flatMap(
    (method): readonly (readonly ['founder', string | undefined])[] => [
      [method as 'founder', undefined],
      [method as 'founder', A],
    ],
  ) as never,
  connectedVia: [[''], [A]],
  missesRemovals: names,
  alarm: [['identity-in-two-places'], [A]],
  event: (['founded', 'added', 'removed', 'recovered'] as const).flatMap((kind) => [
    [{ ...event, kind }, (key: string) => key],
    [{ ...event, kind, how: null, counts: false }, (key: string) => key],
  ]) as never,
  eventAt: [
    [null, now],
    [earlier, now],
  ],
  heardYes: name,
  heardNot: [
    [A, null, now],
    [A, earlier, now],
  ],
  removedChip: counts,
  removeTitle2: name,
  removeAddedBy: [[A, B]],
  removeUndoCount: counts,
  removedTitle: name,
  removedUndone: counts,
  changesTitle: name,
  changeLine: [
    ['written', true],
    ['written', false],
    ['deleted', false],
  ],
  changeSelect: name,
  putBack: counts,
  putBackAll: counts,
  outTitle: [[[]], ...names],
  outWhen: [
    [null, now, null],
    [earlier, now, 'stolen'],
    [earlier, now, 'lost'],
  ],
  outMutual: names,
  outTheirsBody: names,
  outTheirsButton: names,
  thisOne: name,

  nearbyAsks: name,
  nearbyPairWith: name,
  pairCodeTitle: name,
  pairConfirm: name,
  pairDigitsTitle: name,
  pairDigitsWrong: [[1], [2]],
  pairMatchedBody: name,
  keyAllowed: [[86_400]],

  numberWrong: [[7, 41]],
  limitWrong: [[41]],
  scheduleRemove: name,
  scheduleEntry: [[A, B, '7']],
  scheduleSends: name,
  scheduleReceives: name,
  version: [],
  questionSince: [[earlier, now]],
  questionBadge: counts,
  chooseTitle: name,
  ignoreRemove: name,
  ignoreSays: [
    [A, true, null],
    [A, true, B],
    [A, false, null],
  ],
  firstStep: [[2]],

  asksToJoin: [[[A]], [[A, B]]],
  status: [
    [{ state: 'paused', pausedBy: 'person', facts }, undefined],
    [{ state: 'paused', pausedBy: 'person', facts }, A],
    [{ state: 'paused', pausedBy: 'schedule', facts }, A],
    [{ state: 'attention', pausedBy: null, facts: { ...facts, isRemoved: true } }, undefined],
    [{ state: 'attention', pausedBy: null, facts: { ...facts, questions: 7 } }, undefined],
    [{ state: 'attention', pausedBy: null, facts: { ...facts, conflicts: 7 } }, undefined],
    [{ state: 'attention', pausedBy: null, facts: { ...facts, problems: 40, conflicts: 1 } }, undefined],
    [{ state: 'syncing', pausedBy: null, facts: { ...facts, isScanning: true } }, undefined],
    [{ state: 'syncing', pausedBy: null, facts: { ...facts, needFiles: 7 } }, undefined],
    [{ state: 'syncing', pausedBy: null, facts: { ...facts, pendingLocal: 7 } }, undefined],
    [{ state: 'syncing', pausedBy: null, facts: { ...facts, behind: 7, differing: 7 } }, undefined],
    [{ state: 'syncing', pausedBy: null, facts: { ...facts, behind: 7 } }, undefined],
    [{ state: 'offline', pausedBy: null, facts: { ...facts, members: 0 } }, undefined],
    [{ state: 'offline', pausedBy: null, facts }, undefined],
    [{ state: 'idle', pausedBy: null, facts: { ...facts, folders: 0 } }, undefined],
    [{ state: 'idle', pausedBy: null, facts: { ...facts, holding: 0 } }, undefined],
    [{ state: 'idle', pausedBy: null, facts: { ...facts, holding: 7 } }, undefined],
  ],
  question: [
    [{ kind: 'mass-change', counts: { removed: 7, replaced: 0 }, isReader: false }, about],
    [{ kind: 'mass-change', counts: { removed: 7, replaced: 41 }, isReader: false }, about],
    [
      { kind: 'mass-change', counts: { removed: 7, replaced: 0 }, isReader: false },
      { ...about, isOwn: true },
    ],
    [{ kind: 'removed-device', counts: { removed: 0, replaced: 7 }, isReader: false }, about],
    [{ kind: 'removed-device', counts: { removed: 0, replaced: 7 }, isReader: true }, about],
    [{ kind: 'pending-device', counts: { removed: 0, replaced: 0 }, isReader: false }, about],
  ],
  explainPath: [
    [{ reason: 'deleted' }, A],
    [{ reason: 'alone' }, ''],
    [{ reason: 'unreadable' }, ''],
  ],
  explainError: (
    [
      ['bad-argument', ['typed-name', 'typed-words', 'device-key-own', 'device-key']],
      ['not-found', ['place', 'content']],
      ['ambiguous', []],
      ['already-exists', ['member', 'joining']],
      ['directory-missing', []],
      ['not-a-directory', []],
      ['folder-inside-folder', []],
      ['folder-elsewhere', []],
      ['home-in-use', []],
      ['home-unusable', []],
      ['home-inside-folder', []],
      ['not-running', []],
      ['timed-out', ['join']],
      ['person-needed', []],
      ['invitation-unreadable', ['own', 'version']],
      ['invitation-used', []],
      ['invitation-refused', ['declined', 'not-heard', 'busy', 'failed', 'expired']],
      ['pairing-refused', ['wrong-code', 'expired', 'declined', 'busy', 'failed']],
      ['already-in-group', []],
      ['no-group', []],
      ['not-member', []],
      ['unreachable', []],
      ['key-unreadable', []],
      ['key-exposed', []],
      ['key-locked', ['keyring', 'passphrase']],
      ['index-unreadable', []],
      ['disk-failed', []],
      ['no-space', []],
      ['peer-misbehaved', []],
      ['version-unsupported', []],
      [
        'not-allowed',
        [
          'recovery-code',
          'removed-already',
          'remove-self',
          'folder-paused',
          'undone-already',
          'file-in-the-way',
        ],
      ],
      ['interrupted', ['pairing']],
      ['internal', []],
    ] as const
  ).flatMap(([code, whats]) =>
    ['other', ...whats].map((what) => [{ code, facts: { what, path: A }, retry: 'never' as const }] as const),
  ) as never,
};

export const askSamples: Samples<Words['asks']> = {
  removeTitle: name,
  removeField: name,
  removeConfirm: [[1], [7]],
  removeVoids: [[earlier]],
  removeUndoes: [[earlier]],
  leaveBody: counts,
  typeBackBody: [[7, 41]],
  typeBackField: [[7, 41]],
};

export const traySamples: Samples<Words['tray']> = {
  question: counts,
  resolve: counts,
  tooltip: [],
  newsAsks: name,
  newsConflicts: counts,
  newsRemoved: name,
  newsFullBody: name,
  newsStuckBody: [
    [A, 0],
    [A, 1],
    [A, 41],
  ],
  chooseJoin: name,
};

export const happenedSamples: Samples<Words['tray']['happened']> = {
  written: name,
  deleted: name,
  conflict: name,
  resolved: name,
  kept: name,
  restored: name,
  undone: name,
  allowed: name,
  'set-aside': name,
};
