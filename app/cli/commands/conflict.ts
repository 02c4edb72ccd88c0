import type { Command } from 'commander';
import type { ConflictListing } from '../../../core/engine/engine.ts';
import { formatBytes, formatTime, printable } from '../format.ts';
import { usage } from '../parse.ts';
import { type AddCommand, addCommonOptions } from '../shell.ts';

/** `lockstep conflict …`: versions that did not know of each other. */
export function addConflictCommands(program: Command, add: AddCommand): void {
  const conflict = addCommonOptions(program.command('conflict')).description(
    'versions that did not know of each other',
  );
  add(conflict, 'list', 'list open conflicts', async (surface, options: { folder?: string }) => {
    const chosen = options.folder === undefined ? {} : { folder: options.folder };
    const conflicts = await surface.withDevice((device) => device.call('conflictList', chosen));
    surface.output.result(conflicts, conflictLines(conflicts));
  }).option('--folder <FOLDERID>', 'of one folder only');
  add(
    conflict,
    'resolve <ID>',
    'settle a conflict on every device',
    async (surface, options: { keep?: string; keepBoth?: boolean }, id: string) => {
      if ((options.keep === undefined) === (options.keepBoth !== true))
        throw usage('Say which version stays with `--keep VERSION`, or `--keep-both`', '');
      const keep = options.keep === undefined ? {} : { keep: options.keep };
      const done = await surface.withDevice((device) => device.call('conflictResolve', { id, ...keep }));
      surface.output.result(done, [
        'The conflict is settled on every device as it hears of it.',
        ...done.added.map((path) => `The other version is now ${printable(path)}.`),
        `Take it back with \`lockstep undo ${done.undoId}\`.`,
      ]);
    },
  )
    .option('--keep <VERSION>', 'the version that stays, as listed')
    .option('--keep-both', 'leave the version shown and put the others beside it');
}

function conflictLines(conflicts: readonly ConflictListing[]): readonly string[] {
  if (conflicts.length === 0) return ['No conflicts.'];
  return conflicts.flatMap(({ id, path, versions }, i) => [
    ...(i === 0 ? [] : ['']),
    `${printable(path)}  (${id})`,
    ...versions.map(
      ({ version, device, changedAt, size, kind, winner }) =>
        `  ${version}  ${kind === 'file' ? formatBytes(size) : kind}, ${formatTime(changedAt)}, by ${device.slice(0, 15)}${winner ? ', shown' : ''}`,
    ),
  ]);
}
