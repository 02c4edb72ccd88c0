import { blockHash, checkBlock, type CheckedBlock } from '../chunker.ts';

/** These bytes as a block, under whatever hash they have. */
export function blockOf(bytes: Uint8Array): CheckedBlock {
  return checkBlock(bytes, blockHash(bytes)) as CheckedBlock;
}
