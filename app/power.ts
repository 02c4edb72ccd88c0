import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from './clock.ts';

/** LIMIT: how late a changed battery may be heard of: not every system tells of it. */
const lookMs = 60_000;

/** The machine's power, as the engine is told of it. */
export interface Power {
  /** Whether the machine ran on its battery when last looked. */
  isOnBattery(): boolean;
}

/** What is told of the machine's power, and by whom. */
export interface PowerDependencies {
  /** Electron's `powerMonitor`, or what plays it. */
  readonly monitor: { on(event: 'resume', listener: () => void): unknown };
  readonly clock: Clock;
  readBattery(): Promise<boolean>;
  /** A sleep of the machine is over. */
  woke(): void;
  /** It changed to the battery, or to the mains. */
  changed(isOnBattery: boolean): void;
}

/** Watches the machine's power from now on. What goes on when it falls asleep bears a sudden end, so that needs no word. */
export function watchPower({ monitor, clock, readBattery, woke, changed }: PowerDependencies): Power {
  let isOnBattery = false;
  const look = async (): Promise<void> => {
    const is = await readBattery();
    if (is !== isOnBattery) {
      isOnBattery = is;
      changed(is);
    }
    clock.after(lookMs, () => void look());
  };
  monitor.on('resume', woke);
  void look();
  return { isOnBattery: () => isOnBattery };
}

/** How this system tells whether the machine runs on its battery. */
export function batteryReader(monitor: { isOnBatteryPower(): boolean }): () => Promise<boolean> {
  // Electron tells of it on Windows and macOS only.
  return process.platform === 'linux' ? isDischarging : () => Promise.resolve(monitor.isOnBatteryPower());
}

/** Whether a battery of this machine is being used up, as Linux tells in `directory`; those of a mouse or a keyboard do not count. */
export async function isDischarging(directory = '/sys/class/power_supply'): Promise<boolean> {
  const textOf = (...names: readonly string[]): Promise<string> =>
    readFile(path.join(directory, ...names), 'utf8').then(
      (text) => text.trim(),
      () => '',
    );
  const supplies = await readdir(directory).catch(() => []);
  const used = await Promise.all(
    supplies.map(
      async (supply) =>
        (await textOf(supply, 'type')) === 'Battery' &&
        (await textOf(supply, 'scope')) !== 'Device' &&
        (await textOf(supply, 'status')) === 'Discharging',
    ),
  );
  return used.includes(true);
}
