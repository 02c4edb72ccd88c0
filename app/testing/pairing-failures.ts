import type { ErrorCode } from '../../core/model/errors.ts';

/** A way that bringing a device in can fail. */
export interface PairingFailure {
  readonly code: ErrorCode;
  readonly what?: string;
  /** Told in the words that its code has for whatever is not told apart. */
  readonly isPlain?: true;
}

const of = (code: ErrorCode, whats: readonly string[]): readonly PairingFailure[] =>
  whats.map((what) => ({ code, what }));
const plain = (code: ErrorCode, ...whats: readonly string[]): readonly PairingFailure[] =>
  whats.length === 0 ? [{ code, isPlain: true }] : whats.map((what) => ({ code, what, isPlain: true }));

/** All of them, as the window and the command hear of them. */
export const pairingFailures: readonly PairingFailure[] = [
  ...of('invitation-unreadable', ['own', 'version']),
  ...plain('invitation-unreadable', 'text', 'check'),
  ...plain('invitation-used'),
  ...of('invitation-refused', ['declined', 'not-heard', 'busy', 'failed', 'expired']),
  ...plain('invitation-refused', 'closed', 'wrong-proof', 'wrong-code'),
  ...of('pairing-refused', [
    'declined',
    'declined-here',
    'wrong-code',
    'unverified',
    'expired',
    'busy',
    'failed',
  ]),
  ...plain('pairing-refused', 'closed'),
  ...of('already-exists', ['member', 'joining']),
  ...plain('already-in-group'),
  ...of('bad-argument', ['device-key-own', 'device-key-length', 'device-key-character', 'device-key-check']),
  ...of('interrupted', ['pairing']),
  ...of('timed-out', ['join']),
  ...plain('unreachable'),
  ...plain('version-unsupported', 'pair'),
  ...plain('peer-misbehaved', 'pair-out-of-turn'),
  ...plain('disk-failed'),
  ...plain('no-space'),
];
