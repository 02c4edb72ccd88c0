import type { TrieNode } from '../file-index/file-index.ts';
import { SyncError } from '../model/errors.ts';
import type { Hash } from '../model/ids.ts';
import {
  type IndexMessage,
  maxKeysPerRequest,
  maxPrefixesPerRequest,
  misshapen,
  type WireTrieNode,
} from '../protocol/protocol.ts';
import type { Absence } from './absence.ts';
import { type KnownLists, noKnownLists } from './entry-check.ts';
import type { EntryFrame } from './entry-frames.ts';
import type { FolderDoor } from './folder-door.ts';
import type { Requests } from './requests.ts';

/** What a walk down a peer's trie needs. */
export interface Descent {
  readonly door: FolderDoor;
  readonly requests: Requests;
  readonly signal: AbortSignal;
  /** Told of all that is compared. */
  readonly absence: Absence;
  /** Checks and stores one frame of entries. `known` holds the hash lists of the answer so far. */
  readonly store: (frame: EntryFrame, known: KnownLists) => Promise<StoredFrame>;
  readonly progress: () => void;
}

/** What came of one frame of entries: what was in it, and whether something was left out. */
export interface StoredFrame {
  readonly hashes: readonly Hash[];
  readonly leftOut: boolean;
}

/**
 * Brings everything the peer's state has and ours lacks into ours: compares hashes from the root down, passes over what is equal, and asks for the
 * entries of what differs. Resolves to whether all of it was taken; rejects if the peer refuses, misbehaves, falls silent, or a batch cannot be stored.
 */
export async function descend(descent: Descent): Promise<boolean> {
  const { door, requests, signal, absence, store, progress } = descent;
  const { folderId } = door;
  const unread: string[] = [];
  let prefixes: string[] = [];
  let keys: string[] = [];
  let isComplete = true;

  if (door.hashUnder('state', '') === undefined) prefixes.push('');
  else unread.push('');
  while (unread.length > 0 || prefixes.length > 0 || keys.length > 0) {
    // Entries as soon as a question is full, so that what waits to be asked for stays small; else further down.
    const isFull = keys.length >= maxKeysPerRequest || prefixes.length >= maxPrefixesPerRequest;
    if (isFull || unread.length === 0) await askEntries();
    else await askNodes(unread.splice(-maxPrefixesPerRequest));
    progress();
  }
  return isComplete;

  async function askNodes(asked: readonly string[]): Promise<void> {
    const question = (id: number): IndexMessage => ({
      type: 'get-nodes',
      id,
      folderId,
      trie: 'state',
      prefixes: asked,
    });
    await requests.ask(
      question,
      async (answer) => {
        if (answer.type !== 'nodes') throw misshapen('answer');
        if (answer.nodes.length === 0) throw refused();
        if (answer.nodes.length !== asked.length) throw misshapen('nodes');
        answer.nodes.forEach((node, i) => {
          const prefix = asked[i] as string;
          if (node === undefined) return absence.compared(prefix, undefined);
          if (!node.prefix.startsWith(prefix)) throw misshapen('nodes');
          compare(node);
          absence.compared(prefix, node);
        });
        return true;
      },
      signal,
    );
  }

  function compare(node: WireTrieNode): void {
    if (node.kind === 'leaf') {
      const ours = digestsOf(door, node.prefix);
      for (const { key, digest } of node.items) if (ours(key) !== digest) keys.push(key);
      return;
    }
    for (const child of node.children) {
      const ours = door.hashUnder('state', child.prefix);
      if (ours === undefined) prefixes.push(child.prefix);
      else if (ours !== child.hash) unread.push(child.prefix);
    }
  }

  async function askEntries(): Promise<void> {
    const wanted = {
      prefixes: prefixes.slice(0, maxPrefixesPerRequest),
      keys: keys.slice(0, maxKeysPerRequest),
    };
    prefixes = prefixes.slice(maxPrefixesPerRequest);
    keys = keys.slice(maxKeysPerRequest);
    const known = noKnownLists();
    const theirs = new Set<Hash>();
    await requests.ask(
      (id) => ({ type: 'get-entries', id, folderId, ...wanted }),
      async (answer) => {
        if (answer.type !== 'entries' || answer.folderId !== folderId) throw misshapen('answer');
        if (answer.ending === 'refused') throw refused();
        if (answer.entries.length > 0) {
          const { hashes, leftOut } = await store(answer, known);
          for (const hash of hashes) theirs.add(hash);
          if (leftOut) isComplete = false;
        }
        progress();
        return answer.ending === 'end';
      },
      signal,
    );
    absence.answered(wanted.keys, theirs);
  }
}

/** This device's digests by key, for the keys under a leaf's prefix. */
function digestsOf(door: FolderDoor, prefix: string): (key: string) => string | undefined {
  const node = door.trieNode('state', prefix);
  if (node === undefined) return () => undefined;
  if (node.kind === 'leaf') {
    const digests = leafDigests(node);
    return (key) => digests.get(key);
  }
  return (key) => {
    const below = door.trieNode('state', key);
    return below?.kind === 'leaf' ? leafDigests(below).get(key) : undefined;
  };
}

function leafDigests(leaf: Extract<TrieNode, { kind: 'leaf' }>): Map<string, string> {
  return new Map(leaf.items.map(({ key, digest }) => [key, digest]));
}

function refused(): SyncError {
  return new SyncError('not-allowed', { what: 'folder' }, { retry: 'soon' });
}
