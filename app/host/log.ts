import type { DeviceOptions } from '../../core/engine/engine.ts';

type Log = NonNullable<DeviceOptions['log']>;

/** A log that writes everything but the level `debug` as JSON lines by `write`. */
export function createLineLog(write: (line: string) => void, facts: Readonly<Record<string, unknown>> = {}): Log {
  return {
    write(level, message, more) {
      if (level !== 'debug') write(`${JSON.stringify({ level, message, ...facts, ...more })}\n`);
    },
    child: (more) => createLineLog(write, { ...facts, ...more }),
  };
}
