import { invariant } from '../base/pure.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import type { MembershipOp } from '../protocol/protocol.ts';
import { hasBit } from './bitset.ts';
import type { OpNode } from './op-graph.ts';
import { type OpPast, withSponsors } from './validity.ts';

/** LIMIT: devices that fit into one revocation, each with a `keep` and a `cut`. */
export const maxTargetsInRevocation = 32;

/** A member that is in the group by what another device did. */
export interface AddedDevice {
  readonly key: DeviceKey;
  /** Who admitted it: the device asked about, or one that this one brought in. */
  readonly sponsor: DeviceKey;
  /** Whether the group, or the device that asks, let it in by another way too; if not, it belongs to what a person may want to remove together. */
  readonly isVouchedFor: boolean;
}

/** Who took a device out of the group, as the device itself may answer it. */
export interface Removers {
  /** Those whose revocation names it and who are not revoked themselves; by key. */
  readonly removers: readonly DeviceKey[];
  /** Those who let the removers in, and so on, and are not revoked themselves; by key. */
  readonly sponsors: readonly DeviceKey[];
}

/** What a removal that reaches back would take away. */
export interface Voided {
  /** For the revocation's `keep`. */
  readonly keep: Hash;
  /** The device's operations that stand now and would not any more, oldest first. Its revocations are not among them: no device can take one back. */
  readonly ops: readonly MembershipOp[];
}

/** The revocations of `device` that count, in the order they came. */
export function removalsOf({ graph, resolution }: OpPast, device: DeviceKey): readonly MembershipOp[] {
  return graph.nodes.filter((node) => removes(node, device) && resolution.inScope(node)).map(({ op }) => op);
}

/** Whom `device`, if it was removed, may remove in answer. */
export function removersOf(past: OpPast, device: DeviceKey): Removers {
  const { revoked } = past.resolution;
  const direct = new Set(removalsOf(past, device).map(({ author }) => author));
  const all = [...withSponsors(direct, past)].filter((key) => key !== device && !revoked.has(key)).toSorted();
  return {
    removers: all.filter((key) => direct.has(key)),
    sponsors: all.filter((key) => !direct.has(key)),
  };
}

/** The active devices that `device` admitted, and those they admitted, and so on, in the order they were first named, without `asker`, which trusts itself. */
export function addedBy(
  { graph, resolution }: OpPast,
  device: DeviceKey,
  asker: DeviceKey,
): readonly AddedDevice[] {
  const admissions = graph.nodes.flatMap((node) =>
    node.op.body.kind === 'admit' && resolution.stands(node)
      ? [{ sponsor: node.op.author, key: node.op.body.key }]
      : [],
  );
  const reach = (from: Iterable<DeviceKey>, without?: DeviceKey): Set<DeviceKey> => {
    const reached = new Set(from);
    // Walked with what is added on the way.
    for (const sponsor of reached)
      for (const admission of admissions)
        if (admission.sponsor === sponsor && sponsor !== without) reached.add(admission.key);
    return reached;
  };
  const vouchedFor = reach([...resolution.unsponsored, asker], device);
  const below = reach([device]);
  const added = new Map<DeviceKey, AddedDevice>();
  for (const { sponsor, key } of admissions)
    if (
      below.has(sponsor) &&
      key !== device &&
      key !== asker &&
      resolution.active.has(key) &&
      !added.has(key)
    )
      added.set(key, { key, sponsor, isVouchedFor: vouchedFor.has(key) });
  return [...added.values()];
}

/** What a revocation of `device` must name to void what it did since then; `wasBefore` says of each of its operations whether it was there already. */
export function voidedSince(
  { graph, resolution }: OpPast,
  device: DeviceKey,
  wasBefore: (op: MembershipOp) => boolean,
): Voided {
  const own = graph.nodes.filter(({ op }) => op.author === device);
  const after = own.filter(({ op }) => !wasBefore(op));
  // The kept operation's whole past stands, so nothing in it may be from after: clocks jump.
  const last = own
    .filter((node) => !after.some(({ index }) => hasBit(node.past, index)))
    .reduce<OpNode | undefined>(
      (best, node) => (best && best.op.seq >= node.op.seq ? best : node),
      undefined,
    );
  const kept = last ?? graph.nodes[0];
  invariant(kept !== undefined, 'a log begins with a genesis');
  return {
    keep: kept.op.id,
    ops: own
      .filter(
        (node) => node.op.body.kind !== 'revoke' && resolution.stands(node) && !hasBit(kept.past, node.index),
      )
      .map(({ op }) => op),
  };
}

function removes({ op: { body } }: OpNode, device: DeviceKey): boolean {
  return body.kind === 'revoke' && body.targets.some(({ key }) => key === device);
}
