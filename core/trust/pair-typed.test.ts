import { describe, expect, test } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createFrameStreamPair } from '../testing/memory-frame-stream.ts';
import { foundedLog, identityOf } from '../testing/trust-world.ts';
import { SyncError } from '../model/errors.ts';
import { allowLifeMs, createAllowedDevices, maxAllowedDevices } from './allowed-devices.ts';
import type { Identity } from './identity.ts';
import { createInvitationBook } from './invitation-book.ts';
import { hostPairing, type HostPairingResult } from './pair-host.ts';
import type { HostPairingInput } from './pair-host-input.ts';
import type { JoinResult } from './pair-join.ts';
import { mayHostAllowed, joinAllowed } from './pair-typed.ts';

const [host, joiner, other] = ['anna', 'nas', 'extra'].map(identityOf) as [Identity, Identity, Identity];

type Outcome<T> = { readonly value?: T; readonly error?: SyncError };

function outcomeOf<T>(promise: Promise<T>): Promise<Outcome<T>> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error: error as SyncError }),
  );
}

function createWorld() {
  const clock = createManualClock();
  const [atHost, atJoiner] = [createAllowedDevices({ clock }), createAllowedDevices({ clock })];
  const log = foundedLog(host);
  const pair = async (
    change: Partial<HostPairingInput> = {},
    leaving = new AbortController(),
  ): Promise<{ hosted: Outcome<HostPairingResult>; joined: Outcome<JoinResult> }> => {
    const [here, there] = createFrameStreamPair('/lockstep/pair/1');
    const joining = outcomeOf(
      joinAllowed({
        stream: there,
        host: host.deviceKey,
        identity: joiner,
        claimedName: 'NAS',
        allowed: atJoiner,
        signal: leaving.signal,
      }),
    );
    const hosting = outcomeOf(
      hostPairing({
        stream: here,
        joiner: joiner.deviceKey,
        identity: host,
        hostName: 'Studio-Mac',
        invitations: createInvitationBook({ hostKey: host.deviceKey, clock }),
        allowed: atHost,
        confirm: () => Promise.reject(new Error('nobody is asked')),
        openGroup: () => Promise.resolve(log),
        commit: (envelope) => {
          expect(log.add(envelope).status).toBe('added');
          return Promise.resolve();
        },
        signal: new AbortController().signal,
        ...change,
      }),
    );
    const [hosted, joined] = await Promise.all([hosting, joining]);
    return { hosted, joined };
  };
  return { clock, atHost, atJoiner, log, pair };
}

const closed = { code: 'pairing-refused', facts: { what: 'closed' } };

