export { maxVectorIncarnations } from '../model/past.ts';
/** LIMIT: bytes of one entry; a path, a target and the largest past fit with room for fields of later versions. */
export const maxEntryBytes = 32 * 1024;
/** LIMIT: UTF-8 bytes of a symlink's target: Linux's PATH_MAX. */
export const maxLinkTargetBytes = 4096;
/** LIMIT: entries one author signs at once; its hash list is 32 KiB, so one signature's worth of proof stays a small message. */
export const maxChangeSetEntries = 1024;
/** LIMIT: prefixes in one question; 64 full leaves are 213 KiB of answer. */
export const maxPrefixesPerRequest = 64;
/** LIMIT: keys in one question, 20 bytes each. */
export const maxKeysPerRequest = 1024;
/** LIMIT: entries in one frame, and change sets named in it. */
export const maxEntriesPerFrame = 1024;
/** LIMIT: hashes in all the lists of one answer, which its receiver keeps to the answer's end: 8 MiB. */
export const maxListedHashes = 256 * 1024;
/** LIMIT: paths in one leaf of a trie; above it the node is an inner one. */
export const maxLeafPaths = 64;
/** LIMIT: indexes of one folder of which a run is told; a folder gets one per index file ever made for it. */
export const maxIndexRuns = 1024;
/** LIMIT: top directories that one announcement names as left out; with more of them a device is never called in step. */
export const maxLeftOut = 4096;
/** LIMIT: approvals of large removals in one announcement; a folder sees few in years. */
export const maxApprovals = 256;
/** LIMIT: chunks of a manifest in one frame, 36 bytes each. */
export const maxChunksPerFrame = 7000;
/** LIMIT: chunks in one manifest; at the largest chunk class this is a file of 32 TiB. */
export const maxManifestChunks = 16 * 1024 * 1024;
/** LIMIT: bytes of a file of which chunks are told ahead of its entry; whoever receives them keeps their list, 4.5 MiB for the largest. */
export const maxAheadBytes = 64 * 1024 ** 3;
/** LIMIT: blocks in one question. */
export const maxBlocksPerRequest = 64;
/** LIMIT: spans of unfinished files in one answer, 18 bytes each at most. */
export const maxSpansPerAnswer = 512;
/** LIMIT: bytes of all blocks in one question, unless it asks for one larger block. */
export const maxRequestBytes = 1024 * 1024;
/** LIMIT: bytes of one block: the largest chunk there is, and the most that is ever held unchecked. */
export const maxBlockBytes = 8 * 1024 * 1024;
