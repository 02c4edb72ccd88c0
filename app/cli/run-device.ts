import path from 'node:path';
import { collectAtRest, type Device, startDevice } from '../../core/engine/engine.ts';
import { systemClock } from '../clock.ts';
import { controlPaths, serveControl } from '../control/control.ts';
import { wallNow } from './clock.ts';
import type { StartOptions } from './commands/start.ts';
import { type DeviceLog, openDeviceLog } from './device-log.ts';
import { createLateErrors } from './late-errors.ts';
import { exitCodes, type Surface } from './shell.ts';
import { keyKeeping } from './key-keeping.ts';
import { plainKeyWarning } from './key-text.ts';
import { watchSleep } from './sleep-watch.ts';

/** LIMIT: who sends a signal may count on the end coming within this. */
const stopMs = 5000;

/** Runs the device of the surface's home until its signal aborts, then ends this process with 0; throws SyncError if it cannot start. */
export async function runDevice(surface: Surface, options: StartOptions): Promise<void> {
  const { home, output, signal } = surface;
  const deviceLog = openDeviceLog(home, output.warn);
  const crash = endOnCrash(deviceLog, output.warn);
  signal.addEventListener('abort', () => endWithin(stopMs, output.warn), { once: true });
  const device = await startDevice({
    home,
    discovery: options.discovery,
    key: keyKeeping(surface, {
      place: options.key,
      ...(options.passphraseFd === undefined ? {} : { passphraseFd: options.passphraseFd }),
    }),
    log: deviceLog.log,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.listen === undefined ? {} : { listen: options.listen }),
  });
  crash.device = device;
  const stopWatching = watchSleep({ clock: systemClock, woke: () => device.woke() });
  try {
    const [controlPath = ''] = controlPaths(home);
    const control = await serveControl({ api: device.api, home, path: controlPath, log: deviceLog.log });
    tellReady(surface, device);
    collectAtRest();
    await aborted(signal);
    await control.close();
  } finally {
    stopWatching();
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

/** Ends this process when it has not ended by itself; what it keeps on disk bears a sudden end. */
function endWithin(ms: number, warn: (text: string) => void): void {
  setTimeout(() => {
    warn(`lockstep: the device did not end in order within ${ms / 1000} s and was ended by force.`);
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
    if (isEnding) {
      log.write('info', 'another error while ending', facts);
      return;
    }
    isEnding = true;
    log.write('error', `the device met an error that nobody expected, and ends; ${file} says more`, facts);
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
