import type { IncarnationId } from '../model/ids.ts';
import type { Database } from './database.ts';

/** Forgets the manifests of contents that no entry, base row, intent or kept version names, change sets without an entry, and gone dots of other incarnations. */
export function sweepUnused(db: Database, incarnation: IncarnationId): void {
  db.run(`
    DELETE FROM manifest WHERE content NOT IN (
      SELECT content FROM entry WHERE content IS NOT NULL
      UNION ALL SELECT content FROM base WHERE content IS NOT NULL
      UNION ALL SELECT content FROM version WHERE content IS NOT NULL
      UNION ALL SELECT unhex(becomes ->> '$.content.content') FROM intent WHERE becomes ->> '$.content.content' IS NOT NULL
    )`);
  db.run('DELETE FROM change_set WHERE id NOT IN (SELECT change_set FROM entry)');
  db.run('DELETE FROM gone_dot WHERE incarnation <> ?', incarnation);
}
