import { invariant } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { FolderId } from '../model/ids.ts';
import { createActivities } from './activities.ts';
import { createBaseRows } from './base-rows.ts';
import { createChangeSets } from './change-sets.ts';
import { type Database, openDatabase, type SqliteSource } from './database.ts';
import { createEntries, type ParseEntry } from './entries.ts';
import { createFacts } from './facts.ts';
import { createFloors } from './floors.ts';
import type { FolderIndex } from './folder-index.ts';
import { loadTries } from './index-tries.ts';
import { createIntents } from './intents.ts';
import { createManifests } from './manifests.ts';
import { createPending } from './pending.ts';
import { checkStructure, prepareSchema } from './schema.ts';
import { sweepUnused } from './sweep.ts';
import { readTotals } from './totals.ts';
import { createTransactions } from './transactions.ts';
import { createTrieKeys } from './trie-key.ts';
import { createVersions } from './versions.ts';
import { createViewRows } from './view-rows.ts';

/** What {@link openFolderIndex} needs. */
export interface FolderIndexInit {
  /** The SQLite file, made if missing in a directory that exists; `:memory:` for none. Never inside a synced folder, never on a network drive. */
  readonly file: string;
  readonly folderId: FolderId;
  readonly parseEntry: ParseEntry;
  /** Which SQLite to use; by default the one built into Node, where there is one. */
  readonly sqlite?: SqliteSource;
}

/** Set while an index is open: found at opening, it tells that the last stop was no stop but an end. */
const openFact = 'open';
/** The folder the index belongs to: the trie keys in it are made from its id. */
const folderFact = 'folder';

/**
 * Opens or makes the index of one folder; after an unclean stop its structure is checked first. Reads two hashes of every path, about half a second per 100,000.
 * Throws SyncError: `index-unreadable` (damaged, or no index: move it away and scan again), `version-unsupported`, `home-in-use`, `disk-failed`, `no-space`.
 */
export async function openFolderIndex({
  file,
  folderId,
  parseEntry,
  sqlite,
}: FolderIndexInit): Promise<FolderIndex> {
  const db = await openDatabase(file, sqlite);
  try {
    prepareSchema(db, file);
    return composeIndex(db, { file, folderId, parseEntry });
  } catch (error) {
    db.close();
    throw error;
  }
}

function composeIndex(db: Database, { file, folderId, parseEntry }: FolderIndexInit): FolderIndex {
  const transactions = createTransactions(db);
  const facts = createFacts(db, transactions);
  if (facts.fact(openFact) !== undefined) checkStructure(db, file);
  const owner = facts.fact(folderFact) ?? folderId;
  if (owner !== folderId)
    throw new SyncError('index-unreadable', { file, reason: 'belongs to another folder' });
  const tries = loadTries(db, transactions, createTrieKeys(folderId));
  transactions.run(() => {
    facts.setFact(openFact, 'yes');
    facts.setFact(folderFact, folderId);
  });
  const changeSets = createChangeSets(db, transactions);
  const entries = createEntries({ db, transactions, tries, changeSets, parseEntry });
  return {
    ...facts,
    ...entries,
    putChangeSet: changeSets.putChangeSet,
    changeSet: changeSets.changeSet,
    ...createFloors({ db, transactions, facts, stateTrie: tries.state }),
    state: tries.state,
    materialised: tries.materialised,
    keyOf: (path) => tries.keyOf(path),
    pathsByKeys: (keys) => tries.pathsByKeys(keys),
    pathsUnder: (prefix, after, limit) => tries.pathsUnder(prefix, after, limit),
    ...createViewRows(db, transactions),
    ...createBaseRows(db, transactions, tries),
    ...createPending(db, transactions),
    ...createIntents(db, transactions),
    ...createManifests(db, transactions),
    ...createVersions(db, transactions),
    ...createActivities(db, transactions),
    transaction: (work) => transactions.run(work),
    totals: () => readTotals(db),
    sweep: (incarnation) => transactions.run(() => sweepUnused(db, incarnation)),
    close() {
      invariant(!db.isInTransaction, 'an index is not closed inside a transaction');
      try {
        transactions.run(() => facts.setFact(openFact, undefined));
      } finally {
        db.close();
      }
    },
  };
}
