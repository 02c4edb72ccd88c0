import { compareText } from '../base/pure.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import { decodeOp, type MembershipOp } from '../protocol/protocol.ts';
import { hasBit } from './bitset.ts';
import { type FolderGrants, resolveFolders } from './folder-grants.ts';
import { nextPlace, type OpPlace } from './next-place.ts';
import { createOpGraph, type OpNode, parentsOf } from './op-graph.ts';
import { createOrphanPool } from './orphan-pool.ts';
import {
  addedBy,
  type AddedDevice,
  removalsOf,
  type Removers,
  removersOf,
  type Voided,
  voidedSince,
} from './removal.ts';
import { createResolver } from './resolver.ts';
import type { Membership } from './resolve.ts';
import { findFault, findGenesisFault, hasValidSignature, type OpFault } from './validity.ts';

/**
 * The signed history of who belongs to a group, as far as this device has heard. It only grows.
 * It keeps nothing on disk: whoever adds operations stores what {@link AddResult.accepted} names, before acting on it.
 */
export interface MembershipLog {
  /** The group, which is the id of the genesis; undefined until that is known. */
  readonly group: Hash | undefined;
  /**
   * Takes one envelope from `source` (the device that sent it, for the orphan limits).
   * Throws SyncError `version-unsupported` for an operation of a later format; every other bad envelope is `invalid`, and nothing of it is kept.
   */
  add(envelope: Uint8Array, source?: string): AddResult;
  /** What would be wrong with `op`, if anything; undefined also when it builds on something unknown. */
  judge(op: MembershipOp): OpFault | undefined;
  /** Drops what waits from `source`, whose connection ended. */
  forgetSource(source: string): void;
  has(id: Hash): boolean;
  op(id: Hash): MembershipOp | undefined;
  /** All operations, each after those it builds on. */
  ops(): readonly MembershipOp[];
  /** The operations no other builds on, sorted. */
  heads(): readonly Hash[];
  /** Where `author`'s next operation goes: its place in the author's own chain, and the heads it names, at most 8. */
  nextPlace(author: DeviceKey): OpPlace;
  /** The operations that someone with these heads has, as far as the heads are known here. */
  closureOf(heads: readonly Hash[]): ReadonlySet<Hash>;
  /** Envelopes of what `known` does not have, each after those it builds on. */
  missingFrom(known: ReadonlySet<Hash>): readonly Uint8Array[];
  /** Who belongs to the group now. */
  members(): Membership;
  /** Who belongs to the group as seen by someone with these heads; undefined if none of them is known here. */
  membersAt(heads: readonly Hash[]): Membership | undefined;
  /** Whether an operation has an effect: its author was truly let in, and no removal of the author or reset voids it. Of a revocation it says nothing: each one in {@link removalsOf} counts. */
  stands(id: Hash): boolean;
  /** The revocations of `device` that count, in the order they came. */
  removalsOf(device: DeviceKey): readonly MembershipOp[];
  /** Whom `device`, if it was removed, may remove in answer. */
  removersOf(device: DeviceKey): Removers;
  /** The active devices that are there by what `device` did, in the order they were first named, without `asker`, who may want to remove them too. */
  addedBy(device: DeviceKey, asker: DeviceKey): readonly AddedDevice[];
  /** What a revocation of `device` names to void its other operations too, all but those of which `wasBefore` says yes. Times are the caller's: operations carry none. */
  voidedSince(device: DeviceKey, wasBefore: (op: MembershipOp) => boolean): Voided;
  /** What the group has agreed about its folders. */
  folders(): ReadonlyMap<FolderId, FolderGrants>;
  /** What a person should know of, oldest first. */
  alarms(): readonly TrustAlarm[];
  /** Whether an operation that `author` signed waits for others: the author's own chain is not complete here, so nothing may be signed on top of it. */
  hasOrphanBy(author: DeviceKey): boolean;
}

/** What became of an envelope. */
export interface AddResult {
  readonly status: 'added' | 'known' | 'orphan' | 'invalid';
  /** Its id, if it could be read. */
  readonly id?: Hash;
  /** Envelopes that are part of the log now and were not before, in order: this one, and orphans that waited for it. */
  readonly accepted: readonly Uint8Array[];
  /** Why it is invalid. */
  readonly fault?: OpFault;
}

