import type { BaseRow, Intent } from '../model/base-row.ts';
import type { Observed } from '../model/disk.ts';
import type { RelativePath } from '../model/path.ts';
import type { Database } from './database.ts';
import type { FolderIndex } from './folder-index.ts';
import { sortedByPath } from './path-range.ts';
import { observedToText, textToObserved } from './row-text.ts';
import type { Transactions } from './transactions.ts';

interface Stored {
  readonly path: string;
  readonly staged_name: string | null;
  readonly staged: string | null;
  readonly replaced: string | null;
  readonly version_name: string | null;
  readonly version_keep: number | null;
  readonly becomes: string | null;
}

/** The commits under way. */
export function createIntents(
  db: Database,
  transactions: Transactions,
): Pick<FolderIndex, 'putIntent' | 'intent' | 'intents' | 'hasIntents' | 'removeIntent'> {
  return {
    putIntent({ path, stagedName, staged, replaced, version, becomes }) {
      transactions.required();
      db.run(
        `INSERT OR REPLACE INTO intent (path, staged_name, staged, replaced, version_name, version_keep, becomes)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        path,
        stagedName ?? null,
        staged === undefined ? null : observedToText(staged),
        replaced === undefined ? null : observedToText(replaced),
        version?.storedName ?? null,
        version === undefined ? null : Number(version.keep),
        becomes === undefined ? null : baseRowToJson(becomes),
      );
    },
    intent(path) {
      const row = db.one<Stored>('SELECT * FROM intent WHERE path = ?', path);
      return row === undefined ? undefined : toIntent(row);
    },
    intents: () => sortedByPath(db.all<Stored>('SELECT * FROM intent').map(toIntent)),
    hasIntents: () => db.one('SELECT 1 FROM intent LIMIT 1') !== undefined,
    removeIntent(path) {
      transactions.required();
      db.run('DELETE FROM intent WHERE path = ?', path);
    },
  };
}

function toIntent(row: Stored): Intent {
  return {
    path: row.path as RelativePath,
    stagedName: row.staged_name ?? undefined,
    staged: observedOrNone(row.staged),
    replaced: observedOrNone(row.replaced),
    version:
      row.version_name === null ? undefined : { storedName: row.version_name, keep: row.version_keep === 1 },
    becomes: row.becomes === null ? undefined : jsonToBaseRow(row.becomes),
  };
}

const observedOrNone = (text: string | null): Observed | undefined =>
  text === null ? undefined : textToObserved(text);

/** A base row that is not one yet: never searched, so it lies here whole. Its content, if any, is read by {@link sweepUnused} too. */
function baseRowToJson(row: BaseRow): string {
  return JSON.stringify({
    ...row,
    observed: row.observed === undefined ? null : observedToText(row.observed),
  });
}

function jsonToBaseRow(text: string): BaseRow {
  const row = JSON.parse(text) as Omit<BaseRow, 'observed'> & { readonly observed: string | null };
  return { ...row, shown: row.shown, content: row.content, observed: observedOrNone(row.observed) };
}
