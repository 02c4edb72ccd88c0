import path from 'node:path';
import type { Command } from 'commander';
import type { FolderListing } from '../../../core/engine/engine.ts';
import { printable } from '../format.ts';
import { parsePath, usage } from '../parse.ts';
import type { AddCommand } from '../shell.ts';

const modes: readonly FolderListing['mode'][] = ['both', 'send', 'receive'];

const modeTexts: Readonly<Record<FolderListing['mode'], string>> = {
  both: 'changes go both ways',
  send: 'it only sends: nothing is changed here by other devices',
  receive: 'it only receives: what is changed here stays here',
};

interface SetOptions {
  readonly name?: string;
  readonly mode?: string;
  readonly select?: readonly string[];
  readonly selectAll?: boolean;
  readonly massChangeShare?: string;
  readonly massChangeCount?: string;
}

/** `lockstep folder set|permit|rescan|move|accept|revert`: how a folder is kept on this device. */
export function addFolderChoices(folder: Command, add: AddCommand): void {
  add(
    folder,
    'set <FOLDERID>',
    'set how a folder is kept here',
    async (surface, options: SetOptions, id: string) => {
      const mode = modes.find((known) => known === options.mode);
      if (options.mode !== undefined && mode === undefined)
        throw usage(`\`${options.mode}\` is no mode`, 'It is `both`, `send` or `receive`.');
      if (options.select !== undefined && options.selectAll === true)
        throw usage('Give either `--select` or `--select-all`, not both', '');
      const select = options.selectAll === true ? null : options.select;
      const share = ownLimit('share', options.massChangeShare, 0.01, 1);
      const count = ownLimit('number of files', options.massChangeCount, 0, 1_000_000_000);
      const given = [options.name, mode, select, share, count];
      if (given.every((value) => value === undefined))
        throw usage('Say what to set', 'See `lockstep folder set --help`.');
      const set = await surface.withDevice((device) =>
        device.call('folderSet', {
          folder: id,
          ...(options.name === undefined ? {} : { name: options.name }),
          ...(mode === undefined ? {} : { mode }),
          ...(select === undefined ? {} : { select }),
          ...(share === undefined && count === undefined
            ? {}
            : {
                massChange: {
                  ...(share === undefined ? {} : { share }),
                  ...(count === undefined ? {} : { count }),
                },
              }),
        }),
      );
      surface.output.result(set, [
        `${printable(set.name)}: ${modeTexts[set.mode]}.`,
        ...(share === undefined && count === undefined ? [] : [massChangeText(set.massChange)]),
      ]);
    },
  )
    .option('--name <N>', 'what to call it')
    .option('--mode <MODE>', 'which way changes go: both, send or receive')
    .option(
      '--select <DIR...>',
      'the top directories to keep here; what is here of others stays, and is no longer kept in step',
    )
    .option('--select-all', 'keep all of them here')
    .option(
      '--mass-change-share <SHARE>',
      'ask first when a device removes or replaces more than this share of the files: 0.01 to 1; 1 never asks; `default` follows the setting massChange.share',
    )
    .option(
      '--mass-change-count <N>',
      'and more than this many of them; `default` follows the setting massChange.count',
    );
  add(
    folder,
    'permit <FOLDERID> <KEY> <MAY>',
    'say on all devices whether another may `change` a folder or only `read` it',
    async (surface, _options, id: string, device: string, may: string) => {
      if (may !== 'change' && may !== 'read')
        throw usage(`\`${may}\` is nothing to allow`, 'It is `change` or `read`.');
      const set = await surface.withDevice((engine) =>
        engine.call('folderPermit', { folder: id, device, may }),
      );
      surface.output.result(
        set,
        may === 'change'
          ? [`That device may change ${printable(set.name)}.`]
          : [
              `That device may only read ${printable(set.name)}: what it changes is not taken.`,
              'What it had changed and this device had not heard of is set aside: see `lockstep questions`.',
            ],
      );
    },
  );
  add(folder, 'rescan <FOLDERID>', 'look at the whole folder now', async (surface, _options, id: string) => {
    const found = await surface.withDevice((device) => device.call('folderRescan', { folder: id }));
    surface.output.result(found, [`Looking through ${printable(found.name)}.`]);
  });
  add(
    folder,
    'move <FOLDERID> <NEWPATH>',
    'tell where the directory of a folder was moved to',
    async (surface, _options, id: string, given: string) => {
      const place = path.resolve(given);
      const moved = await surface.withDevice((device) =>
        device.call('folderMove', { folder: id, path: place }),
      );
      surface.output.result(moved, [`${printable(moved.name)} is now in ${printable(place)}.`]);
    },
  );
  add(
    folder,
    'accept <FOLDERID> [PATH...]',
    'one-way folders: make what is here count on all devices',
    async (surface, _options, id: string, ...paths: string[]) => {
      const done = await surface.withDevice((device) => device.call('folderAccept', chosen(id, paths)));
      surface.output.result(done, [`Accepted here: ${done.paths}.`]);
    },
  );
  add(
    folder,
    'revert <FOLDERID> [PATH...]',
    'one-way folders: put what the group has in place of what is here',
    async (surface, _options, id: string, ...paths: string[]) => {
      const done = await surface.withDevice((device) => device.call('folderRevert', chosen(id, paths)));
      surface.output.result(done, [
        `Reverted: ${done.paths}.`,
        'What was here is kept: `lockstep history PATH` lists it.',
      ]);
    },
  );
}

/** A limit of the folder's own, null for the device's; throws SyncError `bad-argument`. */
function ownLimit(
  what: 'share' | 'number of files',
  text: string | undefined,
  least: number,
  most: number,
): number | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'default') return null;
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const isRight = number >= least && number <= most && (what === 'share' || Number.isInteger(number));
  if (isRight) return number;
  throw usage(
    `\`${text}\` is no ${what}`,
    what === 'share' ? 'Give 0.01 to 1, or `default`.' : 'Give a whole number, or `default`.',
  );
}

function massChangeText(limits: FolderListing['massChange']): string {
  if (limits === null || limits.share >= 1)
    return 'Other devices may remove or replace any number of files here without a question.';
  return `Asks first when a device removes or replaces more than ${limits.count} files at once, and more than ${Math.round(limits.share * 100)} % of them.`;
}

function chosen(folder: string, paths: readonly string[]): { folder: string; paths?: readonly string[] } {
  return paths.length === 0 ? { folder } : { folder, paths: paths.map(parsePath) };
}
