/** Every way a command of the engine can fail; the texts for people live in `app/cli` and `renderer/text`. */
export type ErrorCode =
  | 'bad-argument'
  | 'not-found'
  | 'ambiguous'
  | 'already-exists'
  | 'directory-missing'
  | 'not-a-directory'
  | 'folder-inside-folder'
  | 'folder-elsewhere'
  | 'home-in-use'
  | 'home-unusable'
  | 'home-inside-folder'
  | 'not-running'
  | 'timed-out'
  | 'person-needed'
  | 'invitation-unreadable'
  | 'invitation-used'
  | 'invitation-refused'
  | 'pairing-refused'
  | 'already-in-group'
  | 'no-group'
  | 'not-member'
  | 'unreachable'
  | 'key-unreadable'
  | 'key-exposed'
  | 'key-locked'
  | 'index-unreadable'
  | 'disk-failed'
  | 'no-space'
  | 'peer-misbehaved'
  | 'version-unsupported'
  | 'not-allowed'
  | 'interrupted'
  | 'internal';

/** Whether doing the same again can help, and when. */
export type Retry = 'never' | 'soon' | 'after-user';

/** A command or a step that did not happen; nothing was changed unless the thrower's documentation says so. */
export class SyncError extends Error {
  override name = 'SyncError';
  readonly code: ErrorCode;
  readonly retry: Retry;
  /** What the sentence for people needs: names and places, never secrets. */
  readonly facts: Readonly<Record<string, string | number>>;

  constructor(
    code: ErrorCode,
    facts: Readonly<Record<string, string | number>> = {},
    options: { readonly retry?: Retry; readonly cause?: unknown } = {},
  ) {
    const told = Object.entries(facts).map(([name, value]) => `${name}=${value}`);
    super([code, ...told].join(' '), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retry = options.retry ?? 'never';
    this.facts = facts;
  }
}
