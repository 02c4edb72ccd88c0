import type { Command } from 'commander';
import { wallNow } from '../clock.ts';
import { formatTime } from '../format.ts';
import { parseUntil } from '../parse.ts';
import type { AddCommand } from '../shell.ts';

/** `lockstep pause` and `lockstep resume`, for all folders. */
export function addPauseCommands(program: Command, add: AddCommand): void {
  addPauseOptions(
    add(program, 'pause', 'pause all folders', async (surface, options: { for?: string; until?: string }) => {
      const until = parseUntil(options, wallNow());
      const result = await surface.withDevice((device) => device.call('pause', optionalUntil(until)));
      surface.output.result(result, [`Everything is paused ${pausedUntilText(result.until)}.`]);
    }),
  );
  add(program, 'resume', 'go on with all folders', async (surface) => {
    const result = await surface.withDevice((device) => device.call('resume'));
    surface.output.result(result, ['Folders go on.']);
  });
}

/** The two ways to say how long a pause is. */
export function addPauseOptions(command: Command): Command {
  return command
    .option('--for <SPAN>', 'how long, such as 90s, 30m, 2h, 3d')
    .option('--until <TIME>', 'until when, such as 2026-03-01T08:00:00Z');
}

/** The same as the engine takes it. */
export function optionalUntil(until: string | undefined): { readonly until?: string } {
  return until === undefined ? {} : { until };
}

/** Until when, as the end of a sentence. */
export function pausedUntilText(until: string | null | undefined): string {
  return until === null || until === undefined ? 'until you resume' : `until ${formatTime(until)}`;
}
