import { describe, expect, it } from 'vitest';
import type { DiskKind } from '../model/disk.ts';
import { relativePath } from '../model/path.ts';
import { ignorePatterns, makeIgnoreRules } from './ignore-rules.ts';

describe('the ignore file', () => {
  it.each<{ says: string; text: string; path: string; kind?: DiskKind; ignored: boolean; rule?: string }>([
    { says: 'a name anywhere', text: '*.log', path: 'a/b/x.log', ignored: true, rule: '*.log' },
    {
      says: 'a directory, for itself',
      text: 'build/',
      path: 'build',
      kind: 'directory',
      ignored: true,
      rule: 'build/',
    },
    { says: 'a directory rule says nothing of a file', text: 'build/', path: 'build', ignored: false },
    {
      says: 'all that lies in a directory',
      text: 'build/',
      path: 'a/build/deep/x',
      ignored: true,
      rule: 'build/',
    },
    { says: 'only at the top', text: '/x', path: 'a/x', ignored: false },
    { says: 'the last rule that fits', text: '*.log\n!keep.log', path: 'keep.log', ignored: false },
    {
      says: 'nothing below a directory left out comes back',
      text: 'd/\n!d/x',
      path: 'd/x',
      ignored: true,
      rule: 'd/',
    },
    { says: 'case counts', text: 'Build/', path: 'build/x', ignored: false },
    { says: 'line ends of other systems', text: 'a\r\nb\r\n', path: 'b', ignored: true, rule: 'b' },
    { says: 'a built-in rule', text: '', path: '.DS_Store', ignored: true, rule: '^\\.DS_Store$' },
    { says: 'a built-in rule taken back', text: '!.DS_Store', path: '.DS_Store', ignored: false },
    { says: 'never the ignore file itself', text: '*', path: '.lockstepignore', ignored: false },
  ])('$says [SC13]', ({ text, path, kind = 'file', ignored, rule }) => {
    const said = makeIgnoreRules(text).explain(relativePath(path), kind);
    expect(said).toEqual({ ignored, rule: rule ?? null });
  });

  it.each<{ path: string; kind?: DiskKind; ignored: boolean }>([
    { path: 'd/.DS_Store', ignored: true },
    { path: 'd/Thumbs.db', ignored: true },
    { path: 'thumbs.DB', ignored: true },
    { path: 'd/~$letter.docx', ignored: true },
    { path: '~$sums.xls', ignored: true },
    { path: '.~lock.letter.odt#', ignored: true },
    { path: '.letter.txt.swp', ignored: true },
    { path: '.#letter.txt', kind: 'symlink', ignored: true },
    // What a person may have made.
    { path: '.#letter.txt', ignored: false },
    { path: '.swp', ignored: false },
    { path: '~$letter.txt', ignored: false },
    { path: 'letter.txt~', ignored: false },
    { path: 'letter.bak', ignored: false },
    { path: '4913', ignored: false },
    { path: '._letter.txt', ignored: false },
    { path: 'desktop.ini', ignored: false },
    { path: 'Thumbs.db', kind: 'directory', ignored: false },
    { path: '.DS_Store', kind: 'directory', ignored: false },
  ])(
    'without a rule of its own: $path ($kind), left out: $ignored [SC13]',
    ({ path, kind = 'file', ignored }) => {
      expect(makeIgnoreRules('').isIgnored(relativePath(path), kind)).toBe(ignored);
    },
  );

  it('still knows its rules after any number of questions', () => {
    const rules = makeIgnoreRules('*.log');
    for (let i = 0; i < 50_000; i++) rules.isIgnored(relativePath(`f${i}.log`), 'file');
    expect(rules.isIgnored(relativePath('last.log'), 'file')).toBe(true);
    expect(rules.isIgnored(relativePath('last.txt'), 'file')).toBe(false);
  });

  it('lists its patterns with their lines', () => {
    expect(ignorePatterns('# what is made anew\n\nbuild/\n*.log\n')).toEqual([
      { pattern: 'build/', line: 3 },
      { pattern: '*.log', line: 4 },
    ]);
  });
});
