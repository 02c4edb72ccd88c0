import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Status } from '../../../core/engine/engine.ts';
import { SyncError } from '../../../core/model/errors.ts';
import type { ControlClient } from '../../control/client.ts';
import type { AddCommand, Surface } from '../shell.ts';
import { createProgress, statusLine, statusLines } from '../status-view.ts';

/** Rates and times left change without an event. */
const refreshMs = 1000;
/** Events come in bursts; nobody reads faster. */
const minPauseMs = 100;

/** `lockstep status`, once or followed. */
export function addStatusCommand(program: Command, add: AddCommand): void {
  add(program, 'status', 'show the whole picture', async (surface, options: { watch?: boolean }) => {
    await surface.withDevice(async (device) => {
      if (options.watch === true) return watch(surface, device);
      const status = await device.call('status');
      surface.output.result(status, statusLines(status));
    });
  }).option('--watch', 'follow it until interrupted');
}

async function watch({ output, signal }: Surface, device: ControlClient): Promise<void> {
  let wake = Promise.withResolvers<void>();
  const progress = createProgress();
  const draw = output.isTerminal ? createDrawing(output.say, output.columns) : undefined;
  let last = '';
  try {
    await device.follow((event) => {
      if (event.kind === 'status') wake.resolve();
    });
    for (;;) {
      wake = Promise.withResolvers<void>();
      const status: Status = await device.call('status');
      progress.see(status);
      const told = output.json ? JSON.stringify(status) : statusLine(status, progress);
      if (draw !== undefined) draw(statusLines(status, progress));
      else if (told !== last) output.result(status, [told]);
      last = told;
      await delay(minPauseMs, undefined, { signal });
      await Promise.race([wake.promise, delay(refreshMs, undefined, { signal }), device.ended]);
    }
  } catch (error) {
    // To be interrupted is how watching ends.
    if (!signal.aborted)
      throw error instanceof SyncError ? error : new SyncError('internal', {}, { cause: error });
  }
}

/** Draws over what it drew before; long lines are cut, or they would take two of the terminal's. */
function createDrawing(say: (text: string) => void, columns: number): (lines: readonly string[]) => void {
  let drawn = 0;
  return (lines) => {
    const over = drawn === 0 ? '' : `\u001b[${drawn}A\u001b[J`;
    say(
      over +
        lines.map((line) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line)).join('\n'),
    );
    drawn = lines.length;
  };
}
