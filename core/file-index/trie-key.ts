import { hash } from 'node:crypto';
import type { FolderId } from '../model/ids.ts';
import { type RelativePath, topOf } from '../model/path.ts';

/**
 * Makes trie keys for one folder: 8 hexadecimal digits of the SHA-256 of the top component, so that everything in a top directory
 * is one subtree, then 32 of the SHA-256 of folder and path, so that nobody can crowd a subtree with names that work in every folder.
 */
export function createTrieKeys(folderId: FolderId): (path: RelativePath) => string {
  const prefix = `lockstep path 1\n${folderId}\0`;
  let lastTop = '';
  let lastDigits = '';
  return (path) => {
    const top = topOf(path);
    if (top !== lastTop) {
      lastDigits = hash('sha256', top, 'hex').slice(0, 8);
      lastTop = top;
    }
    return lastDigits + hash('sha256', prefix + path, 'hex').slice(0, 32);
  };
}
