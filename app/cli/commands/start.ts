import path from 'node:path';
import { type Command, Option } from 'commander';
import type { Device } from '../../../core/engine/engine.ts';
import { controlPaths, serveControl } from '../../control/control.ts';
import { wallNow } from '../clock.ts';
import { type DeviceLog, openDeviceLog } from '../device-log.ts';
import { createLateErrors } from '../late-errors.ts';
import { type AddCommand, exitCodes, type Surface } from '../shell.ts';
import { plainKeyWarning } from '../text.ts';

/** LIMIT: who sends a signal may count on the end coming within this. */
const stopMs = 5000;

interface StartOptions {
  readonly name?: string;
  readonly listen?: readonly string[];
  readonly discovery: boolean;
}

/** `lockstep start`: a device in the foreground, until a signal. */
export function addStartCommand(program: Command, add: AddCommand): void {
  add(program, 'start', 'run this device until it is told to end', runDevice)
    .option('--name <N>', 'name of the device at its first start (default: the machine’s)')
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

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

async function runDevice(surface: Surface, options: StartOptions): Promise<void> {
  const { home, output, signal } = surface;
  const deviceLog = openDeviceLog(home, output.warn);
  const crash = endOnCrash(deviceLog, output.warn);
  signal.addEventListener('abort', () => endWithin(stopMs, output.warn), { once: true });
  const { startDevice } = await import('../../../core/engine/engine.ts');
  const device = await startDevice({
    home,
    discovery: options.discovery,
    log: deviceLog.log,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.listen === undefined ? {} : { listen: options.listen }),
  });
  crash.device = device;
  try {
    const [controlPath = ''] = controlPaths(home);
    const control = await serveControl({ api: device.api, home, path: controlPath, log: deviceLog.log });
    tellReady(surface, device);
    await aborted(signal);
    await control.close();
  } finally {
    await device.stop();
    deviceLog.close();
  }
  // Everything is on disk: a socket that still lingers somewhere is no reason to stay.
  process.exit(exitCodes.done);
}

function tellReady({ output, home }: Surface, device: Device): void {
  const { deviceKey, keyStorage } = device.identity;
  const listen = device.listening();
  if (keyStorage === 'plain') output.warn(plainKeyWarning(path.join(home, 'device.key')));
  output.result({ event: 'ready', deviceKey, listen }, [
    `ready ${deviceKey}`,
    ...listen.map((address) => `listening on ${address}`),
  ]);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Ends this process when it has not ended by itself: everything it keeps is safe against a sudden end. */
function endWithin(ms: number, warn: (text: string) => void): void {
  setTimeout(() => {
    warn(`lockstep: the device did not end in order within ${ms / 1000} s and was ended; nothing is lost.`);
    process.exit(exitCodes.failed);
  }, ms).unref();
}

/** From now on an error nobody expected is logged and ends the device in order, if that is still possible. */
function endOnCrash({ log, file, close }: DeviceLog, warn: (text: string) => void): { device?: Device } {
  const late = createLateErrors();
  const running: { device?: Device } = {};
  let isEnding = false;
  const onError = (error: unknown): void => {
    const facts = { cause: String(error), stack: error instanceof Error ? error.stack : undefined };
    if (late.isHarmless(error, wallNow())) {
      log.write('info', 'the network library threw late', facts);
      return;
    }
    log.write('error', 'an error that nobody expected', facts);
    if (isEnding) return;
    isEnding = true;
    warn(`lockstep: the device met an error that nobody expected, and ends. ${file} says more.`);
    endWithin(stopMs, warn);
    const end = (): void => {
      close();
      process.exit(exitCodes.failed);
    };
    void (running.device?.stop() ?? Promise.resolve()).then(end, end);
  };
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  return running;
}