/** Something is wrong that no rule can settle. */
export type TrustAlarm =
  /** Two operations with one place in a device's chain, `seq` being the first such: its key is in two places, or an old state of it was restored. */
  | { readonly kind: 'identity-in-two-places'; readonly device: DeviceKey; readonly seq: number }
  /** The log is at its limit; only removals and resets are taken any more. */
  | { readonly kind: 'log-full' };

/** LIMITS of a log. When `maxOps` or `maxBytes` is reached, only removals and resets (and what they build on) are taken; at twice that, only those that still remove someone. */
export interface LogLimits {
  readonly maxOps: number;
  readonly maxBytes: number;
}

/** The limits every device uses. */
export const logLimits: LogLimits = { maxOps: 4096, maxBytes: 8 << 20 };

/**
 * A log with `ops` in it, each after those it builds on; the first is the genesis, whose id must be `group` if that is given.
 * Throws SyncError `peer-misbehaved` if one of them does not belong there.
 */
export function createMembershipLog(
  { group, ops = [] }: { readonly group?: Hash; readonly ops?: readonly Uint8Array[] } = {},
  limits: LogLimits = logLimits,
): MembershipLog {
  const graph = createOpGraph();
  const resolver = createResolver(graph);
  let folders: { readonly size: number; readonly grants: ReturnType<MembershipLog['folders']> } | undefined;
  const orphans = createOrphanPool();
  const alarms = new Map<DeviceKey | 'log', TrustAlarm>();
  const placesTaken = new Set<string>();
  let bytes = 0;

  const pinned = (): Hash | undefined => graph.nodes[0]?.op.id ?? group;
  const isMissingParents = (op: MembershipOp): boolean => parentsOf(op).some((id) => !graph.node(id));
  const parentNodes = (op: MembershipOp): readonly OpNode[] =>
    parentsOf(op).flatMap((id) => graph.node(id) ?? []);

  const judge = (op: MembershipOp): OpFault | undefined => {
    if (op.group === undefined)
      return pinned() === undefined || op.id === pinned() ? findGenesisFault(op) : 'other-group';
    if (op.group !== pinned()) return 'other-group';
    if (isMissingParents(op)) return undefined;
    const parents = parentNodes(op);
    // Without the genesis in its past nobody had the right to write it.
    if (parents.length === 0) return 'author-not-active';
    return findFault(op, resolver.at(parents));
  };

  const fillOf = (): number => Math.max(graph.nodes.length / limits.maxOps, bytes / limits.maxBytes);
  const hasRoomFor = ({ body }: MembershipOp): boolean => {
    const fill = fillOf();
    if (fill < 1 || body.kind === 'reset') return true;
    if (body.kind !== 'revoke') return false;
    return fill < 2 || body.targets.some(({ key }) => !resolver.now().resolution.revoked.has(key));
  };

  const accept = (op: MembershipOp): void => {
    const epoch = op.body.kind === 'reset' ? resolver.at(parentNodes(op)).resolution.epoch + 1 : 0;
    graph.add(op, epoch);
    bytes += op.envelope.length;
    const place = `${op.author} ${op.seq}`;
    const alarm = alarms.get(op.author);
    // The first place taken twice, whichever of several was heard of first.
    if (placesTaken.has(place) && (alarm?.kind !== 'identity-in-two-places' || op.seq < alarm.seq))
      alarms.set(op.author, { kind: 'identity-in-two-places', device: op.author, seq: op.seq });
    placesTaken.add(place);
    if (fillOf() >= 1) alarms.set('log', { kind: 'log-full' });
  };

  /** The parked operations that `op` builds on, in order, or undefined if something is missing even with them. */
  const parkedPastOf = (op: MembershipOp): readonly MembershipOp[] | undefined => {
    const found = new Set<MembershipOp>();
    const collect = (child: MembershipOp): boolean => {
      for (const id of parentsOf(child)) {
        const parent = orphans.get(id);
        if (graph.node(id) !== undefined || (parent !== undefined && found.has(parent))) continue;
        if (parent === undefined || !collect(parent)) return false;
        found.add(parent);
      }
      return true;
    };
    return collect(op) ? [...found] : undefined;
  };

  /** Moves orphans into the log until none fits. */
  const settle = (accepted: Uint8Array[]): void => {
    for (let before = -1; before !== accepted.length; ) {
      before = accepted.length;
      for (const op of orphans.all()) {
        if (!hasRoomFor(op)) continue;
        // While there is room, nothing waits whose past is here or waits too.
        const past = fillOf() >= 1 ? parkedPastOf(op) : isMissingParents(op) ? undefined : [];
        for (const each of past === undefined ? [] : [...past, op]) {
          orphans.remove(each.id);
          if (graph.node(each.id) !== undefined || isMissingParents(each) || judge(each) !== undefined) break;
          accept(each);
          accepted.push(each.envelope);
        }
      }
    }
  };

  const add = (envelope: Uint8Array, source = ''): AddResult => {
    let op: MembershipOp;
    try {
      op = decodeOp(envelope);
    } catch (error) {
      if (error instanceof SyncError && error.code === 'peer-misbehaved')
        return { status: 'invalid', accepted: [], fault: 'bad-form' };
      throw error;
    }
    if (graph.node(op.id) !== undefined) return { status: 'known', id: op.id, accepted: [] };
    // The signature first: what waits must at least be what its author wrote.
    const fault = !hasValidSignature(op) ? 'bad-signature' : judge(op);
    if (fault !== undefined) return { status: 'invalid', id: op.id, accepted: [], fault };
    const accepted: Uint8Array[] = [];
    if (isMissingParents(op) || !hasRoomFor(op)) orphans.park(op, source);
    else {
      orphans.remove(op.id);
      accept(op);
      accepted.push(envelope);
    }
    if (accepted.length > 0 || fillOf() >= 1) settle(accepted);
    return { status: graph.node(op.id) === undefined ? 'orphan' : 'added', id: op.id, accepted };
  };

  for (const envelope of ops) {
    const { status, fault } = add(envelope);
    if (status !== 'added')
      throw new SyncError('peer-misbehaved', { what: `membership-log-${fault ?? status}` });
  }

  return {
    get group() {
      return graph.nodes[0]?.op.id;
    },
    add,
    judge: (op) => (hasValidSignature(op) ? judge(op) : 'bad-signature'),
    forgetSource: (source) => orphans.forget(source),
    has: (id) => graph.node(id) !== undefined,
    op: (id) => graph.node(id)?.op,
    ops: () => graph.nodes.map(({ op }) => op),
    heads: () =>
      graph
        .heads()
        .map(({ op }) => op.id)
        .toSorted(compareText),
    nextPlace: (author) => nextPlace(graph, author),
    closureOf(heads) {
      const mask = graph.closure(heads.flatMap((id) => graph.node(id) ?? []));
      return new Set(graph.nodes.filter(({ index }) => hasBit(mask, index)).map(({ op }) => op.id));
    },
    missingFrom: (known) => graph.nodes.filter(({ op }) => !known.has(op.id)).map(({ op }) => op.envelope),
    members: () => resolver.now().resolution,
    membersAt(heads) {
      const nodes = heads.flatMap((id) => graph.node(id) ?? []);
      return nodes.length === 0 ? undefined : resolver.at(nodes).resolution;
    },
    stands(id) {
      const node = graph.node(id);
      return node !== undefined && resolver.now().resolution.stands(node);
    },
    removalsOf: (device) => removalsOf(resolver.now(), device),
    removersOf: (device) => removersOf(resolver.now(), device),
    addedBy: (device, asker) => addedBy(resolver.now(), device, asker),
    voidedSince: (device, wasBefore) => voidedSince(resolver.now(), device, wasBefore),
    folders() {
      const size = graph.nodes.length;
      if (folders?.size !== size)
        folders = { size, grants: resolveFolders(graph, resolver.now().resolution) };
      return folders.grants;
    },
    alarms: () => [...alarms.values()],
    hasOrphanBy: (author) => orphans.all().some((op) => op.author === author),
  };
}
