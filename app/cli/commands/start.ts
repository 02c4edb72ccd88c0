import { type Command, Option } from 'commander';
import type { KeyWish } from '../key-keeping.ts';
import { parseDescriptor } from '../parse.ts';
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
      new Option(
        '--key <PLACE>',
        'how this device’s key is kept from now on: by the system’s keyring, by a passphrase that is asked for at every start, or in a plain file; auto leaves it as it is, and takes a keyring, if one works, for a new one',
      )
        .choices(['auto', 'keyring', 'passphrase', 'plain'])
        .default('auto'),
    )
    .addOption(
      new Option('--passphrase-fd <N>', 'read the passphrase from this open descriptor').argParser(
        parseDescriptor,
      ),
    );
}

/** How a person wants the device to run. */
export interface StartOptions {
  readonly name?: string;
  readonly listen?: readonly string[];
  readonly discovery: boolean;
  readonly key: KeyWish['place'];
  readonly passphraseFd?: number;
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
