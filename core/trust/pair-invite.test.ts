import { describe, expect, test } from 'vitest';
import { createFrameStreamPair } from '../testing/memory-frame-stream.ts';
import { foundedLog, identityOf } from '../testing/trust-world.ts';
import { SyncError } from '../model/errors.ts';
import {
  decodePairMessage,
  encodeCanonical,
  encodePairMessage,
  type FrameStream,
  type PairMessage,
} from '../protocol/protocol.ts';
import { createRevoke } from './build-op.ts';
import { keyWords } from './device-key-text.ts';
import type { Identity } from './identity.ts';
import { type Invitation, invitationToText, textToInvitation } from './invitation.ts';
import {
  createInvitationBook,
  type InvitationBook,
  invitationLifeMs,
  maxBadProofs,
  ticketOf,
} from './invitation-book.ts';
import type { MembershipLog } from './membership-log.ts';
import { hostPairing, type HostPairingResult } from './pair-host.ts';
import type { HostPairingInput, JoinRequest } from './pair-host-input.ts';
import { type InvitedJoinInput, joinByInvitation } from './pair-invite.ts';
import type { JoinResult } from './pair-join.ts';

const [host, joiner, other] = ['anna', 'nas', 'extra'].map(identityOf) as [Identity, Identity, Identity];
const addresses = ['/ip4/192.168.1.20/tcp/22000'];

interface World {
  readonly book: InvitationBook;
  readonly log: MembershipLog;
  readonly asked: JoinRequest[];
  passTime(ms: number): void;
  invite(): Invitation;
}

function createWorld(): World {
  let now = 1000;
  const book = createInvitationBook({ hostKey: host.deviceKey, clock: { monotonic: () => now } });
  return {
    book,
    log: foundedLog(host),
    asked: [],
    passTime: (ms) => {
      now += ms;
    },
    invite: () => textToInvitation(book.issue({ addresses }).text),
  };
}

type Outcome<T> = { readonly value?: T; readonly error?: SyncError };

function outcomeOf<T>(promise: Promise<T>): Promise<Outcome<T>> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error: error as SyncError }),
  );
}

function hosting(
  world: World,
  stream: FrameStream,
  from: Identity,
  change: Partial<HostPairingInput> = {},
): Promise<Outcome<HostPairingResult>> {
  return outcomeOf(
    hostPairing({
      stream,
      joiner: from.deviceKey,
      identity: host,
      hostName: 'Studio-Mac',
      invitations: world.book,
      confirm: (request) => {
        world.asked.push(request);
        return Promise.resolve(true);
      },
      openGroup: () => Promise.resolve(world.log),
      commit: (envelope) => {
        expect(world.log.add(envelope).status).toBe('added');
        return Promise.resolve();
      },
      signal: new AbortController().signal,
      ...change,
    }),
  );
}

async function pair(
  world: World,
  invitation: Invitation,
  {
    as = joiner,
    atHost = {},
    atJoiner = {},
  }: { as?: Identity; atHost?: Partial<HostPairingInput>; atJoiner?: Partial<InvitedJoinInput> } = {},
): Promise<{ hosted: Outcome<HostPairingResult>; joined: Outcome<JoinResult> }> {
  const [here, there] = createFrameStreamPair('/lockstep/pair/1', { maxQueuedFrames: 2 });
  const joining = outcomeOf(
    joinByInvitation({
      stream: there,
      host: host.deviceKey,
      invitation,
      identity: as,
      claimedName: 'Anna-PC',
      signal: new AbortController().signal,
      ...atJoiner,
    }),
  );
  const [hosted, joined] = await Promise.all([hosting(world, here, as, atHost), joining]);
  return { hosted, joined };
}

/** Speaks as a joiner, message by message. */
async function speak(there: FrameStream, message: PairMessage): Promise<PairMessage | undefined> {
  await there.send(encodePairMessage(message));
  const frame = await there.receive();
  return frame && decodePairMessage(frame);
}

const admits = (log: MembershipLog): number => log.ops().filter(({ body }) => body.kind === 'admit').length;

