import { type FolderId, folderId } from '../model/ids.ts';

/** A folder id from what a person typed, undefined if it is none. */
export function folderIdOf(text: string): FolderId | undefined {
  return /^[0-9a-f]{32}$/.test(text) ? folderId(text) : undefined;
}