describe('pairing by typed keys', () => {
  test('[TR31] both were typed: no question, one member more, and neither can be used again', async () => {
    const { atHost, atJoiner, log, pair } = createWorld();
    atHost.allow(joiner.deviceKey);
    atJoiner.allow(host.deviceKey);
    const { hosted, joined } = await pair();
    expect(hosted.value).toMatchObject({ delivered: true, request: { method: 'typed', claimedName: 'NAS' } });
    expect(joined.value?.log.members().active).toEqual(new Set([host.deviceKey, joiner.deviceKey]));
    expect(log.ops().at(-1)?.body).toMatchObject({ kind: 'admit', method: 'typed' });
    expect([atHost.list(), atJoiner.list()]).toEqual([[], []]);
    const again = await pair();
    expect([again.hosted.value, again.joined.error]).toMatchObject([undefined, closed]);
    expect(log.ops()).toHaveLength(2);
  });

  test.each(['host', 'joiner'] as const)(
    '[TR31] only the %s typed: nothing happens, and it stays allowed',
    async (who) => {
      const { atHost, atJoiner, log, pair } = createWorld();
      if (who === 'host') atHost.allow(joiner.deviceKey);
      else atJoiner.allow(host.deviceKey);
      const { joined } = await pair();
      expect(joined.error).toMatchObject(closed);
      expect(log.ops()).toHaveLength(1);
      expect([atHost.has(joiner.deviceKey), atJoiner.has(host.deviceKey)]).toEqual([
        who === 'host',
        who === 'joiner',
      ]);
    },
  );

  test('[TR31] a host that is not the one to host refuses, whatever was typed', async () => {
    const { atHost, atJoiner, pair } = createWorld();
    atHost.allow(joiner.deviceKey);
    atJoiner.allow(host.deviceKey);
    const { hosted, joined } = await pair({ allowed: undefined });
    expect([hosted.error, joined.error]).toMatchObject([closed, closed]);
    expect([atHost.list().length, atJoiner.list().length]).toEqual([1, 1]);
  });

  test('[TR31] what fails on the way leaves both allowed, and the log as it was', async () => {
    const { atHost, atJoiner, log, pair } = createWorld();
    atHost.allow(joiner.deviceKey);
    atJoiner.allow(host.deviceKey);
    const { hosted, joined } = await pair({ openGroup: () => Promise.reject(new SyncError('disk-failed')) });
    expect(hosted.error?.code).toBe('disk-failed');
    expect(joined.error).toMatchObject({ code: 'pairing-refused', facts: { what: 'failed' }, retry: 'soon' });
    expect([atHost.list().length, atJoiner.list().length]).toEqual([1, 1]);
    expect(log.ops()).toHaveLength(1);
    expect((await pair()).joined.value).toBeDefined();
  });

  test('[TR31] twice at once admits once', async () => {
    const { atHost, atJoiner, log, pair } = createWorld();
    atHost.allow(joiner.deviceKey);
    atJoiner.allow(host.deviceKey);
    const both = await Promise.all([pair(), pair()]);
    expect(both.filter(({ joined }) => joined.value !== undefined)).toHaveLength(1);
    expect(both.find(({ joined }) => joined.error)?.joined.error).toMatchObject(closed);
    expect(log.ops()).toHaveLength(2);
  });

  test('[TR31] [A15] it lasts 24 hours of running, whatever the clock on the wall says', () => {
    const { clock, atHost } = createWorld();
    expect(atHost.allow(joiner.deviceKey)).toEqual({ expiresInMs: allowLifeMs });
    clock.advance(allowLifeMs - 1);
    expect(atHost.list()).toEqual([{ key: joiner.deviceKey, expiresInMs: 1 }]);
    clock.advance(1);
    expect(atHost.has(joiner.deviceKey)).toBe(false);
    expect(atHost.claim(joiner.deviceKey)).toBeUndefined();
    // What was left of it over a restart counts, but never as more than a fresh one.
    expect(atHost.allow(joiner.deviceKey, 1000)).toEqual({ expiresInMs: 1000 });
    expect(atHost.allow(joiner.deviceKey, allowLifeMs * 2)).toEqual({ expiresInMs: allowLifeMs });
  });

  test('[TR31] a key typed again while it is in use is another permission', () => {
    const { atHost } = createWorld();
    atHost.allow(joiner.deviceKey);
    const claim = atHost.claim(joiner.deviceKey);
    atHost.allow(joiner.deviceKey);
    claim?.spend();
    expect(atHost.has(joiner.deviceKey)).toBe(true);
    atHost.forget(joiner.deviceKey);
    expect(atHost.list()).toEqual([]);
  });

  test('[TR31] at most sixteen wait, the oldest giving way', () => {
    const { atHost } = createWorld();
    const keys = Array.from({ length: maxAllowedDevices + 1 }, (_, i) => identityOf(`device ${i}`).deviceKey);
    for (const key of keys) atHost.allow(key);
    expect(atHost.list().map(({ key }) => key)).toEqual(keys.slice(1));
  });

  test('[TR31] of two that allow each other exactly one hosts, unless both have a group', () => {
    const [a, b] = [joiner.deviceKey, other.deviceKey];
    const hosts = (aHasGroup: boolean, bHasGroup: boolean): boolean[] => [
      mayHostAllowed({ self: a, peer: b, hasGroup: aHasGroup }),
      mayHostAllowed({ self: b, peer: a, hasGroup: bHasGroup }),
    ];
    expect(new Set(hosts(false, false))).toEqual(new Set([false, true]));
    expect(hosts(true, true)).toEqual([true, true]);
  });
});
