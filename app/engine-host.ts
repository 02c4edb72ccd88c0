// The engine's own process: a device, and the ports of those who look at it. Started by `supervisor.ts` in a utility process of Electron.
import './heap-growth.ts';
import type { ParentPort } from 'electron';
import { collectAtRest, startDevice } from '../core/engine/engine.ts';
import { openDeviceLog } from './cli/device-log.ts';
import { createLateErrors } from './cli/late-errors.ts';
import { systemClock } from './clock.ts';
import { errorToWire } from './control/control.ts';
import { startHost } from './host/host.ts';
import { electronPort } from './host/port.ts';
import type { EngineArguments } from './engine-arguments.ts';
import { createAppStore } from './keys/app-store.ts';
import { createSystemKeyring } from './keys/system-keyring.ts';
import type { HostCommand, HostReport } from './ipc/contract.ts';

/** LIMIT: how long stopping may take before the process ends anyway; the next start mends what was cut off. */
const stopDeadlineMs = 5_000;

/** What waits until the device runs. */
type Obeyed = Exclude<HostCommand, { kind: 'seal-answer' }>;

async function runEngine(parent: ParentPort): Promise<void> {
  const { home, listen, discovery, key } = JSON.parse(process.argv.at(-1) ?? '') as EngineArguments;
  const { log } = openDeviceLog(home, (line) => void process.stderr.write(`${line}\n`));
  endOnCrash(log);
  const report = (message: HostReport): void => parent.postMessage(message);
  const commands: { readonly command: Obeyed; readonly ports: readonly Electron.MessagePortMain[] }[] = [];
  let obey = (command: Obeyed, ports: readonly Electron.MessagePortMain[]): void =>
    void commands.push({ command, ports });
  const store = createAppStore(report);
  parent.on('message', ({ data, ports }) => {
    const command = data as HostCommand;
    // Awaited while the device starts, before anything else can be obeyed.
    if (command.kind === 'seal-answer') store.answered(command);
    else obey(command, ports);
  });

  try {
    const host = await startHost({
      startDevice,
      recoveryWords: (words) => report({ kind: 'recovery-words', words }),
      options: {
        home,
        discovery,
        log,
        key: { place: key, stores: [store, createSystemKeyring()] },
        ...(listen.length === 0 ? {} : { listen }),
      },
    });
    obey = (command, ports) => {
      switch (command.kind) {
        case 'attach':
          for (const port of ports) host.attach(electronPort(port), command.audience);
          return;
        case 'place':
          host.keepPlace(command.place, command.path);
          return;
        case 'woke':
          host.woke();
          return;
        case 'battery':
          host.setOnBattery(command.isOn);
          return;
        case 'stop':
          systemClock.after(stopDeadlineMs, () => process.exit(1));
          void host.stop().finally(() => process.exit(0));
      }
    };
    report({ kind: 'started' });
    collectAtRest();
    for (const { command, ports } of commands) obey(command, ports);
  } catch (error) {
    log.write('error', 'the device did not start', {
      cause: error instanceof Error ? error.stack : String(error),
    });
    report({ kind: 'refused', error: errorToWire(error) });
    // The report is on its way when the port is idle again.
    systemClock.after(200, () => process.exit(1));
  }
}

/** From now on an error nobody expected ends this process, and main starts another; what it keeps on disk bears a sudden end. */
function endOnCrash(log: ReturnType<typeof openDeviceLog>['log']): void {
  const late = createLateErrors();
  const onError = (error: unknown): void => {
    const facts = { cause: String(error), stack: error instanceof Error ? error.stack : undefined };
    if (late.isHarmless(error, systemClock.now())) {
      log.write('info', 'the network library threw late', facts);
      return;
    }
    log.write('error', 'the engine met an error that nobody expected, and ends', facts);
    process.exit(1);
  };
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
}

void runEngine(process.parentPort);
