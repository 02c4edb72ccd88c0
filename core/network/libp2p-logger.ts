import type { ComponentLogger, Logger } from '@libp2p/interface';
import type { Log } from '../base/base.ts';

/** Whom to tell of errors libp2p only logs. */
export type ErrorListener = (component: string, error: Error) => void;

/** libp2p's logger over ours: errors become debug lines, the rest is dropped. Never the values themselves, for TCP logs whole option objects. */
export function createLibp2pLogger(log: Log, onError?: ErrorListener): ComponentLogger {
  const scope = (component: string): Logger => {
    const ignore = (): void => {};
    return Object.assign(ignore, {
      error(format: unknown, ...values: unknown[]) {
        const error = values.find((value) => value instanceof Error);
        log.write('debug', 'libp2p', { component, format: String(format), cause: error?.message });
        if (error !== undefined) onError?.(component, error);
      },
      trace: ignore,
      enabled: false,
      newScope: (name: string) => scope(`${component}:${name}`),
    });
  };
  return { forComponent: scope };
}
