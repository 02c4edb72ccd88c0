import path from 'node:path';

/** How the app was started. */
export interface AppOptions {
  /** Where this user's window and device keep everything; Electron's own place if not given. */
  readonly dataFolder: string | undefined;
  /** Multiaddrs to listen on; none means any free port on all interfaces. */
  readonly listen: readonly string[];
  readonly discovery: boolean;
  /** Into the tray without a window, as at the start of a session. */
  readonly hidden: boolean;
  /** Whether the key of the device is to lie in a plain file, without a question. */
  readonly keyPlain: boolean;
}

/** Reads `--data=DIR`, `--listen=MULTIADDR` (may be repeated), `--no-discovery`, `--hidden` and `--key=plain`; what else there is belongs to Electron. */
export function readAppOptions(args: readonly string[]): AppOptions {
  const valuesOf = (name: string): string[] =>
    args.filter((arg) => arg.startsWith(`--${name}=`)).map((arg) => arg.slice(name.length + 3));
  const [folder] = valuesOf('data');
  return {
    dataFolder: folder === undefined ? undefined : path.resolve(folder),
    listen: valuesOf('listen'),
    discovery: !args.includes('--no-discovery'),
    hidden: args.includes('--hidden'),
    keyPlain: args.includes('--key=plain'),
  };
}
