import type { Hash } from '../model/ids.ts';
import { blockHash } from './hash.ts';

const isChecked = Symbol('checked');

/** Bytes that were found to have this hash. {@link checkBlock} alone makes one, so that who takes it need not hash it again; nobody changes its bytes. */
export interface CheckedBlock {
  readonly hash: Hash;
  readonly bytes: Uint8Array;
  readonly [isChecked]: true;
}

/** The block, if these bytes have this hash. */
export function checkBlock(bytes: Uint8Array, hash: Hash): CheckedBlock | undefined {
  return blockHash(bytes) === hash ? { hash, bytes, [isChecked]: true } : undefined;
}
