import { describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock, settle } from '../testing/manual-clock.ts';
import { createFrameStreamPair } from '../testing/memory-frame-stream.ts';
import { createSeededRandom } from '../testing/seeded-random.ts';
import { foundedLog, identityOf } from '../testing/trust-world.ts';
import { abortable } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import {
  decodePairMessage,
  encodePairMessage,
  type FrameStream,
  type PairMessage,
  sha256Of,
} from '../protocol/protocol.ts';
import type { Identity } from './identity.ts';
import { createInvitationBook } from './invitation-book.ts';
import type { MembershipLog } from './membership-log.ts';
import {
  createNearbyOpening,
  maxDroppedSessions,
  nearbyOpenMs,
  type NearbyOpening,
} from './nearby-opening.ts';
import { hostPairing, type HostPairingResult } from './pair-host.ts';
import type { JoinRequest, NearbyHost } from './pair-host-input.ts';
import type { JoinResult } from './pair-join.ts';
import { digitsTimeoutMs, joinNearby, maxDigitTries, type NearbyJoinInput } from './pair-nearby.ts';

const [host, joiner, thief] = ['anna', 'nas', 'thief'].map(identityOf) as [Identity, Identity, Identity];

type Outcome<T> = { readonly value?: T; readonly error?: SyncError };

function outcomeOf<T>(promise: Promise<T>): Promise<Outcome<T>> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error: error as SyncError }),
  );
}

const endOf = <T>({ error }: Outcome<T>): string => `${error?.code} ${error?.facts.what}`;

/** A host, the joiner's screen, and a person who looks from one to the other. */
interface World {
  readonly clock: ManualClock;
  readonly opening: NearbyOpening;
  readonly log: MembershipLog;
  readonly happened: string[];
  /** What the joiner shows now. */
  shown: string;
  hosting(
    stream: FrameStream,
    from: Identity,
    person?: Partial<NearbyHost>,
    signal?: AbortSignal,
  ): Promise<Outcome<HostPairingResult>>;
  joining(stream: FrameStream, to: Identity, person?: Partial<NearbyJoinInput>): Promise<Outcome<JoinResult>>;
  pair(
    atHost?: Partial<NearbyHost>,
    atJoiner?: Partial<NearbyJoinInput>,
  ): Promise<{
    readonly hosted: Outcome<HostPairingResult>;
    readonly joined: Outcome<JoinResult>;
  }>;
}

function createWorld(seed = 'nearby'): World {
  const random = createSeededRandom(seed);
  const clock = createManualClock();
  const opening = createNearbyOpening({ clock });
  opening.open();
  const log = foundedLog(host);
  const happened: string[] = [];
  const world: World = {
    clock,
    opening,
    log,
    happened,
    shown: '',
    hosting: (stream, from, person, signal = new AbortController().signal) =>
      outcomeOf(
        hostPairing({
          stream,
          joiner: from.deviceKey,
          identity: host,
          hostName: 'Studio-Mac',
          invitations: createInvitationBook({ hostKey: host.deviceKey, clock }),
          nearby: {
            opening,
            clock,
            choose: () => Promise.resolve(true),
            askDigits: () => Promise.resolve(world.shown),
            matched: () => happened.push('the host says paired'),
            ...person,
          },
          confirm: () => Promise.reject(new Error('nobody is asked about an invitation')),
          openGroup: () => Promise.resolve(log),
          commit: (envelope) => {
            expect(log.add(envelope).status).toBe('added');
            return Promise.resolve();
          },
          signal,
          random,
        }),
      ),
    joining: (stream, to, person) =>
      outcomeOf(
        joinNearby({
          stream,
          host: to.deviceKey,
          identity: joiner,
          claimedName: 'Anna-PC',
          showDigits(digits) {
            world.shown = digits;
            happened.push('digits are shown');
          },
          confirm() {
            happened.push('the joiner is asked');
            return Promise.resolve(true);
          },
          signal: new AbortController().signal,
          random,
          ...person,
        }),
      ),
    async pair(atHost, atJoiner) {
      const [here, there] = createFrameStreamPair('/lockstep/pair/1', { maxQueuedFrames: 2 });
      const joining = world.joining(there, host, atJoiner);
      const [hosted, joined] = await Promise.all([world.hosting(here, joiner, atHost), joining]);
      return { hosted, joined };
    },
  };
  return world;
}

const admits = (log: MembershipLog): number => log.ops().filter(({ body }) => body.kind === 'admit').length;
const never = <T>(_request: JoinRequest, signal: AbortSignal): Promise<T> =>
  abortable(new Promise<T>(() => {}), signal);
