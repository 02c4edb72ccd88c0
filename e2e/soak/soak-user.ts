import fs from 'node:fs';
import path from 'node:path';
import type { ControlClient } from '../../app/control/client.ts';
import type { ContentBook } from '../faults/rig/content-book.ts';
import { type SeededNumbers, seededBytes } from '../harness/lab-seeded.ts';

/** LIMIT: few names, so that users meet at the same ones. */
const names = ['a', 'b', 'c', 'd', 'e', 'Report.txt', 'photo.jpg', 'ä'] as const;
const directories = ['', 'one', 'two', 'one/inner'] as const;

/** One user at one host, who does one thing at a time. */
export interface SoakUser {
  /** Does something; resolves to what it was, or to undefined if it did not work out, as with names that are not there. */
  act(): Promise<string | undefined>;
}

/** What a user has. */
export interface UserParts {
  readonly seed: string;
  readonly numbers: SeededNumbers;
  readonly folder: string;
  readonly folderId: string;
  readonly book: ContentBook;
  /** Undefined while the device is off. */
  ask(): ControlClient | undefined;
}

export function createSoakUser({ seed, numbers, folder, folderId, book, ask }: UserParts): SoakUser {
  let written = 0;
  const pick = <T>(items: readonly T[]): T => items[numbers.below(items.length)] as T;
  const somewhere = (): string => path.join(folder, pick(directories), pick(names));
  const newBytes = (): Uint8Array => {
    written += 1;
    const sizeBytes = pick([20, 300, 4_000, 70_000, 300_000, 2_000_000]);
    return seededBytes(`${seed} ${written}`, 20 + numbers.below(sizeBytes));
  };
  /** Whoever removes or saves over what is there now knows what goes. */
  const goes = (place: string): void => {
    const stats = fs.lstatSync(place, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) for (const name of fs.readdirSync(place)) goes(path.join(place, name));
    else if (stats?.isFile() === true) book.forget(fs.readFileSync(place));
  };

  const acts: readonly (readonly [weight: number, what: string, run: () => Promise<void> | void])[] = [
    [
      6,
      'writes',
      () => {
        const place = somewhere();
        const bytes = newBytes();
        fs.mkdirSync(path.dirname(place), { recursive: true });
        const old = fs.lstatSync(place, { throwIfNoEntry: false });
        if (old !== undefined && !old.isFile()) throw new Error('not a file');
        goes(place);
        fs.writeFileSync(place, bytes);
        book.complete(bytes, place);
      },
    ],
    [
      5,
      'saves by renaming',
      () => {
        const place = somewhere();
        const bytes = newBytes();
        const aside = path.join(path.dirname(folder), `aside ${written}`);
        fs.writeFileSync(aside, bytes);
        try {
          goes(place);
          fs.renameSync(aside, place);
          book.complete(bytes, place);
        } finally {
          fs.rmSync(aside, { force: true });
        }
      },
    ],
    [
      3,
      'appends',
      () => {
        const place = somewhere();
        const old = fs.readFileSync(place);
        const more = newBytes().subarray(0, 1000);
        goes(place);
        fs.appendFileSync(place, more);
        book.complete(Buffer.concat([old, more]), place);
      },
    ],
    [
      4,
      'renames',
      () => {
        const [from, to] = [somewhere(), somewhere()];
        if (from === to || !fs.existsSync(from)) throw new Error('nothing to rename');
        goes(to);
        fs.renameSync(from, to);
      },
    ],
    [
      1,
      'renames a directory away and back',
      () => {
        const from = path.join(folder, pick(['one', 'two']));
        fs.renameSync(from, `${from} renamed`);
        fs.renameSync(`${from} renamed`, from);
      },
    ],
    [
      2,
      'deletes',
      () => {
        const place = somewhere();
        goes(place);
        fs.unlinkSync(place);
      },
    ],
    [
      0.3,
      'deletes a directory',
      () => {
        const place = path.join(folder, pick(['one', 'two', 'one/inner']));
        goes(place);
        fs.rmSync(place, { recursive: true });
      },
    ],
    [1, 'makes executable', () => fs.chmodSync(somewhere(), pick([0o644, 0o755]))],
    [1, 'touches', () => fs.utimesSync(somewhere(), 1_000_000_000 + numbers.below(1e8), 1_400_000_000)],
    [0.5, 'links', () => fs.symlinkSync('a', path.join(folder, pick(directories), 'link'))],
    [
      2,
      'settles a conflict',
      async () => {
        // Nobody settles what they cannot look at.
        const conflicts = ((await ask()?.call('conflictList', {})) ?? []).filter(({ versions }) =>
          versions.every(({ here }) => here),
        );
        if (conflicts.length === 0) throw new Error('no conflict');
        const { id, versions } = pick(conflicts);
        await ask()?.call('conflictResolve', {
          id,
          ...(numbers.below(2) === 0 ? {} : { keep: pick(versions).version }),
        });
      },
    ],
    [
      1,
      'restores',
      async () => {
        const place = somewhere();
        const versions = (await ask()?.call('history', { path: place })) ?? [];
        const old = versions.filter(({ here, current }) => here && !current);
        if (old.length === 0) throw new Error('no version');
        await ask()?.call('restore', { path: place, version: pick(old).version });
      },
    ],
    [0.3, 'undoes', async () => void (await ask()?.call('undo', {}))],
    [
      0.5,
      'pauses or goes on',
      async () => {
        const method = pick(['folderPause', 'folderResume'] as const);
        await ask()?.call(method, { folder: folderId });
      },
    ],
  ];
  const weights = acts.reduce((sum, [weight]) => sum + weight, 0);

  return {
    async act() {
      let left = (numbers.below(1_000_000) / 1_000_000) * weights;
      const chosen = acts.find(([weight]) => {
        left -= weight;
        return left < 0;
      });
      if (chosen === undefined) return undefined;
      const [, what, run] = chosen;
      try {
        await run();
        return what;
      } catch {
        // Names that are not there, devices that are off: a user shrugs.
        return undefined;
      }
    },
  };
}
