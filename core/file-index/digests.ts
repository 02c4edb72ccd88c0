import { hash } from 'node:crypto';
import type { Content } from '../model/entry.ts';
import type { Hash } from '../model/ids.ts';
import type { VectorItem } from '../model/past.ts';
import { dotsToText } from './row-text.ts';

/** What the state trie holds for a path: a hash over the whole antichain, whose entry hashes come sorted. */
export function antichainDigest(sortedHashes: readonly Hash[]): Hash {
  return hash('sha256', `lockstep antichain 1\n${sortedHashes.join('')}`, 'hex') as Hash;
}

/** What the materialised trie holds for a path: kind, and content root or link target. */
export function contentDigest(content: Content): Hash {
  return hash('sha256', `lockstep content 1\n${content.kind}\n${identityOf(content)}`, 'hex') as Hash;
}

function identityOf(content: Content): string {
  switch (content.kind) {
    case 'file':
      return content.content;
    case 'symlink':
      return content.target;
    case 'directory':
      return '';
  }
}

/** What devices compare of a whole state: the root of its trie alone while nothing may be forgotten, else with the floor, so that equal roots mean equal views. */
export function stateDigest(trieRoot: Hash, floor: readonly VectorItem[]): Hash {
  if (floor.length === 0) return trieRoot;
  return hash('sha256', `lockstep state 1\n${trieRoot}\n${dotsToText(floor)}`, 'hex') as Hash;
}
