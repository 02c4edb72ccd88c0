import dbus from 'dbus-native';
import { playService } from './play-service.ts';

const name = 'org.freedesktop.login1';

/** What puts a Linux machine to sleep, as far as a program is told. */
export interface SleepHost {
  /** What a program needs in its environment to hear of it: the bus of the test in place of the system's. */
  readonly env: Readonly<Record<string, string>>;
  /** The machine falls asleep and wakes. */
  sleepAndWake(): void;
  close(): void;
}

/** Plays logind on the session bus, which has to be a private one. */
export async function openSleepHost(): Promise<SleepHost> {
  const bus = dbus.sessionBus();
  const served = dbus.defineInterface({
    name: `${name}.Manager`,
    methods: {
      Inhibit: {
        in: { what: 's', who: 's', why: 's', mode: 's' },
        handler() {
          throw new Error('nobody holds this machine awake');
        },
      },
    },
    properties: {},
    signals: {
      PrepareForSleep: { args: { isBefore: 'b' } },
      PrepareForShutdown: { args: { isBefore: 'b' } },
    },
  });
  await playService(bus, name, '/org/freedesktop/login1', served);
  return {
    env: { DBUS_SYSTEM_BUS_ADDRESS: process.env.DBUS_SESSION_BUS_ADDRESS ?? '' },
    sleepAndWake() {
      served.emit.PrepareForSleep?.(true);
      served.emit.PrepareForSleep?.(false);
    },
    close: () => bus.close(),
  };
}
