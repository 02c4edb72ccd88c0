import type { Command } from 'commander';
import type { HistoryVersion, RestoreResult } from '../../../core/engine/engine.ts';
import { wallNow } from '../clock.ts';
import { formatBytes, formatCount, formatTable, formatTime, printable } from '../format.ts';
import { parseMoment, parsePath, usage } from '../parse.ts';
import type { AddCommand } from '../shell.ts';
import { reasonText } from '../version-text.ts';

interface RestoreOptions {
  readonly version?: string;
  readonly at?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
}

/** `lockstep history` and `lockstep restore`: what was there before. */
export function addHistoryCommands(program: Command, add: AddCommand): void {
  add(
    program,
    'history <PATH>',
    'list the versions of a file that are known',
    async (surface, _options, given: string) => {
      const path = parsePath(given);
      const versions = await surface.withDevice((device) => device.call('history', { path }));
      surface.output.result(versions, historyLines(versions));
    },
  );
  add(
    program,
    'restore <PATH>',
    'bring back a version, or a file, directory or folder as it was at a moment',
    async (surface, options: RestoreOptions, given: string) => {
      const { version, at, to, dryRun } = options;
      if ((version === undefined) === (at === undefined))
        throw usage('Say what to bring back with `--version VERSION` or `--at TIME`', '');
      const result = await surface.withDevice((device) =>
        device.call('restore', {
          path: parsePath(given),
          ...(version === undefined ? {} : { version }),
          ...(at === undefined ? {} : { at: parseMoment(at, wallNow()) }),
          ...(to === undefined ? {} : { to: parsePath(to) }),
          ...(dryRun === true ? { dryRun } : {}),
        }),
      );
      surface.output.result(result, restoreLines(result, dryRun === true));
    },
  )
    .option('--version <V>', 'the version, as `history` lists it')
    .option('--at <TIME>', 'the moment, such as 2026-03-01T08:00:00Z, or how long ago, such as 2h or 3d')
    .option('--to <PATH>', 'another place in the same folder, where nothing is')
    .option('--dry-run', 'only tell what would be done');
}

function historyLines(versions: readonly HistoryVersion[]): readonly string[] {
  if (versions.length === 0) return ['No earlier versions are known.'];
  const rows = versions.map(({ version, replacedAt, size, kind, reason, here, holders }) => [
    version,
    formatTime(replacedAt),
    kind === 'file' ? formatBytes(size) : kind,
    reasonText(reason),
    here
      ? 'here'
      : holders.length > 0
        ? `on ${formatCount(holders.length, 'other device')}`
        : 'not on a connected device',
  ]);
  return formatTable(['VERSION', 'UNTIL', 'SIZE', 'WHY', 'WHERE'], rows);
}

function restoreLines(
  { restored, fetched, missing, undoId }: RestoreResult,
  dryRun: boolean,
): readonly string[] {
  const paths = formatCount(restored, 'path');
  const from = fetched === 0 ? '' : `, ${formatCount(fetched, 'content')} from other devices`;
  return [
    restored === 0
      ? 'Nothing to bring back.'
      : dryRun
        ? `Would bring back ${paths}${from}.`
        : `Brought back ${paths}${from}.`,
    ...missing.map((path) => `On no connected device: ${printable(path)}`),
    ...(undoId === null ? [] : [`Take it back with \`lockstep undo ${undoId}\`.`]),
  ];
}
