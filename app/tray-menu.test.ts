import { expect, test } from 'vitest';
import { createFormat } from '../renderer/text/format.ts';
import { createWords } from '../renderer/text/words.ts';
import { itemOf, type PictureFacts, pictureOf } from './testing/picture-of.ts';
import { type TrayLine, trayFace } from './tray-menu.ts';

const running = { kind: 'running' } as const;
/** `(Paused until 15:00.)` in whatever zone the test runs. */
const now = Date.parse('2026-03-05T13:00:00.000Z');
const manner = { words: createWords('en-GB'), now };
const three = createFormat('en-GB').time(Date.parse('2026-03-05T15:00:00.000Z'));

function labelsOf(lines: readonly TrayLine[]): readonly string[] {
  return lines.flatMap((line) => {
    switch (line.kind) {
      case 'line':
        return ['—'];
      case 'sentence':
        return [`(${line.label})`];
      case 'action':
        return [line.label];
      case 'submenu':
        return labelsOf(line.lines).map((inner) => `${line.label} ▸ ${inner}`);
    }
  });
}

const rows: readonly { says: string; facts: PictureFacts; icon: string; menu: readonly string[] }[] = [
  {
    says: 'an idle device with folders',
    facts: { state: 'idle', facts: { holding: 2 }, folders: ['Documents', 'Photos'] },
    icon: 'idle',
    menu: [
      '(Up to date with 2 devices.)',
      '—',
      'Open Lockstep',
      'Open folder ▸ Documents',
      'Open folder ▸ Photos',
      '—',
      'Pause ▸ 1 hour',
      'Pause ▸ Until tomorrow',
      'Pause ▸ Until I resume',
      '—',
      'Pair a device…',
      'Settings…',
      'Quit Lockstep (stops syncing)',
    ],
  },
  {
    says: 'a paused device offers to resume',
    facts: { state: 'paused', pausedUntil: '2026-03-05T15:00:00.000Z' },
    icon: 'paused',
    menu: [
      `(Paused until ${three}.)`,
      '—',
      'Open Lockstep',
      '—',
      'Resume syncing',
      '—',
      'Pair a device…',
      'Settings…',
      'Quit Lockstep (stops syncing)',
    ],
  },
  {
    says: 'a device that asks to join comes before everything else',
    facts: { state: 'offline', pending: ['NAS'] },
    icon: 'attention',
    menu: [
      '(“NAS” asks to join.)',
      '—',
      'Answer a device that asks to join…',
      'Open Lockstep',
      '—',
      'Pause ▸ 1 hour',
      'Pause ▸ Until tomorrow',
      'Pause ▸ Until I resume',
      '—',
      'Pair a device…',
      'Settings…',
      'Quit Lockstep (stops syncing)',
    ],
  },
  {
    says: 'conflicts come first, and recent changes lead to where they are shown',
    facts: {
      state: 'attention',
      facts: { problems: 1, conflicts: 1 },
      folders: ['Documents'],
      conflicts: 2,
      recent: [
        itemOf({ kind: 'conflict', path: 'letters/dear.txt' }),
        itemOf({ kind: 'restored', path: '' }),
        itemOf({ kind: 'deleted', path: 'a.txt' }),
      ],
    },
    icon: 'attention',
    menu: [
      '(2 things need you.)',
      '—',
      'Resolve 2 conflicts…',
      'Open Lockstep',
      'Open folder ▸ Documents',
      'Recent changes ▸ dear.txt was changed in two places',
      'Recent changes ▸ A whole folder was restored',
      'Recent changes ▸ a.txt was deleted',
      '—',
      'Pause ▸ 1 hour',
      'Pause ▸ Until tomorrow',
      'Pause ▸ Until I resume',
      '—',
      'Pair a device…',
      'Settings…',
      'Quit Lockstep (stops syncing)',
    ],
  },
];

test.each(rows)('$says', ({ facts, icon, menu }) => {
  const face = trayFace(running, pictureOf(facts), manner);
  expect(face.icon).toBe(icon);
  expect(menu[0]).toBe(`(${face.sentence})`);
  expect(face.tooltip).toBe(`Lockstep – ${face.sentence}`);
  expect(labelsOf(face.menu)).toEqual(menu);
});

test('a recent change opens the screen that shows what became of it', () => {
  const recent = [
    itemOf({ kind: 'conflict', path: 'a.txt' }),
    itemOf({ kind: 'restored', path: '' }),
    itemOf({ kind: 'written', path: 'b/c.txt' }),
  ];
  const { menu } = trayFace(running, pictureOf({ state: 'idle', recent }), manner);
  const lines = menu.flatMap((line) => (line.kind === 'submenu' ? line.lines : []));
  expect(lines.flatMap((line) => (line.kind === 'action' ? [line.action] : [])).slice(0, 3)).toEqual([
    { kind: 'go-to', screen: 'conflicts', target: { folderId: 'documents', path: 'a.txt' } },
    { kind: 'go-to', screen: 'activity' },
    { kind: 'go-to', screen: 'history', target: { folderId: 'documents', path: 'b/c.txt' } },
  ]);
});

test('an engine that does not run is never shown as up to date', () => {
  const picture = pictureOf({ state: 'idle' });
  for (const kind of ['starting', 'restarting', 'given-up'] as const) {
    const face = trayFace({ kind }, picture, manner);
    expect(face.icon).not.toBe('idle');
    expect(face.sentence).not.toContain('Up to date');
  }
});

test('an engine that was given up or refused can be started again', () => {
  const error = { code: 'home-in-use', facts: {}, retry: 'after-user' } as const;
  for (const state of [{ kind: 'given-up' }, { kind: 'refused', error }] as const) {
    const face = trayFace(state, undefined, manner);
    expect(face.icon).toBe('attention');
    expect(labelsOf(face.menu)).toContain('Start the engine again');
  }
});

test('the same picture makes the same face, so that an open menu is left alone', () => {
  const facts: PictureFacts = { state: 'idle', folders: ['Photos'] };
  expect(trayFace(running, pictureOf(facts), manner)).toEqual(trayFace(running, pictureOf(facts), manner));
});

test('the tray speaks the language that is chosen, and shows what a name would hide', () => {
  const recent = [itemOf({ kind: 'deleted', path: 'exe.\u202egnp' })];
  const picture = pictureOf({ state: 'idle', facts: { holding: 2 }, folders: ['Fotos'], recent });
  const face = trayFace(running, picture, { words: createWords('de'), now });
  expect(face.sentence).toBe('Aktuell mit 2 Geräten.');
  expect(labelsOf(face.menu)).toContain('Letzte Änderungen ▸ exe.⟨202E⟩gnp wurde gelöscht');
});
