/** Front door of `transfer`: what devices exchange about folders, and the blocks of their files. */
export {
  type BlockFetcher,
  type BlockFetcherDependencies,
  createBlockFetcher,
} from './block-fetch.ts';
export type { BlockWish, Urgency, WishForBlocks, WishForPieces } from './block-tasks.ts';
export { type BlockServerDependencies, serveBlocks } from './block-server.ts';
export type { Arriving, BlockReader, EntryBatch, EntryPage, FolderDoor, MayAccess } from './folder-door.ts';
export { createFolderTurns, type FolderTurns } from './folder-turns.ts';
export {
  type IndexExchangeDependencies,
  type IndexSession,
  startIndexSession,
} from './index-exchange.ts';
export { fetchManifest } from './manifest-fetch.ts';
export type { Intake } from './peer-order.ts';
export type { WantedManifest } from './manifest-request.ts';
