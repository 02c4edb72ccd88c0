import { compareText, invariant } from '../base/base.ts';
import type { Member } from '../model/entry.ts';
import type { DeviceKey, Hash, IncarnationId } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import type { ChangeSets } from './change-sets.ts';
import type { Database } from './database.ts';
import { antichainDigest } from './digests.ts';
import type { FolderIndex, SignedEntry } from './folder-index.ts';
import { toBlob, toHash, toHex } from './hex.ts';
import type { IndexTries } from './index-tries.ts';
import type { Transactions } from './transactions.ts';

/** Reads an entry from its author's bytes; the room that owns the wire format lends it. */
export type ParseEntry = (bytes: Uint8Array, author: DeviceKey) => Member;

interface Stored {
  readonly hash: Uint8Array;
  readonly author: Uint8Array;
  readonly bytes: Uint8Array;
  readonly change_set: Uint8Array;
  readonly position: number;
  readonly proof: Uint8Array | null;
}

/** LIMIT: decoded entries kept at hand, about 1 KiB each; enough for a directory that is looked at again and again. */
const maxDecoded = 4096;

const columns = 'hash, author, bytes, change_set, position, proof';
const byHash = `SELECT ${columns} FROM entry WHERE hash = ?`;

/** The antichain of every path; keeps the state trie in step. */
export function createEntries(parts: {
  readonly db: Database;
  readonly transactions: Transactions;
  readonly tries: IndexTries;
  readonly changeSets: ChangeSets;
  readonly parseEntry: ParseEntry;
}): Pick<
  FolderIndex,
  | 'members'
  | 'signedMembers'
  | 'entry'
  | 'setMembers'
  | 'highestCounter'
  | 'countersOf'
  | 'entriesBy'
  | 'ownDots'
> {
  const { db, transactions, tries, changeSets, parseEntry } = parts;
  const decoded = createDecodedEntries(parseEntry);

  const toSignedEntry = (row: Stored): SignedEntry => ({
    member: decoded.member(toHash(row.hash), () => row),
    bytes: row.bytes,
    changeSet: toHash(row.change_set),
    position: row.position,
    ...(row.proof === null ? {} : { proof: row.proof }),
  });
  const rowsAt = (path: RelativePath): Stored[] =>
    db
      .all<Stored>(`SELECT ${columns} FROM entry WHERE path = ?`, path)
      .sort((a, b) => Buffer.compare(a.hash, b.hash));
  const hashesAt = (path: RelativePath): readonly Hash[] =>
    db
      .all<{ hash: Hash }>('SELECT lower(hex(hash)) AS hash FROM entry WHERE path = ?', path)
      .map(({ hash }) => hash)
      .sort(compareText);
  const add = ({ member, bytes, changeSet, position, proof }: SignedEntry): void => {
    const { entry, author, hash } = member;
    db.run(
      `INSERT INTO entry (hash, path, author, incarnation, counter, bytes, content, change_set, position, proof)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      toBlob(hash),
      entry.path,
      toBlob(author),
      entry.dot.incarnation,
      entry.dot.counter,
      bytes,
      entry.kind === 'file' ? toBlob(entry.file.content) : null,
      toBlob(changeSet),
      position,
      proof ?? null,
    );
    db.run(
      `INSERT INTO incarnation (id, counter, author) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET counter = excluded.counter WHERE excluded.counter > counter`,
      entry.dot.incarnation,
      entry.dot.counter,
      toBlob(author),
    );
    decoded.remember(member);
  };

  return {
    members: (path) =>
      hashesAt(path).map((hash) =>
        decoded.member(hash, () => db.one<Stored>(byHash, toBlob(hash)) as Stored),
      ),
    signedMembers: (path) => rowsAt(path).map(toSignedEntry),
    entry(hash) {
      const row = db.one<Stored>(byHash, toBlob(hash));
      return row === undefined ? undefined : toSignedEntry(row);
    },
    setMembers(path, keep, added) {
      transactions.required();
      const stored = db.all<{ hash: Uint8Array; change_set: Uint8Array }>(
        'SELECT hash, change_set FROM entry WHERE path = ?',
        path,
      );
      const present = new Map(stored.map((row) => [toHash(row.hash), toHash(row.change_set)]));
      for (const { member } of added) {
        invariant(member.entry.path === path, 'an entry is stored at its own path');
      }
      for (const hash of keep) invariant(present.has(hash), 'an entry that is kept is stored at its path');
      const wanted = new Set([...keep, ...added.map(({ member }) => member.hash)]);
      for (const [hash, changeSet] of present) {
        if (wanted.has(hash)) continue;
        db.run(
          `INSERT OR IGNORE INTO gone_dot (path, incarnation, counter)
           SELECT path, incarnation, counter FROM entry WHERE hash = ?`,
          toBlob(hash),
        );
        db.run('DELETE FROM entry WHERE hash = ?', toBlob(hash));
        changeSets.lostEntry(changeSet);
      }
      for (const signed of added) {
        if (present.has(signed.member.hash)) continue;
        present.set(signed.member.hash, signed.changeSet);
        add(signed);
      }
      const hashes = [...wanted].sort(compareText);
      tries.setState(path, hashes.length === 0 ? undefined : antichainDigest(hashes));
    },
    highestCounter: (incarnation) =>
      db.one<{ counter: number }>('SELECT counter FROM incarnation WHERE id = ?', incarnation)?.counter ?? 0,
    countersOf: (author) =>
      db.all<{ incarnation: IncarnationId; counter: number }>(
        'SELECT id AS incarnation, counter FROM incarnation WHERE author = ? ORDER BY id',
        toBlob(author),
      ),
    entriesBy: (author) =>
      db.all<{ path: RelativePath; incarnation: IncarnationId; counter: number }>(
        'SELECT path, incarnation, counter FROM entry WHERE author = ? ORDER BY path',
        toBlob(author),
      ),
    ownDots: (path, incarnation) =>
      db
        .all<{ counter: number }>(
          `SELECT counter FROM gone_dot WHERE path = ?1 AND incarnation = ?2
           UNION SELECT counter FROM entry WHERE path = ?1 AND incarnation = ?2 ORDER BY counter`,
          path,
          incarnation,
        )
        .map(({ counter }) => ({ incarnation, counter })),
  };
}

/** Entries by hash, least recently used forgotten first. A hash names its entry for good, so nothing here is ever out of date. */
function createDecodedEntries(parseEntry: ParseEntry): {
  /** `read` gets its row, should it not be at hand. */
  member(hash: Hash, read: () => Pick<Stored, 'bytes' | 'author'>): Member;
  remember(member: Member): void;
} {
  const known = new Map<Hash, Member>();
  const parsed = ({ bytes, author }: Pick<Stored, 'bytes' | 'author'>): Member =>
    parseEntry(bytes, toHex(author) as DeviceKey);
  const remember = (member: Member): void => {
    known.delete(member.hash);
    known.set(member.hash, member);
    if (known.size <= maxDecoded) return;
    for (const oldest of known.keys()) {
      known.delete(oldest);
      break;
    }
  };
  return {
    member(hash, read) {
      const member = known.get(hash) ?? parsed(read());
      remember(member);
      return member;
    },
    remember,
  };
}
