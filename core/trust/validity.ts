import type { DeviceKey } from '../model/ids.ts';
import {
  consentSigningBytes,
  type MembershipOp,
  type OpBody,
  opSigningBytes,
  recoverySigningBytes,
} from '../protocol/protocol.ts';
import { type Bitset, hasBit } from './bitset.ts';
import { isUsableKey, verifyStrict } from './identity.ts';
import type { OpGraph, OpNode } from './op-graph.ts';
import type { Resolution } from './resolve.ts';

/** Why an operation is refused, now and for ever. */
export type OpFault =
  | 'bad-form'
  | 'other-group'
  | 'bad-signature'
  | 'bad-recovery-signature'
  | 'bad-consent'
  | 'bad-key'
  | 'broken-chain'
  | 'author-not-active'
  | 'key-revoked'
  | 'key-unknown'
  | 'keep-unseen'
  | 'too-many-keys';

/** What was true when an operation was written: the graph, the operations it builds on, and what they say. */
export interface OpPast {
  readonly graph: OpGraph;
  readonly mask: Bitset;
  readonly resolution: Resolution;
}

/** LIMIT: devices ever admitted to one group, the founder among them. */
export const maxKnownKeys = 256;

/** Whether the author signed it; needs no other operation. */
export function hasValidSignature(op: MembershipOp): boolean {
  return verifyStrict(op.signature, opSigningBytes(op.payload), op.author);
}

/** What is wrong with a genesis, if anything. */
export function findGenesisFault({ body }: MembershipOp): OpFault | undefined {
  if (body.kind !== 'genesis') return 'other-group';
  return body.recoveryKey !== undefined && !isUsableKey(body.recoveryKey) ? 'bad-key' : undefined;
}

/** What is wrong with an operation other than the genesis, if anything, by its own past alone: every device comes to the same answer, whenever it asks. */
export function findFault(op: MembershipOp, past: OpPast): OpFault | undefined {
  const { graph, resolution } = past;
  if (op.prev !== undefined) {
    const prev = graph.node(op.prev)?.op;
    if (prev?.author !== op.author || prev.seq !== op.seq - 1) return 'broken-chain';
  }
  const { body, author } = op;
  if (body.kind === 'reset') return findResetFault(op, body, past);
  if (!resolution.active.has(author) && !isCounterRevocation(author, body, past)) return 'author-not-active';
  if (body.kind === 'admit') return findAdmitFault(op, body, resolution);
  if (body.kind === 'revoke') return findRevokeFault(body, past);
  if (body.kind === 'lapse' && !resolution.known.has(body.key)) return 'key-unknown';
  return undefined;
}

function findResetFault(
  op: MembershipOp,
  body: OpBody & { kind: 'reset' },
  { graph, resolution }: OpPast,
): OpFault | undefined {
  const genesis = (graph.nodes[0] as OpNode).op.body;
  const recoveryKey = genesis.kind === 'genesis' ? genesis.recoveryKey : undefined;
  const signature = op.recoverySignature;
  if (recoveryKey === undefined || signature === undefined) return 'bad-recovery-signature';
  if (!verifyStrict(signature, recoverySigningBytes(op.payload), recoveryKey))
    return 'bad-recovery-signature';
  return body.keep.every((key) => resolution.known.has(key)) ? undefined : 'key-unknown';
}

function findAdmitFault(
  op: MembershipOp,
  body: OpBody & { kind: 'admit' },
  { revoked, known }: Resolution,
): OpFault | undefined {
  const { key, transcript, consent } = body;
  if (revoked.has(key)) return 'key-revoked';
  if (!known.has(key) && known.size >= maxKnownKeys) return 'too-many-keys';
  if (op.group === undefined) return 'other-group';
  const agreed = consentSigningBytes({ group: op.group, sponsor: op.author, key, transcript });
  return verifyStrict(consent, agreed, key) ? undefined : 'bad-consent';
}

function findRevokeFault(
  body: OpBody & { kind: 'revoke' },
  { graph, mask, resolution }: OpPast,
): OpFault | undefined {
  for (const { key, keep } of body.targets) {
    if (!resolution.known.has(key)) return 'key-unknown';
    if (keep === undefined) continue;
    const kept = graph.node(keep);
    if (kept === undefined || !hasBit(mask, kept.index)) return 'keep-unseen';
  }
  return undefined;
}

// A device that was removed may still remove whoever removed it and whoever let those in: else the thief wins by being first.
function isCounterRevocation(author: DeviceKey, body: OpBody, past: OpPast): boolean {
  if (body.kind !== 'revoke' || !past.resolution.alive.has(author)) return false;
  const allowed = removersAndSponsors(author, past);
  return body.targets.every(({ key }) => allowed.has(key));
}

/** The devices that removed `device` according to that past, and those that admitted them, and so on. */
export function removersAndSponsors(device: DeviceKey, past: OpPast): ReadonlySet<DeviceKey> {
  const removers = new Set<DeviceKey>();
  for (const { op, index } of past.graph.nodes) {
    if (op.body.kind !== 'revoke' || !hasBit(past.mask, index)) continue;
    if (op.body.targets.some(({ key }) => key === device)) removers.add(op.author);
  }
  const all = withSponsors(removers, past);
  all.delete(device);
  return all;
}

/** The devices, those that admitted them according to that past, and so on. */
export function withSponsors(devices: ReadonlySet<DeviceKey>, { graph, mask }: OpPast): Set<DeviceKey> {
  const sponsorsOf = new Map<DeviceKey, DeviceKey[]>();
  for (const { op, index } of graph.nodes)
    if (op.body.kind === 'admit' && hasBit(mask, index))
      sponsorsOf.set(op.body.key, [...(sponsorsOf.get(op.body.key) ?? []), op.author]);
  const all = new Set(devices);
  // Walked with what is added on the way.
  for (const device of all) for (const sponsor of sponsorsOf.get(device) ?? []) all.add(sponsor);
  return all;
}
