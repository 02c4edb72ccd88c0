import type { Command } from 'commander';
import type { DeviceChange, RemovalPreview } from '../../../core/engine/engine.ts';
import { SyncError } from '../../../core/model/errors.ts';
import { wallNow } from '../clock.ts';
import { formatCount, formatTable, formatTime, printable } from '../format.ts';
import { parseMoment, usage } from '../parse.ts';
import type { AddCommand, Surface } from '../shell.ts';

interface RemoveOptions {
  readonly reason?: string;
  readonly withAdded?: boolean;
  readonly keepAdded?: boolean;
  readonly voidSince?: string;
  readonly undoSince?: string;
  readonly yes?: boolean;
}

const reasons = ['lost', 'stolen', 'retired'] as const;

/** `lockstep device remove` and `device changes`: taking devices out of the group, and what they did. */
export function addRemovalCommands(device: Command, add: AddCommand): void {
  add(
    device,
    'remove <KEY...>',
    'remove devices from the group for good: nothing is told to them or taken from them any more',
    async (surface, options: RemoveOptions, ...keys: string[]) => {
      const reason = reasons.find((known) => known === options.reason);
      if (options.reason !== undefined && reason === undefined)
        throw usage(`\`${options.reason}\` is no reason`, 'It is `lost`, `stolen` or `retired`.');
      if (options.withAdded === true && options.keepAdded === true)
        throw usage('Give either `--with-added` or `--keep-added`, not both', '');
      const moments = {
        ...(options.voidSince === undefined ? {} : { voidSince: parseMoment(options.voidSince, wallNow()) }),
        ...(options.undoSince === undefined ? {} : { undoSince: parseMoment(options.undoSince, wallNow()) }),
      };
      const preview = await surface.withDevice((client) =>
        client.call('deviceRemovalPreview', { devices: keys }),
      );
      const withAdded = await agreed(surface, options, preview);
      const done = await surface.withDevice((client) =>
        client.call('deviceRemove', {
          devices: keys,
          withAdded,
          ...(reason === undefined ? {} : { reason }),
          ...moments,
        }),
      );
      surface.output.result(done, [
        `${formatCount(done.revoked.length, 'device')} removed from the group.`,
        ...(done.undone === 0 ? [] : [`${formatCount(done.undone, 'path')} brought back as before.`]),
        done.notHeard.length === 0
          ? 'Every other device has heard of it.'
          : `${formatCount(done.notHeard.length, 'device')} will hear of it when next connected: \`lockstep device list\`.`,
        'What is on the removed device stays there: nobody can delete it from afar.',
      ]);
    },
  )
    .option('--reason <REASON>', 'lost, stolen or retired')
    .option('--with-added', 'also remove the devices that it let in')
    .option('--keep-added', 'keep the devices that it let in')
    .option('--void-since <TIME>', 'what it did to the group since then counts no more')
    .option('--undo-since <TIME>', 'take back what it did to files since then')
    .option('--yes', 'without asking; keeps the devices that it let in unless told otherwise');
  add(
    device,
    'changes <KEY>',
    'list the files that a device changed',
    async (surface, options: { since: string }, key: string) => {
      const since = parseMoment(options.since, wallNow());
      const changes = await surface.withDevice((client) =>
        client.call('deviceChanges', { device: key, since }),
      );
      surface.output.result(changes, changeLines(changes));
    },
  ).requiredOption('--since <TIME>', 'from when on, such as 2h, 3d or 2026-03-01T08:00:00Z');
}

/** `lockstep recover`: what the recovery code is for. */
export function addRecoverCommand(program: Command, add: AddCommand): void {
  add(
    program,
    'recover',
    'with the recovery code, keep exactly these devices in the group, for good',
    async (surface, options: { keep?: readonly string[] }) => {
      const code = await surface.readSecret('Recovery code');
      const done = await surface.withDevice((client) =>
        client.call('recover', { code, ...(options.keep === undefined ? {} : { keep: options.keep }) }),
      );
      surface.output.result(done, [
        `${formatCount(done.kept.length, 'device')} kept, ${formatCount(done.removed.length, 'device')} removed for good.`,
      ]);
    },
  ).option('--keep <KEY...>', 'the devices to keep (default: all that belong to the group here)');
}

/** Whether the devices that were let in go too; throws if a person says no, or is needed and not there. */
async function agreed(surface: Surface, options: RemoveOptions, preview: RemovalPreview): Promise<boolean> {
  if (options.yes === true) return options.withAdded === true;
  if (
    !(await surface.askYes(
      `Remove ${formatCount(preview.devices.length, 'device')} from the group for good?`,
    ))
  )
    throw new SyncError('not-allowed', { what: 'refused' }, { retry: 'after-user' });
  if (options.withAdded !== undefined || options.keepAdded !== undefined || preview.added.length === 0)
    return options.withAdded === true;
  const names = preview.added.map(({ name }) => printable(name)).join(', ');
  return surface.askYes(`It let in ${names}. Remove what it let in too?`);
}

function changeLines(changes: readonly DeviceChange[]): readonly string[] {
  if (changes.length === 0) return ['It changed nothing since then that is not as before again.'];
  return formatTable(
    ['CHANGED', 'WHAT', 'PATH'],
    changes.map(({ changedAt, kind, path }) => [
      formatTime(changedAt),
      kind === 'deleted' ? 'deleted' : 'written',
      printable(path),
    ]),
  );
}
