import type { Command } from 'commander';
import { parseSeconds } from '../parse.ts';
import type { AddCommand } from '../shell.ts';

/** `lockstep wait`: for scripts that need everything to have arrived. */
export function addWaitCommand(program: Command, add: AddCommand): void {
  add(
    program,
    'wait',
    'return when everything is in step',
    async (surface, options: { folder?: string; for?: string[]; timeout?: string }) => {
      const wanted = {
        ...(options.folder === undefined ? {} : { folder: options.folder }),
        ...(options.for === undefined ? {} : { devices: options.for }),
        ...(options.timeout === undefined ? {} : { timeoutS: parseSeconds(options.timeout) }),
      };
      const result = await surface.withDevice((device) => device.call('wait', wanted));
      surface.output.result(result, ['Everything is in step.']);
    },
  )
    .option('--folder <F>', 'only this folder')
    .option('--for <KEY...>', 'with these devices (default: with the connected ones)')
    .option('--timeout <S>', 'give up after so many seconds, with exit code 4');
}