const wrong = (digits: string): string => String((Number(digits) + 1) % 1_000_000).padStart(6, '0');

/** Speaks as a device that keeps to no rule. */
function speaker(stream: FrameStream) {
  return {
    say: (message: PairMessage): Promise<void> => stream.send(encodePairMessage(message)),
    async hear<K extends PairMessage['kind']>(kind: K): Promise<Extract<PairMessage, { kind: K }>> {
      const message = decodePairMessage((await stream.receive()) as Uint8Array);
      expect(message.kind).toBe(kind);
      return message as Extract<PairMessage, { kind: K }>;
    },
  };
}
const hello: PairMessage = { kind: 'hello', method: 'sas', claimedName: 'Anna-PC', ticket: undefined };

describe('pairing near by', () => {
  test('[TR28] a person picks, types what the other shows, and says there that it is paired', async () => {
    const world = createWorld();
    const asked: unknown[] = [];
    const { hosted, joined } = await world.pair({
      choose(request) {
        asked.push(request);
        return Promise.resolve(true);
      },
      askDigits: (request, triesLeft) => {
        asked.push(request, triesLeft);
        return Promise.resolve(`${world.shown.slice(0, 3)} ${world.shown.slice(3)}`);
      },
    });
    expect(world.shown).toMatch(/^\d{6}$/);
    expect(world.happened).toEqual(['digits are shown', 'the host says paired', 'the joiner is asked']);
    expect(hosted.value?.delivered).toBe(true);
    expect(asked).toEqual([hosted.value?.request, hosted.value?.request, maxDigitTries]);
    expect(joined.value).toMatchObject({ group: world.log.group, hostName: 'Studio-Mac' });
    for (const log of [world.log, joined.value?.log])
      expect(log?.members().active).toEqual(new Set([host.deviceKey, joiner.deviceKey]));
    expect(world.log.ops().at(-1)?.body).toMatchObject({ kind: 'admit', method: 'sas' });
  });

  test('[TR28] a typing error is no end, the third is', async () => {
    const world = createWorld();
    const tries: number[] = [];
    const typeWrongly = (times: number) => (_request: JoinRequest, triesLeft: number) => {
      tries.push(triesLeft);
      return Promise.resolve(triesLeft > maxDigitTries - times ? wrong(world.shown) : world.shown);
    };
    const lost = await world.pair({ askDigits: typeWrongly(3) });
    expect(tries).toEqual([3, 2, 1]);
    expect([endOf(lost.hosted), endOf(lost.joined)]).toEqual([
      'pairing-refused wrong-code',
      'pairing-refused wrong-code',
    ]);
    expect(admits(world.log)).toBe(0);
    expect(world.happened).toEqual(['digits are shown']);
    const won = await world.pair({ askDigits: typeWrongly(2) });
    expect(won.joined.value).toBeDefined();
  });

  test.each([
    [
      'nobody opened it',
      'closed',
      'closed',
      (world: World) => {
        world.opening.close();
        return {};
      },
    ],
    ['nobody picks it', 'declined-here', 'declined', () => ({ choose: () => Promise.resolve(false) })],
    [
      'nobody wants to type',
      'declined-here',
      'declined',
      () => ({ askDigits: () => Promise.resolve(undefined) }),
    ],
  ] as const)('[TR30] %s: both are told, and nothing is left', async (_says, atHost, atJoiner, prepare) => {
    const world = createWorld();
    const { hosted, joined } = await world.pair(prepare(world));
    expect([endOf(hosted), endOf(joined)]).toEqual([
      `pairing-refused ${atHost}`,
      `pairing-refused ${atJoiner}`,
    ]);
    expect(world.log.ops()).toHaveLength(1);
  });

  test('[TR30] the five minutes end while nobody picks', async () => {
    const world = createWorld();
    // Also if the question does not look at its signal.
    const pairing = world.pair({ choose: () => new Promise(() => {}) });
    await settle();
    world.clock.advance(nearbyOpenMs - 1);
    await settle();
    expect(world.opening.state()).toBe('open');
    world.clock.advance(1);
    const { hosted, joined } = await pairing;
    expect([endOf(hosted), endOf(joined)]).toEqual(['pairing-refused closed', 'pairing-refused closed']);
    expect(world.opening.state()).toBe('closed');
  });

  test('[TR30] nobody types in two minutes: the question is taken back, and both are told', async () => {
    const world = createWorld();
    let question: AbortSignal | undefined;
    const pairing = world.pair({
      askDigits(_request, _triesLeft, signal) {
        question = signal;
        return abortable(new Promise<undefined>(() => {}), signal);
      },
    });
    await settle();
    world.clock.advance(digitsTimeoutMs - 1);
    await settle();
    expect(question?.aborted).toBe(false);
    world.clock.advance(1);
    const { hosted, joined } = await pairing;
    expect(question?.aborted).toBe(true);
    expect([endOf(hosted), endOf(joined)]).toEqual(['pairing-refused expired', 'pairing-refused expired']);
    expect(admits(world.log)).toBe(0);
  });

  test('[TR30] the person at the joiner sees no word of it at the host, and says no', async () => {
    const world = createWorld();
    const { hosted, joined } = await world.pair({}, { confirm: () => Promise.resolve(false) });
    expect([endOf(hosted), endOf(joined)]).toEqual([
      'pairing-refused declined',
      'pairing-refused declined-here',
    ]);
    expect(admits(world.log)).toBe(0);
  });

  test.each(['choose', 'askDigits'] as const)(
    '[TR30] a joiner that leaves takes the question back (%s)',
    async (question) => {
      const world = createWorld();
      const leaving = new AbortController();
      const asked = Promise.withResolvers<AbortSignal>();
      const ask = (...all: readonly unknown[]): Promise<never> => {
        asked.resolve(all.at(-1) as AbortSignal);
        return new Promise(() => {});
      };
      const pairing = world.pair({ [question]: ask }, { signal: leaving.signal });
      const signal = await asked.promise;
      leaving.abort(new SyncError('interrupted', { what: 'left' }));
      const { hosted, joined } = await pairing;
      expect(signal.aborted).toBe(true);
      expect(hosted.error?.code).toBe('interrupted');
      expect(joined.error?.facts.what).toBe('left');
      expect(admits(world.log)).toBe(0);
    },
  );

  test.each(['choose', 'askDigits'] as const)(
    '[TR30] a host that stops takes its own question back, and says why (%s)',
    async (question) => {
      const world = createWorld();
      const stopping = new AbortController();
      const asked = Promise.withResolvers<AbortSignal>();
      const ask = (...all: readonly unknown[]): Promise<never> => {
        asked.resolve(all.at(-1) as AbortSignal);
        return new Promise(() => {});
      };
      const [here, there] = createFrameStreamPair('/lockstep/pair/1');
      const joined = world.joining(there, host);
      const hosted = world.hosting(here, joiner, { [question]: ask }, stopping.signal);
      const signal = await asked.promise;
      stopping.abort(new SyncError('interrupted', { what: 'stopping' }));
      expect(endOf(await hosted)).toBe('interrupted stopping');
      expect((await joined).error?.code).toBe('interrupted');
      expect(signal.aborted).toBe(true);
    },
  );

  test('[TR30] a host that leaves takes the question at the joiner back', async () => {
    const world = createWorld();
    const [here, there] = createFrameStreamPair('/lockstep/pair/1');
    const hosted = world.hosting(here, joiner);
    const asked = Promise.withResolvers<AbortSignal>();
    const joined = world.joining(there, host, {
      confirm(_offer, signal) {
        asked.resolve(signal);
        return new Promise(() => {});
      },
    });
    const signal = await asked.promise;
    here.abort(new SyncError('interrupted'));
    expect((await joined).error?.code).toBe('interrupted');
    expect(signal.aborted).toBe(true);
    await hosted;
  });
});