describe('invitation text', () => {
  const invitation: Invitation = { hostKey: host.deviceKey, secret: new Uint8Array(16).fill(3), addresses };
  const text = invitationToText(invitation);

  test('[TR20] comes back, however it was pasted', () => {
    expect(text.length).toBeLessThan(115);
    const lines = text.toLowerCase().match(/.{1,20}/g) as string[];
    for (const pasted of [text, `\n ${text} `, lines.join('\r\n'), lines.join('-')])
      expect(textToInvitation(pasted)).toEqual(invitation);
  });

  test('[TR20] carries addresses of every kind, at most four, and leaves out what is too long', () => {
    const many = [
      '/ip6/fe80::1/tcp/22000',
      '/dns4/nas.local/tcp/1',
      '/ip4/010.0.0.1/tcp/5',
      '/ip4/256.0.0.1/tcp/70000',
      '/ip4/1.2.3.4/tcp/65535',
    ];
    const sent = invitationToText({
      ...invitation,
      addresses: [`/${'x'.repeat(100)}`, 'no address', '/a b/c', ...many],
    });
    expect(textToInvitation(sent).addresses).toEqual(many.slice(0, 4));
    expect(textToInvitation(invitationToText({ ...invitation, addresses: [] })).addresses).toEqual([]);
    expect(textToInvitation(invitationToText({ ...invitation, addresses: many.slice(4) })).addresses).toEqual(
      many.slice(4),
    );
  });

  const whatOf = (wrong: string): unknown => {
    try {
      textToInvitation(wrong);
    } catch (error) {
      if (error instanceof SyncError && error.code === 'invitation-unreadable') return error.facts.what;
      throw error;
    }
    return 'accepted';
  };

  test('[TR20] says what is wrong with it', () => {
    expect(whatOf('')).toBe('text');
    expect(whatOf('please find the invitation attached')).toBe('text');
    expect(whatOf('A'.repeat(5000))).toBe('text');
    for (let i = 0; i < text.length; i += 5)
      expect(
        whatOf(text.slice(0, i) + (text[i] === 'A' ? 'C' : 'A') + text.slice(i + 1)),
        `at ${i}`,
      ).not.toBe('accepted');
    for (let cut = 1; cut < 30; cut++)
      expect(whatOf(text.slice(0, -cut)), `cut ${cut}`).toMatch(/text|check/);
    expect(whatOf(`${text}${text}`)).toBe('check');
    const later = Buffer.from(encodeCanonical([2, new Uint8Array(80)]));
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    let bits = [...later].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    bits = bits.padEnd(Math.ceil(bits.length / 5) * 5, '0');
    expect(
      whatOf((bits.match(/.{5}/g) as string[]).map((five) => letters[Number.parseInt(five, 2)]).join('')),
    ).toBe('version');
  });
});

