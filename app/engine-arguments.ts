/** What the engine's process is started with: the last of its arguments, as JSON. */
export interface EngineArguments {
  readonly home: string;
  /** Multiaddrs; none means any free port on all interfaces. */
  readonly listen: readonly string[];
  readonly discovery: boolean;
  /** Where the key is to be; `ask` leaves it where it is, and asks before a new one lies in the open. */
  readonly key: 'ask' | 'keyring' | 'plain';
}
