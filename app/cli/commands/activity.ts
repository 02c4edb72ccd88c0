import type { Command } from 'commander';
import type { ActivityItem } from '../../../core/engine/engine.ts';
import { wallNow } from '../clock.ts';
import { formatTable, formatTime, printable } from '../format.ts';
import { parseLimit, parseMoment } from '../parse.ts';
import type { AddCommand } from '../shell.ts';
import { activityText } from '../version-text.ts';

interface ActivityOptions {
  readonly folder?: string;
  readonly since?: string;
  readonly limit?: string;
  readonly after?: string;
}

/** Without `--limit` a person sees a screenful; a program asks for what it wants. */
const usualLimit = '50';

/** `lockstep undo` and `lockstep activity`: what happened, and taking it back. */
export function addActivityCommands(program: Command, add: AddCommand): void {
  add(
    program,
    'undo [ID]',
    'take back a change, by default the last resolution, restore or answer made here',
    async (surface, _options, id: string | undefined) => {
      const done = await surface.withDevice((device) => device.call('undo', id === undefined ? {} : { id }));
      surface.output.result(done, [
        `Taken back: ${done.undone}.`,
        ...done.missing.map((path) => `On no connected device: ${printable(path)}`),
        `To have it as it was: \`lockstep undo ${done.undoId}\`.`,
      ]);
    },
  );
  add(program, 'activity', 'list what happened, newest first', async (surface, options: ActivityOptions) => {
    const { folder, since, after, limit = usualLimit } = options;
    const items = await surface.withDevice((device) =>
      device.call('activity', {
        limit: parseLimit(limit),
        ...(folder === undefined ? {} : { folder }),
        ...(since === undefined ? {} : { since: parseMoment(since, wallNow()) }),
        ...(after === undefined ? {} : { after }),
      }),
    );
    surface.output.result(items, activityLines(items));
  })
    .option('--folder <FOLDERID>', 'of one folder only')
    .option('--since <TIME>', 'not before this moment, or so long ago')
    .option('--limit <N>', `how many at most (default: ${usualLimit})`)
    .option('--after <ID>', 'go on after this one of an earlier list');
}

function activityLines(items: readonly ActivityItem[]): readonly string[] {
  if (items.length === 0) return ['Nothing has happened.'];
  const rows = items.map(({ id, at, path, device, undoable, ...what }) => [
    formatTime(at),
    activityText(what),
    path === '' ? 'the whole folder' : printable(path),
    `by ${device.slice(0, 15)}`,
    undoable ? id : '-',
  ]);
  return formatTable(['WHEN', 'WHAT', 'WHERE', 'WHO', 'UNDO WITH'], rows);
}
