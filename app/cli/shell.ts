import { type Command, CommanderError } from 'commander';
import { SyncError } from '../../core/model/errors.ts';
import { type ControlClient, connectControl } from '../control/client.ts';
import { homeDirectory } from './home.ts';
import { askYes, readSecret } from './ask.ts';
import { createOutput, type Output, type Streams, tellFailure } from './output.ts';
import { usage } from './parse.ts';

/** What the work of a command is given. */
export interface Surface {
  /** The device's home, absolute. */
  readonly home: string;
  readonly output: Output;
  /** Aborts when the person or the system wants the command to end. */
  readonly signal: AbortSignal;
  /** Asks a person; throws SyncError `not-allowed` where nobody can answer. */
  askYes(question: string): Promise<boolean>;
  /** Reads one line that is shown to nobody. */
  readSecret(prompt: string): Promise<string>;
  /** Runs `work` with the device that runs in the home; throws SyncError `not-running` when there is none. */
  withDevice<T>(work: (device: ControlClient) => Promise<T>): Promise<T>;
}

/** Adds a command of the given form, such as `add <PATH>`, with its work; that gets its options and arguments as the form says. */
export type AddCommand = (
  parent: Command,
  form: string,
  says: string,
  work: (surface: Surface, options: never, ...args: string[]) => Promise<void>,
) => Command;

/** Exit codes that scripts may rely on. */
export const exitCodes = { done: 0, failed: 1, usage: 2, running: 3, timeOut: 4, personNeeded: 5 } as const;

/** Adds what stands before or after any command. */
export function addCommonOptions(command: Command): Command {
  return command
    .option('--home <DIR>', 'home of the device (default: $LOCKSTEP_HOME, else the system’s data directory)')
    .option('--json', 'print JSON values for programs')
    .helpOption('-h, --help', 'show this help');
}

/** Makes the function that adds commands to a program run with `streams` until `signal`. */
export function createAddCommand(streams: Streams, signal: AbortSignal): AddCommand {
  return (parent, form, says, work) => {
    const [name = '', ...args] = form.split(' ');
    const command = addCommonOptions(parent.command([name, ...args].join(' ')))
      .description(says)
      .showHelpAfterError(false)
      .allowExcessArguments(false);
    command.action(async () => {
      const options = command.optsWithGlobals<{ home?: string; json?: boolean }>();
      const home = homeDirectory(options.home);
      const surface: Surface = {
        home,
        output: createOutput(streams, options.json === true),
        signal,
        askYes: (question) => askYes(streams, question, signal),
        readSecret: (prompt) => readSecret(streams, prompt, signal),
        async withDevice(ask) {
          const device = await connectControl(home, signal);
          try {
            return await ask(device);
          } finally {
            device.close();
          }
        },
      };
      await work(surface, options as never, ...command.args);
    });
    return command;
  };
}

/** Runs `program` with `args` and resolves to the exit code; failures have then been told. */
export async function runProgram(
  program: Command,
  args: readonly string[],
  streams: Streams,
): Promise<number> {
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    const failure = failureOf(error);
    if (failure.code === 'internal')
      streams.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    tellFailure(streams, wants(args, '--json'), failure);
    return exitCodeOf(failure, wants(args, '--timeout'));
  }
}

function failureOf(error: unknown): SyncError {
  if (error instanceof SyncError) return error;
  if (!(error instanceof CommanderError)) return new SyncError('internal', {}, { cause: error });
  if (error.code === 'commander.help') return usage('a command is missing', 'See `lockstep --help`.');
  const [message = ''] = error.message.replace(/^error: /, '').split('\n');
  return usage(message, 'See `lockstep --help`.');
}

/** The exit code of a failure; `hasTimeout` when the caller gave the command a time to end in. */
function exitCodeOf({ code }: SyncError, hasTimeout: boolean): number {
  if (code === 'bad-argument') return exitCodes.usage;
  if (code === 'not-running' || code === 'home-in-use') return exitCodes.running;
  if (code === 'timed-out' && hasTimeout) return exitCodes.timeOut;
  if (code === 'person-needed') return exitCodes.personNeeded;
  return exitCodes.failed;
}

/** Whether an option was given, told without the definitions: the command may be one that there is not. */
function wants(args: readonly string[], option: string): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === option || arg.startsWith(`${option}=`));
}
