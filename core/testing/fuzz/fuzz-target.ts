import { SyncError } from '../../model/errors.ts';

/** A decoder that takes bytes from a stranger, and what real bytes for it look like. */
export interface FuzzTarget {
  readonly name: string;
  /** Real encoded messages, of every kind the decoder knows; the same each time. */
  samples(): readonly Uint8Array[];
  /** What the bytes say; undefined if they are to be ignored. Throws an error that {@link FuzzTarget.isRefusal} knows. */
  decode(bytes: Uint8Array): unknown;
  /** What is encoded of something decoded, where a decoder has an encoder: must read the same again. */
  encode?(value: never): Uint8Array;
  /** Whether everything decoded must be, byte for byte, what its encoding is. */
  readonly isExact?: boolean;
  /** Whether an error is the decoder's way to say no; {@link isRefusedMessage} if not given. */
  isRefusal?(error: unknown): boolean;
  /** Bytes the decoder may reserve at one go beyond a few for each byte of the input. */
  readonly mayReserve?: number;
}

/** The two answers to a message that is none. */
export function isRefusedMessage(error: unknown): boolean {
  return (
    error instanceof SyncError && (error.code === 'peer-misbehaved' || error.code === 'version-unsupported')
  );
}
