import fs from 'node:fs';
import { waitUntil } from '../../harness/harness.ts';
import type { Act } from './scene.ts';

/** Acts of users on files: once done they are done. */
export const handActs: readonly Act[] = [
  {
    says: 'makes files, directories, a link and a program',
    async run({ save, at, author, bytes }) {
      save(author, 'small', bytes('small', 100));
      save(author, 'some chunks', bytes('some chunks', 400_000));
      fs.mkdirSync(at(author, 'inner'));
      save(author, 'inner/empty', '');
      save(author, 'inner/program', bytes('program', 3000));
      fs.chmodSync(at(author, 'inner/program'), 0o755);
      fs.symlinkSync('inner/program', at(author, 'link'));
    },
  },
  {
    says: 'saves over files, by a rename and in place',
    before({ save, author, bytes }) {
      for (const name of ['replaced', 'rewritten', 'longer']) save(author, name, bytes(name, 300));
    },
    async run({ save, at, author, bytes }) {
      save(author, 'aside', bytes('replaced anew', 250_000));
      fs.renameSync(at(author, 'aside'), at(author, 'replaced'));
      save(author, 'rewritten', bytes('rewritten anew', 500));
      save(author, 'longer', Buffer.concat([bytes('longer', 300), bytes('longer still', 300)]));
    },
  },
  {
    says: 'renames files and a directory, and swaps two names',
    before({ save, at, author, bytes }) {
      for (const name of ['a', 'b', 'c', 'd']) save(author, name, bytes(name, 200));
      for (const name of ['from', 'to']) fs.mkdirSync(at(author, name));
      save(author, 'from/inner', bytes('inner', 200));
    },
    async run({ at, author }) {
      const rename = (from: string, to: string): void => fs.renameSync(at(author, from), at(author, to));
      rename('a', 'to/a');
      rename('from', 'from, renamed');
      rename('b', 'b, renamed');
      rename('c', 'aside');
      rename('d', 'c');
      rename('aside', 'd');
    },
  },
  {
    says: 'deletes files and a directory with what is in it',
    before({ save, at, author, bytes }) {
      fs.mkdirSync(at(author, 'tree'));
      for (const name of ['file', 'tree/one', 'tree/two', 'stays']) save(author, name, bytes(name, 200));
    },
    async run({ at, author }) {
      fs.rmSync(at(author, 'file'));
      fs.rmSync(at(author, 'tree'), { recursive: true });
    },
  },
  {
    says: 'makes a directory of a file, a file of a directory, a link of a file',
    before({ save, at, author, bytes }) {
      fs.mkdirSync(at(author, 'directory'));
      for (const name of ['file', 'directory/inner', 'linked']) save(author, name, bytes(name, 200));
    },
    async run({ save, at, author, bytes }) {
      for (const name of ['file', 'directory', 'linked']) fs.rmSync(at(author, name), { recursive: true });
      fs.mkdirSync(at(author, 'file'));
      save(author, 'file/inner', bytes('inner of what was a file', 200));
      save(author, 'directory', bytes('was a directory', 200));
      fs.symlinkSync('directory', at(author, 'linked'));
    },
  },
  {
    says: 'touches a file and makes another executable',
    before({ save, author, bytes }) {
      for (const name of ['touched', 'program']) save(author, name, bytes(name, 200));
    },
    async run({ at, author }) {
      fs.utimesSync(at(author, 'touched'), 1_500_000_000, 1_500_000_000);
      fs.chmodSync(at(author, 'program'), 0o755);
    },
    async check({ at, other }) {
      await waitUntil(
        'time and mode have come',
        () =>
          fs.statSync(at(other, 'touched')).mtimeMs === 1_500_000_000_000 &&
          (fs.statSync(at(other, 'program')).mode & 0o777) === 0o755,
      );
    },
  },
];