describe('pairing by invitation', () => {
  test('[TR23] a person says yes, and the joiner is a member on both sides', async () => {
    const world = createWorld();
    const { hosted, joined } = await pair(world, world.invite());
    expect(hosted.value).toEqual({ request: world.asked[0], delivered: true });
    expect(world.asked).toEqual([
      {
        deviceKey: joiner.deviceKey,
        claimedName: 'Anna-PC',
        words: keyWords(joiner.deviceKey),
        method: 'invite',
      },
    ]);
    expect(joined.value?.group).toBe(world.log.group);
    expect(joined.value?.hostName).toBe('Studio-Mac');
    expect(joined.value?.log.heads()).toEqual(world.log.heads());
    for (const log of [world.log, joined.value?.log])
      expect(log?.members().active).toEqual(new Set([host.deviceKey, joiner.deviceKey]));
    expect(world.log.alarms()).toEqual([]);
  });

  test('[TR23] a preapproved invitation asks nobody', async () => {
    const world = createWorld();
    const { text } = world.book.issue({ addresses, preapproved: true });
    const { hosted } = await pair(world, textToInvitation(text));
    expect(hosted.value?.delivered).toBe(true);
    expect(world.asked).toEqual([]);
  });

  test('[TR23] a no leaves nothing, and spends the invitation', async () => {
    const world = createWorld();
    const invitation = world.invite();
    const { hosted, joined } = await pair(world, invitation, {
      atHost: {
        confirm: () => Promise.resolve(false),
        openGroup: () => Promise.reject(new Error('not to be called')),
      },
    });
    expect(hosted.error).toMatchObject({ code: 'invitation-refused' });
    expect(joined.error).toMatchObject({ code: 'invitation-refused', facts: { what: 'declined' } });
    expect(admits(world.log)).toBe(0);
    expect((await pair(world, invitation)).joined.error?.code).toBe('invitation-used');
  });

  test('[TR23] a joiner that leaves while the person thinks takes the question back', async () => {
    const world = createWorld();
    const left = new AbortController();
    let questionEnded = false;
    const confirm: HostPairingInput['confirm'] = (_request, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          questionEnded = true;
          reject(new Error('ended'));
        });
        left.abort(new Error('gone'));
      });
    const { hosted, joined } = await pair(world, world.invite(), {
      atHost: { confirm },
      atJoiner: { signal: left.signal },
    });
    expect(joined.error?.message).toBe('gone');
    expect(hosted.error?.code).toBe('interrupted');
    expect(questionEnded).toBe(true);
    expect(admits(world.log)).toBe(0);
  });

  test('[TR23] what fails at the host is told as a failure, not why', async () => {
    const world = createWorld();
    const full = { commit: () => Promise.reject(new SyncError('no-space')) };
    const { hosted, joined } = await pair(world, world.invite(), { atHost: full });
    expect(hosted.error?.code).toBe('no-space');
    expect(joined.error).toMatchObject({ code: 'invitation-refused', facts: { what: 'failed' } });
    const closed = { openGroup: () => Promise.reject(new SyncError('home-unusable')) };
    expect((await pair(world, world.invite(), { atHost: closed })).joined.error).toMatchObject({
      facts: { what: 'failed' },
    });
  });

  test('[TR23] a removed device is not admitted again', async () => {
    const world = createWorld();
    await pair(world, world.invite());
    world.log.add(
      createRevoke(
        { log: world.log, identity: host },
        { targets: [{ key: joiner.deviceKey }], reason: 'lost' },
      ),
    );
    const { hosted, joined } = await pair(world, world.invite());
    expect(hosted.error).toMatchObject({ code: 'not-allowed', facts: { what: 'key-revoked' } });
    expect(joined.error).toMatchObject({ facts: { what: 'failed' } });
  });

  test('[TR23] a joiner lost after it was admitted may pair again', async () => {
    const world = createWorld();
    const broken = new AbortController();
    const atHost: Partial<HostPairingInput> = {
      commit: (envelope) => {
        world.log.add(envelope);
        broken.abort(new Error('cable'));
        return Promise.resolve();
      },
    };
    const { hosted, joined } = await pair(world, world.invite(), {
      atHost,
      atJoiner: { signal: broken.signal },
    });
    expect(hosted.value?.delivered).toBe(false);
    expect(joined.error?.message).toBe('cable');
    const again = await pair(world, world.invite());
    expect(again.joined.value?.log.members().active.has(joiner.deviceKey)).toBe(true);
  });
});

