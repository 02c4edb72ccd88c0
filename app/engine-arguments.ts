/** What the engine's process is started with: the last of its arguments, as JSON. */
export interface EngineArguments {
  readonly home: string;
  /** Multiaddrs; none means any free port on all interfaces. */
  readonly listen: readonly string[];
  readonly discovery: boolean;
  /** Whether a person is asked before a new key lies in the open, or has said that it may. */
  readonly key: 'ask' | 'plain';
}
