import { invariant } from '../base/base.ts';
import type { DeviceKey } from '../model/ids.ts';
import { isVectorWithin, joinVectors, maxVectorIncarnations, type VectorItem } from '../model/past.ts';
import type { RelativePath } from '../model/path.ts';
import type { Database } from './database.ts';
import { stateDigest } from './digests.ts';
import type { FolderIndex } from './folder-index.ts';
import { toBlob, toHex } from './hex.ts';
import { dotsToText, textToDots } from './row-text.ts';
import type { Transactions } from './transactions.ts';

interface Stored {
  readonly device: Uint8Array;
  readonly serial: number;
  readonly applied: string | null;
  readonly signature: Uint8Array;
}

/** Up to where this device knows of writes and forgets deletions, and what devices have said of their disks. */
export function createFloors(parts: {
  readonly db: Database;
  readonly transactions: Transactions;
  readonly facts: Pick<FolderIndex, 'fact' | 'setFact'>;
  readonly stateTrie: FolderIndex['state'];
}): Pick<
  FolderIndex,
  | 'context'
  | 'raiseContext'
  | 'floor'
  | 'raiseFloor'
  | 'pathsOfNothing'
  | 'applied'
  | 'putApplied'
  | 'removeApplied'
  | 'stateRoot'
> {
  const { db, transactions, facts, stateTrie } = parts;
  const context = createVectorFact('context', transactions, facts);
  const floor = createVectorFact('floor', transactions, facts);
  return {
    context: () => context.read(),
    raiseContext(vector) {
      const joined = joinVectors(context.read(), vector);
      if (joined.length <= maxVectorIncarnations) context.write(joined);
    },
    floor: () => floor.read(),
    raiseFloor(vector) {
      const joined = joinVectors(floor.read(), vector);
      invariant(isVectorWithin(joined, context.read()), 'a floor is within the context of its device');
      floor.write(joined);
    },
    pathsOfNothing: (after, limit) =>
      db
        .all<{ path: RelativePath }>(
          'SELECT path FROM view WHERE (kind IS NULL OR winner IS NULL) AND path > ? ORDER BY path LIMIT ?',
          after ?? '',
          limit,
        )
        .map(({ path }) => path),
    applied: () =>
      db
        .all<Stored>('SELECT device, serial, applied, signature FROM applied ORDER BY device')
        .map(({ device, serial, applied, signature }) => ({
          device: toHex(device) as DeviceKey,
          serial,
          applied: applied === null ? undefined : textToDots(applied),
          signature,
        })),
    putApplied({ device, serial, applied, signature }) {
      transactions.required();
      db.run(
        'INSERT OR REPLACE INTO applied (device, serial, applied, signature) VALUES (?, ?, ?, ?)',
        toBlob(device),
        serial,
        applied === undefined ? null : dotsToText(applied),
        signature,
      );
    },
    removeApplied(device) {
      transactions.required();
      db.run('DELETE FROM applied WHERE device = ?', toBlob(device));
    },
    stateRoot: () => stateDigest(stateTrie.root(), floor.read()),
  };
}

/** A vector kept as a fact, and in memory as well: it is asked for with every batch and every announcement. */
function createVectorFact(
  name: string,
  transactions: Transactions,
  facts: Pick<FolderIndex, 'fact' | 'setFact'>,
): { read(): readonly VectorItem[]; write(vector: readonly VectorItem[]): void } {
  let known: readonly VectorItem[] = textToDots(facts.fact(name) ?? '');
  return {
    read: () => known,
    write(vector) {
      const before = known;
      if (isVectorWithin(vector, before)) return;
      facts.setFact(name, dotsToText(vector));
      known = vector;
      transactions.onRollback(() => {
        known = before;
      });
    },
  };
}
