import { Command } from 'commander';
import { addActivityCommands } from './commands/activity.ts';
import { addConflictCommands } from './commands/conflict.ts';
import { addDeviceCommands } from './commands/device.ts';
import { addEventsCommand } from './commands/events.ts';
import { addFolderCommands } from './commands/folder.ts';
import { addGroupCommands } from './commands/group.ts';
import { addIdCommand } from './commands/id.ts';
import { addHistoryCommands } from './commands/history.ts';
import { addIgnoreCommands } from './commands/ignore.ts';
import { addLimitsCommand, addScheduleCommands } from './commands/limits.ts';
import { addPauseCommands } from './commands/pause.ts';
import { addQuestionCommands } from './commands/questions.ts';
import { addRecoverCommand } from './commands/removal.ts';
import { addSettingsCommands } from './commands/settings.ts';
import { addStartCommand } from './commands/start.ts';
import { addStatusCommand } from './commands/status.ts';
import { addWaitCommand } from './commands/wait.ts';
import { addWhyCommand } from './commands/why.ts';
import type { Streams } from './output.ts';
import { addCommonOptions, createAddCommand, runProgram } from './shell.ts';
import { version } from './version.ts';

/** Runs `lockstep ARGS`, speaking on `streams`, until it is done or `signal` aborts; resolves to the exit code. */
export function runLockstep(args: readonly string[], streams: Streams, signal: AbortSignal): Promise<number> {
  const program = addCommonOptions(new Command('lockstep'))
    .description('Keeps folders in step between your own devices.')
    .usage('[--home DIR] [--json] COMMAND …')
    .version(version(), '-V, --version', 'print the version')
    .enablePositionalOptions()
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      // What went wrong is told once, in the same way as everything else.
      writeErr: () => {},
    });
  const add = createAddCommand(streams, signal);
  addStartCommand(program, add);
  addIdCommand(program, add);
  addStatusCommand(program, add);
  addWaitCommand(program, add);
  addPauseCommands(program, add);
  addLimitsCommand(program, add);
  addScheduleCommands(program, add);
  addFolderCommands(program, add);
  addIgnoreCommands(program, add);
  addDeviceCommands(program, add);
  addGroupCommands(program, add);
  addRecoverCommand(program, add);
  addConflictCommands(program, add);
  addHistoryCommands(program, add);
  addActivityCommands(program, add);
  addQuestionCommands(program, add);
  addWhyCommand(program, add);
  addSettingsCommands(program, add);
  addEventsCommand(program, add);
  return runProgram(program, args, streams);
}
