import path from 'node:path';
import type { Command } from 'commander';
import type { FolderListing } from '../../../core/engine/engine.ts';
import { wallNow } from '../clock.ts';
import { formatTable, printable } from '../format.ts';
import { parseUntil } from '../parse.ts';
import { type AddCommand, addCommonOptions } from '../shell.ts';
import { folderStates } from '../text.ts';
import { addFolderChoices } from './folder-choices.ts';
import { addPauseOptions, optionalUntil, pausedUntilText } from './pause.ts';

/** `lockstep folder …`: what is kept in step. */
export function addFolderCommands(program: Command, add: AddCommand): void {
  const folder = addCommonOptions(program.command('folder')).description('what is kept in step');
  add(
    folder,
    'add <PATH>',
    'share a directory with the group',
    async (surface, options: { name?: string }, given: string) => {
      const place = path.resolve(given);
      const named = options.name === undefined ? {} : { name: options.name };
      const made = await surface.withDevice((device) => device.call('folderAdd', { path: place, ...named }));
      surface.output.result(made, [
        `Sharing ${place} as folder ${made.folderId}.`,
        `On another device: lockstep folder join ${made.folderId} PATH`,
      ]);
    },
  ).option('--name <N>', 'what to call it (default: the directory’s name)');
  add(folder, 'list', 'list the folders held here and those offered', async (surface) => {
    const folders = await surface.withDevice((device) => device.call('folderList'));
    surface.output.result(folders, folderLines(folders));
  });
  add(
    folder,
    'join <FOLDERID> <PATH>',
    'keep a folder of the group in a directory here',
    async (surface, _options, id: string, given: string) => {
      const place = path.resolve(given);
      const joined = await surface.withDevice((device) =>
        device.call('folderJoin', { folder: id, path: place }),
      );
      surface.output.result(joined, [`Keeping ${printable(joined.name)} in ${place}.`]);
    },
  );
  add(
    folder,
    'remove <FOLDERID>',
    'stop keeping a folder here; its files stay',
    async (surface, _options, id: string) => {
      const removed = await surface.withDevice((device) => device.call('folderRemove', { folder: id }));
      surface.output.result(removed, ['The folder is no longer kept in step here. Its files stay.']);
    },
  );
  addPauseOptions(
    add(
      folder,
      'pause <FOLDERID>',
      'pause a folder',
      async (surface, options: { for?: string; until?: string }, id: string) => {
        const until = parseUntil(options, wallNow());
        const paused = await surface.withDevice((device) =>
          device.call('folderPause', { folder: id, ...optionalUntil(until) }),
        );
        surface.output.result(paused, [`${printable(paused.name)} is paused ${pausedUntilText(until)}.`]);
      },
    ),
  );
  add(folder, 'resume <FOLDERID>', 'go on with a folder', async (surface, _options, id: string) => {
    const resumed = await surface.withDevice((device) => device.call('folderResume', { folder: id }));
    surface.output.result(resumed, [`${printable(resumed.name)} goes on.`]);
  });
  addFolderChoices(folder, add);
}

function folderLines(folders: readonly FolderListing[]): readonly string[] {
  if (folders.length === 0) return ['No folders yet. Share one with `lockstep folder add PATH`.'];
  const rows = folders.map(({ id, name, path: place, state }) => [
    printable(name),
    folderStates[state],
    place === null ? '-' : printable(place),
    id,
  ]);
  const offered = folders.some(({ state }) => state === 'offered');
  const rights = folders.flatMap(({ name, mayChange, readers }) => [
    ...(mayChange ? [] : [`This device may only read ${printable(name)}: what is changed here stays here.`]),
    ...(readers.length === 0
      ? []
      : [`${printable(name)} may only be read by: ${readers.map((key) => key.slice(0, 15)).join(', ')}`]),
  ]);
  return [
    ...formatTable(['FOLDER', 'STATE', 'WHERE', 'ID'], rows),
    ...(rights.length === 0 ? [] : ['', ...rights]),
    ...(offered ? ['', 'Take an offered folder with `lockstep folder join ID PATH`.'] : []),
  ];
}
