/** Front door of `protocol`: every message two devices exchange, decoded once and checked before anything is allocated for it. */
export { type FrameStream, maxFrameBytes, type StreamProtocol } from './frame-stream.ts';

// Canonical CBOR
export { type CborLimits, type CborValue, decodeCanonical, encodeCanonical } from './cbor.ts';
export {
  misshapen,
  readBytes,
  readBytesOrNone,
  readChoice,
  readDeviceKey,
  readDeviceKeyOrNone,
  readHash,
  readHashOrNone,
  readInteger,
  readList,
  readSortedList,
  readTuple,
} from './cbor-read.ts';
export {
  bytesToDeviceKey,
  bytesToHash,
  keyToBytes,
  noBytes,
  optionalBytes,
  prefixed,
  sha256Of,
} from './hash-bytes.ts';
export { cleanName, deviceNameLimits, folderNameLimits, type NameLimits, readName } from './claimed-name.ts';

// Membership, pairing and profiles
export {
  consentSigningBytes,
  decodeOp,
  encodeOpEnvelope,
  encodeOpPayload,
  type MembershipOp,
  type OpDraft,
  opLimits,
  opSigningBytes,
  recoverySigningBytes,
} from './membership-op.ts';
export {
  bodyLimits,
  type FolderMode,
  type OpBody,
  type PairingMethod,
  type RevokeReason,
  type RevokeTarget,
} from './membership-op-body.ts';
export { type CutPosition, cutListHash, decodeCutList, encodeCutList, maxCutPositions } from './cut-list.ts';
export {
  decodeTrustMessage,
  encodeTrustMessage,
  type Statement,
  statementSigningBytes,
  type TrustHello,
  trustFeatures,
  trustLimits,
  type TrustMessage,
  trustVersion,
} from './trust-messages.ts';
export {
  decodePairMessage,
  encodePairMessage,
  maxPairedOps,
  type PairHello,
  type PairMessage,
  type PairRefusal,
  pairVersion,
} from './pair-messages.ts';
export {
  decodeProfile,
  encodeProfile,
  type KeyStorage,
  keyStorages,
  maxProfileFolders,
  type Profile,
  type ProfileFolder,
} from './profile-messages.ts';

// Entries and change sets
export {
  type ChangeSetTree,
  changeSetId,
  changeSetTree,
  checkHashList,
  checkProof,
  proofLength,
  signChangeSet,
  type VerifySignature,
  verifyChangeSet,
  type WireChangeSet,
} from './change-set.ts';
export { decodeEntry, encodeEntry, entryHash } from './entry-codec.ts';

// Index and blocks
export type { Announcement, Approval, IndexRun, NotHeldReason } from './announcement-codec.ts';
export { appliedDigest, type AppliedStatement, appliedSigningBytes } from './applied-codec.ts';
export type { AnswerStatus } from './answer-status.ts';
export {
  type BlockAnswer,
  type BlockItem,
  type BlockRequest,
  type BlockWant,
  decodeBlockAnswer,
  decodeBlockRequest,
  encodeBlockAnswer,
  encodeBlockRequest,
  type PartOfContent,
} from './block-messages.ts';
export type { ChunksAhead } from './chunks-ahead.ts';
export { decodePieces, encodePieces } from './piece-list.ts';
export {
  type AnswerEnding,
  type ByeReason,
  decodeIndexMessage,
  encodeIndexMessage,
  type IndexMessage,
  type WireEntry,
} from './index-messages.ts';
export { type TrieName, trieKeyDigits, type WireTrieNode } from './trie-codec.ts';
export {
  maxAheadBytes,
  maxApprovals,
  maxIndexRuns,
  maxBlockBytes,
  maxBlocksPerRequest,
  maxChangeSetEntries,
  maxChunksPerFrame,
  maxEntriesPerFrame,
  maxKeysPerRequest,
  maxLeftOut,
  maxListedHashes,
  maxManifestChunks,
  maxPrefixesPerRequest,
  maxRequestBytes,
  maxSpansPerAnswer,
} from './limits.ts';
