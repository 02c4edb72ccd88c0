import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createManualClock, settle } from '../testing/manual-clock.ts';
import { createFrameStreamPair } from '../testing/memory-frame-stream.ts';
import { foundedLog, identityOf } from '../testing/trust-world.ts';
import { SyncError } from '../model/errors.ts';
import { encodePairMessage, type FrameStream, type PairMessage } from '../protocol/protocol.ts';
import { createAllowedDevices } from './allowed-devices.ts';
import type { Identity } from './identity.ts';
import { textToInvitation } from './invitation.ts';
import { createInvitationBook } from './invitation-book.ts';
import { createNearbyOpening } from './nearby-opening.ts';
import { hostPairing } from './pair-host.ts';
import { joinByInvitation } from './pair-invite.ts';
import type { JoinResult } from './pair-join.ts';
import { joinNearby } from './pair-nearby.ts';
import { joinAllowed } from './pair-typed.ts';

const [host, joiner] = ['anna', 'nas'].map(identityOf) as [Identity, Identity];

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const hashes = bytes(32).map((value) => Buffer.from(value).toString('hex') as never);
const names = fc.string({ maxLength: 10 });
const message: fc.Arbitrary<PairMessage> = fc.oneof(
  fc.record({
    kind: fc.constant('hello' as const),
    method: fc.constantFrom('sas' as const, 'typed' as const),
    claimedName: names,
    ticket: fc.constant(undefined),
  }),
  fc.record({
    kind: fc.constant('hello' as const),
    method: fc.constant('invite' as const),
    claimedName: names,
    ticket: bytes(16),
  }),
  fc.record({ kind: fc.constant('commitment' as const), commitment: bytes(32) }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('nonce' as const), nonce: bytes(32) }) },
  fc.record({ kind: fc.constant('proof' as const), proof: bytes(32) }),
  fc.constant({ kind: 'pending' as const }),
  fc.record({ kind: fc.constant('offer' as const), group: hashes, claimedName: names }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('consent' as const), consent: bytes(64) }) },
  fc.record({ kind: fc.constant('admitted' as const), ops: fc.integer({ min: 2, max: 16_384 }) }),
  fc.record({
    kind: fc.constant('refuse' as const),
    reason: fc.constantFrom('declined' as const, 'wrong-code' as const, 'busy' as const),
  }),
);
/** Mostly in the order that is right, so that not all ends at once. */
const inOrder = (...kinds: readonly PairMessage['kind'][]) =>
  fc.tuple(...kinds.map((kind) => message.filter((each) => each.kind === kind)));
const frames = (order: fc.Arbitrary<readonly PairMessage[]>) =>
  fc
    .tuple(
      order,
      fc.array(fc.tuple(fc.nat(8), message), { maxLength: 2 }),
      fc.option(fc.uint8Array({ maxLength: 40 }), { freq: 1 }),
    )
    .map(([right, others, garbage]) => {
      const all = [...right];
      for (const [at, other] of others) all.splice(at, 0, other);
      return [...all.map(encodePairMessage), ...(garbage === null ? [] : [garbage])];
    });

async function say(stream: FrameStream, all: readonly Uint8Array[]): Promise<void> {
  const drain = async (): Promise<void> => {
    while ((await stream.receive()) !== undefined);
  };
  drain().catch(() => {});
  try {
    for (const frame of all) await stream.send(frame);
    await settle();
    await stream.finish();
  } catch {
    // The other side has had enough.
  }
}

const signal = new AbortController().signal;

test('[TR30] [A26] whatever a joiner says, without a yes it is no member, and the host ends it with a reason', {
  timeout: 120_000,
}, async () => {
  const ends = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      frames(
        fc.oneof(
          inOrder('hello', 'nonce'),
          inOrder('hello', 'nonce', 'consent'),
          inOrder('hello', 'nonce', 'proof', 'consent'),
        ),
      ),
      async (all) => {
        const clock = createManualClock();
        const opening = createNearbyOpening({ clock });
        opening.open();
        const log = foundedLog(host);
        const [here, there] = createFrameStreamPair('/lockstep/pair/1');
        const hosted = hostPairing({
          stream: here,
          joiner: joiner.deviceKey,
          identity: host,
          hostName: 'Studio-Mac',
          invitations: createInvitationBook({ hostKey: host.deviceKey, clock }),
          nearby: {
            opening,
            clock,
            choose: () => Promise.resolve(true),
            askDigits: () => Promise.resolve('not these'),
            matched: () => {},
          },
          allowed: createAllowedDevices({ clock }),
          confirm: () => Promise.resolve(true),
          openGroup: () => Promise.resolve(log),
          commit: () => Promise.reject(new Error('admitted')),
          signal,
        }).then(
          () => 'admitted',
          (error: unknown) =>
            error instanceof SyncError ? `${error.code} ${error.facts.what}` : String(error),
        );
        await say(there, all);
        const end = await hosted;
        ends.add(end);
        expect(end).toMatch(
          /^(pairing-refused|invitation-refused|peer-misbehaved|invitation-used|interrupted) /,
        );
        expect(log.ops()).toHaveLength(1);
      },
    ),
    { numRuns: 500 },
  );
  expect(ends).toContain('pairing-refused wrong-code');
  expect(ends).toContain('pairing-refused closed');
});

test('[TR24] [TR30] whatever a host says, who does not agree is in no group, and who does only in one that admitted it', {
  timeout: 120_000,
}, async () => {
  const ends = new Set<string>();
  const clock = createManualClock();
  const book = createInvitationBook({ hostKey: host.deviceKey, clock });
  const invitation = textToInvitation(book.issue({ addresses: [] }).text);
  const order = fc.oneof(
    inOrder('commitment', 'nonce', 'pending', 'offer', 'admitted'),
    inOrder('nonce', 'proof', 'pending', 'offer', 'admitted'),
    inOrder('nonce', 'pending', 'offer', 'admitted'),
  );
  await fc.assert(
    fc.asyncProperty(frames(order), fc.nat(2), async (all, way) => {
      const allowed = createAllowedDevices({ clock });
      allowed.allow(host.deviceKey);
      const [here, there] = createFrameStreamPair('/lockstep/pair/1');
      const input = { stream: there, host: host.deviceKey, identity: joiner, claimedName: 'NAS', signal };
      const ways: readonly (() => Promise<JoinResult>)[] = [
        () => joinByInvitation({ ...input, invitation }),
        () => joinNearby({ ...input, showDigits: () => {}, confirm: () => Promise.resolve(true) }),
        () => joinAllowed({ ...input, allowed }),
      ];
      const joined = ways[way]?.().then(
        () => 'joined',
        (error: unknown) =>
          error instanceof SyncError ? `${error.code} ${error.facts.what}` : String(error),
      );
      await say(here, all);
      const end = (await joined) as string;
      ends.add(end);
      expect(end).toMatch(/^(pairing-refused|invitation-refused|peer-misbehaved|interrupted) /);
      expect(allowed.has(host.deviceKey)).toBe(true);
    }),
    { numRuns: 500 },
  );
  expect(ends).toContain('peer-misbehaved pair-commitment');
  expect(ends).toContain('peer-misbehaved pair-host-proof');
});
