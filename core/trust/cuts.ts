import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import { type CutPosition, cutListHash, decodeCutList } from '../protocol/protocol.ts';
import type { MembershipLog } from './membership-log.ts';

/** LIMIT: bytes of all lists held; one over it stays missing, and what it would have let stand does not. */
export const maxHeldCutBytes = 4 * 1024 * 1024;

/** The lists that operations name by their hash: up to where the file changes of devices stand that were removed, or may only read a folder. They travel beside the log; whoever holds them stores them. */
export interface CutStore {
  /** Takes a list that an operation in the log names and that is not held; false for any other. Throws SyncError `peer-misbehaved` if it is no list. */
  add(bytes: Uint8Array): boolean;
  get(hash: Hash): Uint8Array | undefined;
  /** Hashes that operations name and whose lists are not held, in the order of the log. */
  missing(): readonly Hash[];
  /** Up to where the changes of `device` stand. */
  cutOf(device: DeviceKey): Cut;
  /** Up to where those of a device stand that may only read a folder. */
  readerCutOf(folderId: FolderId, device: DeviceKey): Cut;
}

/** Up to where a device's file changes stand. */
export type Cut =
  /** It is free to change what it likes: everything stands. */
  | { readonly kind: 'none' }
  /** A list is not here yet: nothing is to stand that was not held before. */
  | { readonly kind: 'unknown' }
  /** The least of what every removal says of each incarnation; of those that are not in it nothing stands that was not held before. */
  | { readonly kind: 'known'; readonly positions: readonly CutPosition[] };

/** An empty store for the log; `lists` are those kept from before, of which the ones that no operation names are left out. */
export function createCutStore(
  log: MembershipLog,
  lists: readonly Uint8Array[] = [],
  maxBytes = maxHeldCutBytes,
): CutStore {
  const held = new Map<Hash, { readonly bytes: Uint8Array; readonly positions: readonly CutPosition[] }>();
  let heldBytes = 0;
  let looked = 0;
  const named = new Set<Hash>();
  const namedNow = (): ReadonlySet<Hash> => {
    const ops = log.ops();
    for (; looked < ops.length; looked++) {
      const body = ops[looked]?.body;
      const cuts =
        body?.kind === 'revoke'
          ? body.targets.map(({ cut }) => cut)
          : [body?.kind === 'folder' ? body.cut : undefined];
      for (const cut of cuts) if (cut !== undefined) named.add(cut);
    }
    return named;
  };
  const cutBy = (cuts: readonly (Hash | undefined)[]): Cut => {
    // One removal without a list, or by a reset alone: nothing more stands.
    if (cuts.length === 0 || cuts.includes(undefined)) return { kind: 'known', positions: [] };
    const found = cuts.map((cut) => held.get(cut as Hash)?.positions);
    if (found.includes(undefined)) return { kind: 'unknown' };
    return { kind: 'known', positions: least(found as readonly (readonly CutPosition[])[]) };
  };
  const store: CutStore = {
    add(bytes) {
      const hash = cutListHash(bytes);
      if (held.has(hash) || !namedNow().has(hash)) return false;
      const positions = decodeCutList(bytes);
      if (heldBytes + bytes.length > maxBytes) return false;
      heldBytes += bytes.length;
      held.set(hash, { bytes, positions });
      return true;
    },
    get: (hash) => held.get(hash)?.bytes,
    missing: () => [...namedNow()].filter((hash) => !held.has(hash)),
    cutOf(device) {
      if (!log.members().revoked.has(device)) return { kind: 'none' };
      const cuts = log.removalsOf(device).flatMap(({ body }) => {
        const target = body.kind === 'revoke' ? body.targets.find(({ key }) => key === device) : undefined;
        return target === undefined ? [] : [target.cut];
      });
      return cutBy(cuts);
    },
    readerCutOf(folderId, device) {
      const grant = log.folders().get(folderId)?.byDevice.get(device);
      return grant === undefined || grant.access === 'rw' ? { kind: 'none' } : cutBy(grant.cuts);
    },
  };
  for (const bytes of lists) store.add(bytes);
  return store;
}

function least(lists: readonly (readonly CutPosition[])[]): readonly CutPosition[] {
  const [first, ...others] = lists;
  return (first ?? []).flatMap((position) => {
    const same = others.map((list) =>
      list.find(
        ({ folderId, incarnation }) => folderId === position.folderId && incarnation === position.incarnation,
      ),
    );
    if (same.includes(undefined)) return [];
    const counters = same.map((other) => other?.counter as number);
    return [{ ...position, counter: Math.min(position.counter, ...counters) }];
  });
}