describe('attacks on pairing', () => {
  test('[TR21] [A27] used again, or by two at once: one admission', async () => {
    const world = createWorld();
    const invitation = world.invite();
    const both = await Promise.all([pair(world, invitation), pair(world, invitation, { as: other })]);
    expect(both.filter(({ joined }) => joined.value !== undefined)).toHaveLength(1);
    expect(both.find(({ joined }) => joined.error)?.joined.error?.code).toBe('invitation-used');
    expect((await pair(world, invitation, { as: other })).hosted.error?.code).toBe('invitation-used');
    expect(admits(world.log)).toBe(1);
  });

  test('[TR21] [A15] [A27] too late by the monotonic clock, whatever the wall clock says', async () => {
    const world = createWorld();
    const [late, inTime] = [world.invite(), world.invite()];
    world.passTime(invitationLifeMs - 1);
    expect((await pair(world, inTime)).joined.value).toBeDefined();
    world.passTime(1);
    expect((await pair(world, late, { as: other })).joined.error?.code).toBe('invitation-used');
    expect(admits(world.log)).toBe(1);
  });

  test('[TR21] [A27] after the program was started again', async () => {
    const world = createWorld();
    const invitation = world.invite();
    world.book.clear();
    expect((await pair(world, invitation)).joined.error?.code).toBe('invitation-used');
    expect((await pair(createWorld(), invitation)).joined.error?.code).toBe('invitation-used');
  });

  test('[TR21] [A27] expired between hello and proof', async () => {
    const world = createWorld();
    const invitation = world.invite();
    const random = {
      bytes: (length: number) => {
        world.passTime(invitationLifeMs);
        return new Uint8Array(length).fill(1);
      },
    };
    expect((await pair(world, invitation, { atJoiner: { random } })).joined.error?.code).toBe(
      'invitation-used',
    );
  });

  test('[TR21] [A26] five wrong proofs end it, also for who has the right one', async () => {
    const world = createWorld();
    const invitation = world.invite();
    for (let i = 0; i < maxBadProofs; i++) {
      const [here, there] = createFrameStreamPair('/lockstep/pair/1');
      const hosted = hosting(world, here, joiner);
      await speak(there, {
        kind: 'hello',
        method: 'invite',
        claimedName: '',
        ticket: ticketOf(invitation.secret),
      });
      await there.send(encodePairMessage({ kind: 'nonce', nonce: new Uint8Array(32) }));
      const answer = await speak(there, { kind: 'proof', proof: new Uint8Array(32).fill(i) });
      expect(answer).toEqual({ kind: 'refuse', reason: 'wrong-proof' });
      expect((await hosted).error).toMatchObject({ code: 'not-allowed', facts: { what: 'wrong-proof' } });
    }
    expect((await pair(world, invitation)).joined.error?.code).toBe('invitation-used');
    expect(world.asked).toEqual([]);
  });

  test('[TR21] [A26] half of an invitation is none', async () => {
    const world = createWorld();
    const invitation = world.invite();
    const guess = { ...invitation, secret: invitation.secret.with(0, (invitation.secret[0] as number) ^ 1) };
    expect((await pair(world, guess)).joined.error?.code).toBe('invitation-used');
    expect((await pair(world, invitation)).joined.value).toBeDefined();
  });

  test('[TR22] [A25] one who stands between with its own key gets nothing', async () => {
    const world = createWorld();
    const invitation = world.invite();
    // The joiner believes it talks to the host; the host sees the key of the one between.
    const [hostEnd, outer] = createFrameStreamPair('/lockstep/pair/1');
    const [inner, joinerEnd] = createFrameStreamPair('/lockstep/pair/1');
    const hosted = hosting(world, hostEnd, other);
    const joined = outcomeOf(
      joinByInvitation({
        stream: joinerEnd,
        host: host.deviceKey,
        invitation,
        identity: joiner,
        claimedName: 'Anna-PC',
        signal: new AbortController().signal,
      }),
    );
    const relay = async (from: FrameStream, to: FrameStream): Promise<void> => {
      for (let frame = await from.receive(); frame !== undefined; frame = await from.receive())
        await to.send(frame);
      await to.finish();
    };
    const relays = [relay(inner, outer), relay(outer, inner)].map((each) => each.catch(() => {}));
    expect((await hosted).error).toMatchObject({ facts: { what: 'wrong-proof' } });
    expect((await joined).error).toMatchObject({ facts: { what: 'wrong-proof' } });
    expect(admits(world.log)).toBe(0);
    void relays;
  });

  test('[TR22] [A25] a proof from another session, and a changed message', async () => {
    const world = createWorld();
    const invitation = world.invite();
    for (const changed of ['hello', 'nonce'] as const) {
      const [hostEnd, outer] = createFrameStreamPair('/lockstep/pair/1');
      const [inner, joinerEnd] = createFrameStreamPair('/lockstep/pair/1');
      const hosted = hosting(world, hostEnd, joiner);
      const joined = outcomeOf(
        joinByInvitation({
          stream: joinerEnd,
          host: host.deviceKey,
          invitation,
          identity: joiner,
          claimedName: 'Anna-PC',
          signal: new AbortController().signal,
        }),
      );
      const change = (frame: Uint8Array): Uint8Array => {
        const message = decodePairMessage(frame);
        if (message.kind === 'hello' && changed === 'hello')
          return encodePairMessage({ ...message, claimedName: 'Mallory' });
        if (message.kind === 'nonce' && changed === 'nonce')
          return encodePairMessage({ kind: 'nonce', nonce: new Uint8Array(32) });
        return frame;
      };
      await outer.send(change((await inner.receive()) as Uint8Array));
      await inner.send((await outer.receive()) as Uint8Array);
      await outer.send(change((await inner.receive()) as Uint8Array));
      await outer.send((await inner.receive()) as Uint8Array);
      await inner.send((await outer.receive()) as Uint8Array);
      expect((await hosted).error).toMatchObject({ facts: { what: 'wrong-proof' } });
      expect((await joined).error?.code).toBe('invitation-refused');
    }
  });

  test('[TR22] a host that does not know the secret, or has another key, is left', async () => {
    const world = createWorld();
    const invitation = world.invite();
    const wrongKey = await pair(world, { ...invitation, hostKey: other.deviceKey });
    expect(wrongKey.joined.error).toMatchObject({ facts: { what: 'pair-other-host' } });
    const [here, there] = createFrameStreamPair('/lockstep/pair/1');
    const joined = outcomeOf(
      joinByInvitation({
        stream: there,
        host: host.deviceKey,
        invitation,
        identity: joiner,
        claimedName: '',
        signal: new AbortController().signal,
      }),
    );
    await here.receive();
    await here.send(encodePairMessage({ kind: 'nonce', nonce: new Uint8Array(32) }));
    await here.send(encodePairMessage({ kind: 'proof', proof: new Uint8Array(32) }));
    expect((await joined).error).toMatchObject({
      code: 'peer-misbehaved',
      facts: { what: 'pair-host-proof' },
    });
  });

  test('[TR24] [A29] a host that offers one group and sends another log', async () => {
    const world = createWorld();
    const elsewhere = foundedLog(other);
    // The stream's messages are right; the log that follows is another's.
    const lying: MembershipLog = {
      ...world.log,
      ops: () => [...elsewhere.ops(), ...elsewhere.ops()],
      group: world.log.group,
    };
    const { hosted, joined } = await pair(world, world.invite(), {
      atHost: { openGroup: () => Promise.resolve(lying), commit: () => Promise.resolve() },
    });
    expect(joined.error).toMatchObject({
      code: 'peer-misbehaved',
      facts: { what: 'membership-log-other-group' },
    });
    expect(hosted.value?.delivered).toBe(false);
  });

  test('[TR24] a log that does not admit the joiner', async () => {
    const world = createWorld();
    await pair(world, world.invite(), { as: other });
    const { joined } = await pair(world, world.invite(), { atHost: { commit: () => Promise.resolve() } });
    expect(joined.error).toMatchObject({ code: 'peer-misbehaved', facts: { what: 'pair-not-admitted' } });
  });

  test('[TR23] [A28] a name that lies is inert and short', async () => {
    const world = createWorld();
    const names = ['Studio-Mac', '\u202eCP-annA', '<img onerror=alert(1)>', 'x'.repeat(10_000)];
    for (const claimedName of names) await pair(world, world.invite(), { atJoiner: { claimedName } });
    expect(world.asked.map(({ claimedName }) => claimedName)).toEqual([
      'Studio-Mac',
      'CP-annA',
      '<img onerror=alert(1)>',
      'x'.repeat(64),
    ]);
    expect(new Set(world.asked.map(({ words }) => words.join(' ')))).toEqual(
      new Set([keyWords(joiner.deviceKey).join(' ')]),
    );
  });

  test('[TR23] [A29] a consent to something else', async () => {
    const world = createWorld();
    const cheat: Identity = { ...joiner, sign: () => joiner.sign(new Uint8Array(3)) };
    const { hosted, joined } = await pair(world, world.invite(), { as: cheat });
    expect(hosted.error).toMatchObject({ code: 'peer-misbehaved', facts: { what: 'pair-consent' } });
    expect(joined.error?.code).toBe('interrupted');
    expect(admits(world.log)).toBe(0);
  });

  test.each([
    [
      'another method',
      encodePairMessage({ kind: 'hello', method: 'sas', claimedName: '', ticket: undefined }),
      'closed',
      'pairing-refused',
    ],
    ['another version', encodeCanonical([0, 2]), 'version', 'version-unsupported'],
  ])('[TR21] a hello with %s is refused', async (_says, hello, reason, code) => {
    const [here, there] = createFrameStreamPair('/lockstep/pair/1');
    const hosted = hosting(createWorld(), here, joiner);
    await there.send(hello);
    expect(decodePairMessage((await there.receive()) as Uint8Array)).toEqual({ kind: 'refuse', reason });
    expect((await hosted).error?.code).toBe(code);
  });

  test('[TR21] a message out of turn breaks it off', async () => {
    const world = createWorld();
    const [here, there] = createFrameStreamPair('/lockstep/pair/1');
    const hosted = hosting(world, here, joiner);
    await there.send(encodePairMessage({ kind: 'consent', consent: new Uint8Array(64) }));
    expect((await hosted).error?.code).toBe('peer-misbehaved');
    await expect(there.receive()).rejects.toThrow('interrupted');
  });
});
