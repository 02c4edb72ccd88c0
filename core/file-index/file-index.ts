/** Front door of `file-index`: what each device has, on disk and in its Merkle tries. */
export type {
  ActivityRow,
  AppliedRow,
  ChangeSet,
  FolderIndex,
  FileCounts,
  FolderTotals,
  FormerVersion,
  KeptVersion,
  Loss,
  LossCount,
  PendingRow,
  SignedEntry,
  Trie,
  TrieNode,
  ViewRow,
} from './folder-index.ts';
export { openFolderIndex, type FolderIndexInit } from './sqlite-folder-index.ts';
export { largeFileBytes } from './schema.ts';
export type { ParseEntry } from './entries.ts';
export type { SqliteSource } from './database.ts';
