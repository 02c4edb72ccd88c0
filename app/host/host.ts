import type { Device, DeviceOptions } from '../../core/engine/engine.ts';
import { type Clock, systemClock } from '../clock.ts';
import { type ControlServer, controlPaths, serveControl } from '../control/control.ts';
import type { Audience } from '../ipc/contract.ts';
import { createPictures } from './pictures.ts';
import { createPlaces } from './places.ts';
import type { Port } from './port.ts';
import { servePort } from './serve-port.ts';

/** A device with the windows that look at it. */
export interface Host extends Pick<Device, 'woke' | 'setOnBattery'> {
  /** Serves a window, or the tray, until its port closes. */
  attach(port: Port, audience: Audience): void;
  /** Remembers the directory a person chose under its token. */
  keepPlace(place: string, path: string): void;
  /** Flushes and stops everything; safe to call twice. */
  stop(): Promise<void>;
}

/** What a host needs: how to start a device, and with what. */
export interface HostDependencies {
  startDevice(options: DeviceOptions): Promise<Device>;
  readonly options: DeviceOptions;
  /** Told of the recovery words of a group that a window had founded. */
  recoveryWords(words: string): void;
  readonly clock?: Clock;
}

/**
 * Starts the device and answers windows over ports and the `lockstep` command over the home's socket. Rejects with the device's SyncError, with
 * nothing left running; a socket that cannot be had only means that the command cannot ask this device.
 */
export async function startHost({
  startDevice,
  options,
  recoveryWords,
  clock = systemClock,
}: HostDependencies): Promise<Host> {
  const { log } = options;
  const device = await startDevice(options);
  const { api } = device;
  const control = await openControl(api, options);
  const places = createPlaces();
  const pictures = createPictures({
    api,
    clock,
    failed: (error) => log?.write('error', 'no picture of the device', { cause: String(error) }),
  });
  const attached = new Set<() => void>();
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    pictures.stop();
    for (const leave of attached) leave();
    await control?.close();
    await device.stop();
  };
  return {
    attach(port, audience) {
      const leave = servePort(port, {
        api,
        pictures,
        places,
        clock,
        audience,
        recoveryWords,
        bug: (method, error) => log?.write('error', 'a request met a bug', { method, cause: String(error) }),
      });
      attached.add(leave);
      port.onClose(() => attached.delete(leave));
    },
    keepPlace: (place, path) => places.keep(place, path),
    woke: () => device.woke(),
    setOnBattery: (isOnBattery) => device.setOnBattery(isOnBattery),
    stop: () => (stopping ??= stop()),
  };
}

async function openControl(
  api: Device['api'],
  { home, log }: DeviceOptions,
): Promise<ControlServer | undefined> {
  const [path] = controlPaths(home);
  if (path === undefined) return undefined;
  try {
    return await serveControl({ api, home, path, ...(log === undefined ? {} : { log }) });
  } catch (error) {
    log?.write('warn', 'the command cannot ask this device', { cause: String(error) });
    return undefined;
  }
}