describe('attacks on pairing near by', () => {
  test('[TR29] [A25] what both show differs, in a thousand meetings with one who stands between', {
    timeout: 120_000,
  }, async () => {
    let matches = 0;
    for (let i = 0; i < 1000; i++) {
      const world = createWorld(`meeting ${i}`);
      const [hostEnd, outer] = createFrameStreamPair('/lockstep/pair/1');
      const [inner, joinerEnd] = createFrameStreamPair('/lockstep/pair/1');
      const hosted = world.hosting(hostEnd, thief, {
        // The person types what the joiner shows, as it comes to be.
        async askDigits() {
          while (world.shown === '') await settle();
          return world.shown;
        },
        matched: () => {
          matches += 1;
          throw new Error(`the same digits at meeting ${i}`);
        },
      });
      const joined = world.joining(joinerEnd, thief);
      const [toHost, toJoiner] = [speaker(outer), speaker(inner)];
      await toJoiner.hear('hello');
      await toHost.say(hello);
      const nonce = new Uint8Array(32).fill(i);
      await toHost.hear('commitment');
      const { nonce: ofJoiner } = await (async () => {
        const keys = [thief, joiner].map(({ deviceKey }) => Buffer.from(deviceKey, 'hex'));
        const promised = Buffer.concat([Buffer.from('lockstep pair commit 1\n'), ...keys, nonce]);
        await toJoiner.say({ kind: 'commitment', commitment: Buffer.from(sha256Of(promised), 'hex') });
        return toJoiner.hear('nonce');
      })();
      // The joiner's own nonce goes on to the host; the host's comes too late to be promised to the joiner.
      await toHost.say({ kind: 'nonce', nonce: ofJoiner });
      await toHost.hear('nonce');
      await toHost.hear('pending');
      await toJoiner.say({ kind: 'nonce', nonce });
      await toJoiner.say({ kind: 'pending' });
      expect(endOf(await hosted)).toBe('pairing-refused wrong-code');
      inner.abort(new SyncError('interrupted'));
      await joined;
      expect(world.shown).toMatch(/^\d{6}$/);
      expect(admits(world.log)).toBe(0);
    }
    expect(matches).toBe(0);
  });

  test.each([
    ['another nonce than it promised', (sent: Uint8Array) => sent.with(0, (sent[0] as number) ^ 1)],
    ['a promise made to somebody else', (sent: Uint8Array) => sent],
  ])('[TR29] [A25] a host that shows %s is left, and no digits are shown', async (says, opened) => {
    const world = createWorld();
    const [here, there] = createFrameStreamPair('/lockstep/pair/1');
    const joined = world.joining(there, host);
    const { say, hear } = speaker(here);
    await hear('hello');
    const nonce = new Uint8Array(32).fill(5);
    const promisedTo = says.includes('somebody') ? thief : joiner;
    const keys = [host, promisedTo].map(({ deviceKey }) => Buffer.from(deviceKey, 'hex'));
    const promised = Buffer.concat([Buffer.from('lockstep pair commit 1\n'), ...keys, nonce]);
    await say({ kind: 'commitment', commitment: Buffer.from(sha256Of(promised), 'hex') });
    await hear('nonce');
    await say({ kind: 'nonce', nonce: opened(nonce) });
    expect(endOf(await joined)).toBe('peer-misbehaved pair-commitment');
    expect(world.shown).toBe('');
  });

  test('[TR29] [A25] a joiner that shows its nonce before the host has promised its own', async () => {
    const world = createWorld();
    const [here, there] = createFrameStreamPair('/lockstep/pair/1');
    const hosted = world.hosting(here, joiner, { choose: never });
    const { say } = speaker(there);
    await say(hello);
    await say({ kind: 'nonce', nonce: new Uint8Array(32) });
    expect(endOf(await hosted)).toBe('peer-misbehaved pair-out-of-turn');
  });

  test('[TR29] [A26] three sessions that end otherwise close it; the fourth is refused, and the screen can tell', async () => {
    const world = createWorld();
    const askDigits = (): Promise<undefined> => Promise.resolve(undefined);
    // Asking alone costs nothing: a stranger cannot use up what a person did not pick.
    for (let i = 0; i < 5; i++) await world.pair({ choose: () => Promise.resolve(false) });
    for (let i = 0; i < maxDroppedSessions; i++) {
      expect(world.opening.state()).toBe('open');
      expect(endOf((await world.pair({ askDigits })).joined)).toBe('pairing-refused declined');
      // Opening what is open gives nobody more tries.
      if (world.opening.isOpen()) world.opening.open();
    }
    expect(world.opening.state()).toBe('unverified');
    expect(endOf((await world.pair()).joined)).toBe('pairing-refused closed');
    expect(admits(world.log)).toBe(0);
    world.opening.open();
    expect(world.opening.state()).toBe('open');
    expect((await world.pair()).joined.value).toBeDefined();
  });

  test('[TR29] [A26] sessions at once are counted before they end, those that pair are not', async () => {
    const { opening } = createWorld();
    const sessions = Array.from({ length: maxDroppedSessions }, () => opening.begin());
    expect(sessions).not.toContain(undefined);
    expect(opening.begin()).toBeUndefined();
    sessions[0]?.paired();
    sessions[0]?.dropped();
    const next = opening.begin();
    expect(next).toBeDefined();
    for (const session of [...sessions.slice(1), next]) session?.dropped();
    expect(opening.state()).toBe('unverified');
  });
});
