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
  /** Where the key of the device is to be from now on; `ask` leaves it where it is, and asks before a new one lies in the open. */
  readonly key: 'ask' | 'keyring' | 'plain';
}

/** Reads `--data=DIR`, `--listen=MULTIADDR` (may be repeated), `--no-discovery`, `--hidden` and `--key=plain` or `--key=keyring`; what else there is belongs to Electron. */
export function readAppOptions(args: readonly string[]): AppOptions {
  const valuesOf = (name: string): string[] =>
    args.filter((arg) => arg.startsWith(`--${name}=`)).map((arg) => arg.slice(name.length + 3));
  const [folder] = valuesOf('data');
  const [place] = valuesOf('key');
  return {
    dataFolder: folder === undefined ? undefined : path.resolve(folder),
    listen: valuesOf('listen'),
    discovery: !args.includes('--no-discovery'),
    hidden: args.includes('--hidden'),
    key: place === 'plain' || place === 'keyring' ? place : 'ask',
  };
}
