/** How much a log line matters. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where the engine tells what it does, for people who look into trouble; never a user's text, never a secret. */
export interface Log {
  /** Writes one line; `facts` are its named values. */
  write(level: LogLevel, message: string, facts?: Readonly<Record<string, unknown>>): void;
  /** A log whose lines carry `facts` too. */
  child(facts: Readonly<Record<string, unknown>>): Log;
}

/** A log that keeps nothing. */
export const silentLog: Log = {
  write() {},
  child: () => silentLog,
};
