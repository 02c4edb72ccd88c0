import { describe, expect, test } from 'vitest';
import { askSamples, deviceSamples, happenedSamples, traySamples } from './device-word-samples.ts';
import { A, B, type Samples } from './sample-values.ts';
import { fileSamples } from './file-word-samples.ts';
import { chooseLocale, createWords, type Words } from './words.ts';

const samples: Samples<Words> = { ...fileSamples, ...deviceSamples };

type Said = ReadonlyMap<string, string>;

/** Every word by its place, functions called with their samples. */
function sayAll(words: Words): Said {
  const said = new Map<string, string>();
  const call = (place: string, part: object, with_: object): void => {
    for (const [key, calls] of Object.entries(with_))
      for (const [i, args] of (calls as readonly (readonly unknown[])[]).entries())
        said.set(
          `${place}${key}#${i}`,
          (part as Record<string, (...args: unknown[]) => string>)[key]?.(...args) ?? '',
        );
  };
  const walk = (place: string, value: unknown): void => {
    if (typeof value === 'string') said.set(place, value);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(`${place}.${key}`, inner);
  };
  const { format: _, locale: __, direction: ___, ...own } = words;
  walk('', own);
  call('', words, samples);
  call('asks.', words.asks, askSamples);
  call('tray.', words.tray, traySamples);
  call('happened.', words.tray.happened, happenedSamples);
  for (const kind of ['no-space', 'changing', 'root-missing', 'reading-first'] as const)
    for (const [part, text] of Object.entries(words.explainProblem({ kind, code: 'ΩIO' })))
      said.set(`problem.${kind}.${part}`, text);
  return said;
}

const english = sayAll(createWords('en'));

/** What is told from every word and so has to be in every language: names, and numbers that were given. */
const marks = (text: string): readonly string[] =>
  [A, B, 'ΩIO', '41', '7'].filter((mark) => new RegExp(`(?<![\\d.,])${mark}(?![\\d])`).test(text));

/** Names and signs that every language has as they are. */
const asTheyAre =
  /Lockstep|lockstep start|Linux|fs\.inotify\.\w+|\(from .*?\)|\.gitignore|\*\.tmp|build\/|\/notes\.txt|\/notizen\.txt|Windows-1252|UTF-\d+|GNOME|KWallet|QR|English|Deutsch|Alt\+|Name|Text|Version|Start|\b[kM]B(\/s)?\b|\bms\b|Ωmega|Ψsi|ΩIO/g;
const unlikely =
  /\b(the|this|that|device|devices|file|files|folder|you|your|with|what|not|are|is|it|to|of|and|for)\b/i;

describe.each(['de', 'zh'] as const)('%s', (language) => {
  const own = sayAll(createWords(language));

  test('has every word that English has, and no other', () => {
    expect([...own.keys()].toSorted()).toEqual([...english.keys()].toSorted());
    expect([...own.values()].filter((text) => /undefined|null|NaN|\[object/.test(text))).toEqual([]);
  });

  test('names and numbers stand where English has them', () => {
    const other = [...english].filter(
      ([place, text]) => marks(own.get(place) ?? '').join() !== marks(text).join(),
    );
    expect(other.map(([place, text]) => `${place}: ${text} / ${own.get(place)}`)).toEqual([]);
  });

  test('no English is left over', () => {
    const left = [...own].filter(([place, text]) => {
      const rest = text.replaceAll(asTheyAre, '');
      if (unlikely.test(rest)) return true;
      if (language === 'zh') return /[a-z]{2}/i.test(rest);
      return text === english.get(place) && /[a-z]{3}/i.test(rest);
    });
    expect(left).toEqual([]);
  });
});

test('of plurals each language has its own forms', () => {
  const of = (locale: string, n: number): string => createWords(locale).conflictBadge(n);
  expect([0, 1, 2].map((n) => of('en', n))).toEqual([
    '0 conflicts are open',
    '1 conflict is open',
    '2 conflicts are open',
  ]);
  expect([0, 1, 2].map((n) => of('de', n))).toEqual([
    '0 Konflikte sind offen',
    '1 Konflikt ist offen',
    '2 Konflikte sind offen',
  ]);
  expect([0, 1, 2].map((n) => of('zh', n))).toEqual(['0 个冲突待解决', '1 个冲突待解决', '2 个冲突待解决']);
});

test('this device stands in each sentence as German has it', () => {
  const t = createWords('de');
  const at = '2026-03-05T12:00:00.000Z';
  const item = {
    id: 'i',
    at,
    folderId: 'f',
    path: 'p',
    device: '',
    isNew: false,
    undoable: false,
    kind: 'written',
  } as const;
  expect(t.happened(item, t.thisDeviceInText)).toBe('von diesem Gerät geändert');
  expect(t.alsoOn([t.thisDeviceInText, 'NAS'])).toBe('Auch auf: diesem Gerät und NAS');
  expect(t.pairedBy('invite', t.thisDeviceInText)).toBe('Kam durch eine Einladung, auf diesem Gerät.');
  expect(t.capital(t.thisDeviceInText)).toBe('Dieses Gerät');
});

test.each([
  ['system', ['de-AT', 'en-GB'], 'de-AT'],
  ['system', ['fr-FR', 'zh-Hans-CN', 'de'], 'zh-Hans-CN'],
  ['system', ['fr-FR', 'not a locale'], 'en'],
  ['system', [], 'en'],
  ['en', ['de-DE', 'en-GB'], 'en-GB'],
  ['zh', ['de-DE'], 'zh'],
] as const)('with the choice %s and the system’s %j the locale is %s', (choice, preferred, locale) => {
  expect(chooseLocale(choice, preferred)).toBe(locale);
});

test('a language there are no words in is answered in English', () => {
  expect(createWords('fr-FR').locale).toBe('en');
  expect(createWords('de-CH').screens.folders).toBe('Ordner');
  expect(createWords('zh-Hans').screens.folders).toBe('文件夹');
});
