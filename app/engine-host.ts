// The engine's own process: a device, and the ports of those who look at it. Started by `supervisor.ts` in a utility process of Electron.
import type { ParentPort } from 'electron';
import { startDevice } from '../core/engine/engine.ts';
import { systemClock } from './clock.ts';
import { errorToWire } from './control/control.ts';
import { startHost } from './host/host.ts';
import { createLineLog } from './host/log.ts';
import { electronPort } from './host/port.ts';
import type { EngineArguments } from './engine-arguments.ts';
import type { HostCommand, HostReport } from './ipc/contract.ts';

/** LIMIT: the network library may throw out of a timer now and then; this many in a minute, and only a fresh start helps. */
const maxStrayErrors = 10;
const strayErrorsSpanMs = 60_000;
/** LIMIT: how long stopping may take before the process ends anyway; the next start mends what was cut off. */
const stopDeadlineMs = 5_000;

async function runEngine(parent: ParentPort): Promise<void> {
  const { home, listen, discovery } = JSON.parse(process.argv.at(-1) ?? '') as EngineArguments;
  const log = createLineLog((line) => void process.stderr.write(line));
  surviveStrayErrors((error) => log.write('error', 'stray error', { cause: error instanceof Error ? error.stack : String(error) }));
  const report = (message: HostReport): void => parent.postMessage(message);
  const commands: { readonly command: HostCommand; readonly ports: readonly Electron.MessagePortMain[] }[] = [];
  let obey = (command: HostCommand, ports: readonly Electron.MessagePortMain[]): void => void commands.push({ command, ports });
  parent.on('message', ({ data, ports }) => obey(data as HostCommand, ports));

  try {
    const host = await startHost({
      startDevice,
      options: { home, discovery, log, ...(listen.length === 0 ? {} : { listen }) },
    });
    obey = (command, ports) => {
      switch (command.kind) {
        case 'attach':
          for (const port of ports) host.attach(electronPort(port));
          return;
        case 'place':
          host.keepPlace(command.place, command.path);
          return;
        case 'stop':
          systemClock.after(stopDeadlineMs, () => process.exit(1));
          void host.stop().finally(() => process.exit(0));
      }
    };
    report({ kind: 'started' });
    for (const { command, ports } of commands) obey(command, ports);
  } catch (error) {
    log.write('error', 'the device did not start', { cause: error instanceof Error ? error.stack : String(error) });
    report({ kind: 'refused', error: errorToWire(error) });
    // The report is on its way when the port is idle again.
    systemClock.after(200, () => process.exit(1));
  }
}

function surviveStrayErrors(tell: (error: unknown) => void): void {
  let recent: number[] = [];
  const survive = (error: unknown): void => {
    tell(error);
    const now = systemClock.now();
    recent = [...recent.filter((at) => at > now - strayErrorsSpanMs), now];
    if (recent.length > maxStrayErrors) process.exit(1);
  };
  process.on('uncaughtException', survive);
  process.on('unhandledRejection', survive);
}

void runEngine(process.parentPort);
