import { type Command, Option } from 'commander';
import type { AddCommand } from '../shell.ts';

/** `lockstep start`: a device in the foreground, until a signal. */
export function addStartCommand(program: Command, add: AddCommand): void {
  add(program, 'start', 'run this device until it is told to end', async (surface, options: StartOptions) => {
    // Only this command needs the engine; every other is quicker without it.
    const { runDevice } = await import('../run-device.ts');
    await runDevice(surface, options);
  })
    .option('--name <N>', 'name of the device (default: the one it has, at first the machine’s)')
    .option(
      '--listen <MULTIADDR>',
      'where to listen, such as /ip4/0.0.0.0/tcp/4400; may be repeated',
      collect,
    )
    .option('--no-discovery', 'neither look for others on the local network nor be found there')
    .addOption(
      new Option('--key <STORAGE>', 'how the key is kept').choices(['auto', 'plain']).default('auto'),
    );
}

/** How a person wants the device to run. */
export interface StartOptions {
  readonly name?: string;
  readonly listen?: readonly string[];
  readonly discovery: boolean;
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
