import './launched.ts';
import { dropUnsaid } from './output.ts';
import { runLockstep } from './program.ts';

const ending = new AbortController();
// They stay: a second one, from a terminal that also reaches the launcher, means the same.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => ending.abort(new Error(signal)));
// Whoever read our output has read enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
dropUnsaid(process.stderr);

process.exitCode = await runLockstep(process.argv.slice(2), process, ending.signal);
