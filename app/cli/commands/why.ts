import type { Command } from 'commander';
import { printable } from '../format.ts';
import { parsePath } from '../parse.ts';
import type { AddCommand } from '../shell.ts';
import { pathStateText } from '../version-text.ts';

/** `lockstep why`: where one path stands. */
export function addWhyCommand(program: Command, add: AddCommand): void {
  add(
    program,
    'why <PATH>',
    'tell why a path is not in step, or that it is',
    async (surface, _options, given: string) => {
      const path = parsePath(given);
      const found = await surface.withDevice((device) => device.call('why', { path }));
      surface.output.result(found, [
        `${found.path === '' ? 'The folder' : printable(found.path)}: ${pathStateText(found.state)}`,
        printable(found.cause),
        ...(found.action === 'Nothing.' ? [] : [printable(found.action)]),
      ]);
    },
  );
}
