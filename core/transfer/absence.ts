import type { Hash } from '../model/ids.ts';
import { type VectorItem, vectorHas } from '../model/past.ts';
import type { WireTrieNode } from '../protocol/protocol.ts';
import type { FolderDoor } from './folder-door.ts';

/** LIMIT: bytes of entries looked at between two breaths. */
const pageBytes = 64 * 1024;
/** LIMIT: keys looked up at once. */
const pageKeys = 256;

/** Finds what a peer's state turns out not to have, of what lies under its floor here. */
export interface Absence {
  /** The peer answered for `prefix`: `node` is all it has there. What lies beside it here is absent there. */
  compared(prefix: string, node: WireTrieNode | undefined): void;
  /** The peer answered for these keys with all entries it has there, which are merged here already. */
  answered(keys: readonly string[], theirs: ReadonlySet<Hash>): void;
  /** Entries here that are under the floor, that the peer does not have, and that nothing it has has seen. Takes a breath between pages. */
  found(breathe: () => Promise<void>): Promise<readonly Hash[]>;
}

/** `floor` is the peer's. With `isThorough` false only paths that both have are looked at. */
export function createAbsence(door: FolderDoor, floor: readonly VectorItem[], isThorough: boolean): Absence {
  const prefixes: string[] = [];
  const keys: string[] = [];
  const absent = new Set<Hash>();

  /** Notes what lies here under `prefix` and under none of `covered`, which all lie under it. */
  function noteBeside(prefix: string, covered: readonly string[]): void {
    if (covered.includes(prefix)) return;
    if (covered.length === 0) {
      if (door.hashUnder('state', prefix) !== undefined) prefixes.push(prefix);
      return;
    }
    const ours = door.trieNode('state', prefix);
    if (ours?.kind === 'leaf') {
      for (const { key } of ours.items) if (!covered.some((part) => key.startsWith(part))) keys.push(key);
    } else if (ours?.kind === 'inner') {
      for (const child of ours.children) {
        if (covered.some((part) => child.prefix.startsWith(part))) continue;
        noteBeside(
          child.prefix,
          covered.filter((part) => part.startsWith(child.prefix)),
        );
      }
    }
  }

  function note(entries: ReturnType<FolderDoor['entriesByKeys']>, theirs: ReadonlySet<Hash>): void {
    for (const { member } of entries)
      if (vectorHas(floor, member.entry.dot) && !theirs.has(member.hash)) absent.add(member.hash);
  }

  return {
    compared(prefix, node) {
      if (!isThorough) return;
      if (node === undefined) noteBeside(prefix, []);
      else if (node.kind === 'leaf')
        noteBeside(
          prefix,
          node.items.map(({ key }) => key),
        );
      else
        noteBeside(
          prefix,
          node.children.map((child) => child.prefix),
        );
    },
    answered(asked, theirs) {
      if (floor.length === 0) return;
      for (let at = 0; at < asked.length; at += pageKeys)
        note(door.entriesByKeys(asked.slice(at, at + pageKeys)), theirs);
    },
    async found(breathe) {
      const none = new Set<Hash>();
      for (let at = 0; at < keys.length; at += pageKeys)
        note(door.entriesByKeys(keys.slice(at, at + pageKeys)), none);
      for (const prefix of prefixes) {
        let after: string | undefined = '';
        while (after !== undefined) {
          const page = door.entriesUnder(prefix, after, pageBytes);
          note(page.entries, none);
          after = page.continueAfter;
          if (after !== undefined) await breathe();
        }
      }
      return [...absent];
    },
  };
}
