import { expect, test } from 'vitest';
import { createWords } from '../renderer/text/words.ts';
import type { StoredSettings } from './app-settings.ts';
import type { Picture, PictureFolder } from './ipc/contract.ts';
import { createStuckNews } from './stuck-news.ts';
import { folderOf, pictureOf } from './testing/picture-of.ts';

const hourMs = 3_600_000;

/** What a program remembers, over its restarts. */
function remembering() {
  let settings: Pick<StoredSettings, 'stuck'> = { stuck: { toldAt: 0, paths: [] } };
  let now = Date.parse('2026-03-05T12:00:00.000Z');
  const shown: string[] = [];
  const desk = { isWanted: true };
  /** The program, started once more; `pass` lets time go by for it. */
  const start = () => {
    let due: { readonly at: number; run(): void } | undefined;
    const { see } = createStuckNews({
      clock: {
        now: () => now,
        after(delayMs, run) {
          const mine = { at: now + delayMs, run };
          due = mine;
          return () => {
            if (due === mine) due = undefined;
          };
        },
      },
      settings: {
        current: () => settings as StoredSettings,
        change: (changes) => {
          settings = { ...settings, ...changes };
        },
      },
      isWanted: () => desk.isWanted,
      words: () => createWords('en'),
      show: ({ screen, title, body }) => void shown.push(`${screen}: ${title}: ${body}`),
    });
    const pass = (hours: number): void => {
      const end = now + hours * hourMs;
      for (let next = due; next !== undefined && next.at <= end; next = due) {
        due = undefined;
        now = next.at;
        next.run();
      }
      now = end;
    };
    return { see, pass };
  };
  /** Time in which the program does not run. */
  const rest = (hours: number): void => {
    now += hours * hourMs;
  };
  return { start, rest, shown, desk, paths: () => settings.stuck.paths.map(({ path }) => path) };
}

const problem = (path: string, kind: PictureFolder['problems'][number]['kind'] = 'unwritable') => ({
  path,
  kind,
  code: null,
  cause: '',
  action: '',
});
const withProblems = (...problems: PictureFolder['problems']): Picture => ({
  ...pictureOf({ state: 'attention' }),
  folders: [folderOf({ name: 'Documents', state: 'attention', problems })],
});
const calm = pictureOf({ state: 'idle', folders: ['Documents'] });
const starting: Picture = {
  ...pictureOf({ state: 'syncing' }),
  folders: [folderOf({ name: 'Documents', state: 'scanning' })],
};
const told = (name: string): string => `folders: Not synced for a day: “${name}”: see why, and what helps.`;

test('what could not be synced for a day is told once, all together, though nothing else happens', () => {
  const { start, shown } = remembering();
  const { see, pass } = start();
  see(withProblems(problem('a/one.txt')));
  pass(6);
  see(withProblems(problem('a/one.txt'), problem('two.txt')));
  pass(17);
  expect(shown).toEqual([]);
  pass(8);
  expect(shown).toEqual([told('one.txt')]);
  pass(24);
  see(withProblems(problem('a/one.txt'), problem('two.txt')));
  expect(shown.slice(1)).toEqual([told('two.txt')]);
  pass(100);
  expect(shown).toHaveLength(2);
});

test('several are one notification', () => {
  const { start, shown } = remembering();
  const { see, pass } = start();
  see(withProblems(problem('', 'root-missing'), problem('two.txt'), problem('three.txt')));
  pass(25);
  expect(shown).toEqual([
    'folders: Not synced for a day: “Documents” and 2 others: see why, and what helps.',
  ]);
});

test('a restart neither begins the day anew nor tells again, though a device that starts knows of no problems yet', () => {
  const { start, shown } = remembering();
  const first = start();
  first.see(withProblems(problem('one.txt')));
  first.pass(20);
  const second = start();
  second.see(starting);
  // One of them was found again, the other not yet.
  second.see(withProblems(problem('another.txt')));
  second.see(withProblems(problem('another.txt'), problem('one.txt')));
  second.pass(5);
  expect(shown).toEqual([told('one.txt')]);
  const third = start();
  third.see(starting);
  third.see(withProblems());
  third.see(withProblems(problem('one.txt')));
  third.pass(100);
  expect(shown).toEqual([told('one.txt')]);
});

test('what was mended is forgotten, and told of anew when it is stuck again for a day', () => {
  const { start, shown, paths } = remembering();
  const { see, pass } = start();
  see(withProblems(problem('one.txt')));
  pass(25);
  see(calm);
  pass(2);
  expect(paths()).toEqual([]);
  see(withProblems(problem('one.txt')));
  pass(23);
  expect(shown).toHaveLength(1);
  pass(2);
  expect(shown).toHaveLength(2);
});

test('what came and went long ago is not taken for one long trouble', () => {
  const { start, rest, shown } = remembering();
  const first = start();
  first.see(withProblems(problem('one.txt')));
  first.see(calm);
  first.pass(0.5);
  rest(72);
  const later = start();
  later.see(withProblems(problem('one.txt')));
  later.pass(1);
  expect(shown).toEqual([]);
});

test.each([
  'special-file',
  'local-change',
  'read-only',
  'ignored-change',
  'not-taken',
  'mass-change',
] as const)('nothing is told of %s: it is so by choice, or is asked about', (kind) => {
  const { start, shown, paths } = remembering();
  const { see, pass } = start();
  see(withProblems(problem('one.txt', kind)));
  pass(48);
  expect(shown).toEqual([]);
  expect(paths()).toEqual([]);
});

test('who wants no news, or looks at the window, is told when that changes', () => {
  const { start, shown, desk } = remembering();
  const { see, pass } = start();
  see(withProblems(problem('one.txt')));
  desk.isWanted = false;
  pass(30);
  expect(shown).toEqual([]);
  desk.isWanted = true;
  pass(1);
  expect(shown).toEqual([told('one.txt')]);
});

test('a clock that was set back begins the day anew and never counts into the future', () => {
  const { start, shown } = remembering();
  const { see, pass } = start();
  see(withProblems(problem('one.txt')));
  pass(-48);
  see(withProblems(problem('one.txt')));
  pass(23);
  expect(shown).toEqual([]);
  pass(2);
  expect(shown).toEqual([told('one.txt')]);
});

test('of a folder that is no longer kept nothing is remembered', () => {
  const { start, paths } = remembering();
  const { see } = start();
  see(withProblems(problem('one.txt')));
  expect(paths()).toEqual(['one.txt']);
  see(pictureOf({ state: 'idle' }));
  expect(paths()).toEqual([]);
});

test('a disk that takes no note of it is no obstacle', () => {
  const shown: string[] = [];
  const { see } = createStuckNews({
    clock: { now: () => 100 * hourMs, after: () => () => {} },
    settings: {
      current: () =>
        ({
          stuck: {
            toldAt: 0,
            paths: [{ folderId: 'documents', path: 'one.txt', since: 0, goneSince: null, isTold: false }],
          },
        }) as unknown as StoredSettings,
      change() {
        throw new Error('ENOSPC');
      },
    },
    isWanted: () => true,
    words: () => createWords('en'),
    show: ({ title }) => void shown.push(title),
  });
  see(withProblems(problem('one.txt', 'no-space')));
  expect(shown).toEqual(['Not synced for a day']);
});
