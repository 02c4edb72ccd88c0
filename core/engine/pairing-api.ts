import { type Clock, type Random, randomHex, sleep } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import { deviceKeyBegins, deviceKeyToText, keyWords, textToDeviceKey } from '../trust/trust.ts';
import type { EngineApi, NearbyDevice, PairStep } from './api.ts';
import type { Group } from './group.ts';
import type { Pairing } from './pairing.ts';
import type { Paired } from './pairing-nearby.ts';
import type { PairTalk } from './pairing-talk.ts';

/** How long devices near by are looked for at least. */
const minLookMs = 2_000;
/** How long they are looked for if none is seen and nobody says how long. */
const lookS = 10;
/** How often it is asked what was seen. */
const lookEveryMs = 200;

/** The part of the API about new devices near by. */
export function createPairingApi(parts: {
  readonly pairing: Pick<Pairing, 'nearby' | 'allow'>;
  readonly group: Pick<Group, 'isAware'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly self: DeviceKey;
}): Pick<EngineApi, 'deviceNearby' | 'devicePair' | 'devicePairNext' | 'devicePairAnswer' | 'deviceAllow'> {
  const { pairing, group, clock, random, self } = parts;
  const { nearby } = pairing;
  const talks = new Map<string, PairTalk<Paired>>();

  const stranger = (key: DeviceKey): DeviceKey => {
    if (key === self) throw new SyncError('bad-argument', { what: 'device-key-own' });
    if (group.isAware(key)) throw new SyncError('already-exists', { what: 'member' });
    return key;
  };
  /** A device by its whole key, or one near by the beginning of its key; a name that a stranger gives itself is no name for it. */
  const findNear = (text: string): DeviceKey => {
    const matches = nearby.near().filter(({ key }) => deviceKeyBegins(key, text));
    if (matches.length > 1) throw new SyncError('ambiguous', { what: 'device', text });
    const [match] = matches;
    if (match !== undefined) return match.key;
    try {
      return stranger(textToDeviceKey(text));
    } catch (error) {
      if (error instanceof SyncError && error.facts.what === 'device-key-length')
        throw new SyncError('not-found', { what: 'nearby-device', text }, { cause: error });
      throw error;
    }
  };
  const listing = (): NearbyDevice[] =>
    nearby.near().map(({ key, claimedName, address }) => ({
      key: deviceKeyToText(key),
      words: keyWords(key).join(' '),
      claimedName: claimedName ?? null,
      address: address ?? null,
    }));

  const talkOf = (id: string): PairTalk<Paired> => {
    const talk = talks.get(id);
    if (talk === undefined) throw new SyncError('not-found', { what: 'pairing' });
    return talk;
  };
  const next = async (id: string): Promise<PairStep> => {
    const said = await talkOf(id)
      .next()
      .catch((error: unknown) => {
        talks.delete(id);
        throw error;
      });
    if (said.kind !== 'end') {
      const { kind, ...facts } = said;
      return { pairing: id, step: kind, ...facts } as PairStep;
    }
    talks.delete(id);
    const { admitted, group: joined, recoveryCode } = said.result;
    return {
      pairing: id,
      step: 'paired',
      deviceKey: deviceKeyToText(admitted),
      group: joined,
      ...(recoveryCode === undefined ? {} : { recoveryCode }),
    };
  };

  return {
    async deviceNearby({ timeoutS = lookS, signal }) {
      nearby.open();
      const startedAt = clock.monotonic();
      for (;;) {
        const lookedMs = clock.monotonic() - startedAt;
        const found = listing();
        if (lookedMs >= timeoutS * 1000 || (found.length > 0 && lookedMs >= minLookMs)) return found;
        await sleep(clock, Math.min(lookEveryMs, timeoutS * 1000), signal);
      }
    },
    async devicePair({ device, recovery, signal = new AbortController().signal }) {
      const key = findNear(device);
      const id = randomHex(random, 8);
      talks.set(id, nearby.pair(key, { recovery, signal }));
      signal.addEventListener('abort', () => talks.delete(id), { once: true });
      return next(id);
    },
    devicePairNext: ({ pairing: id }) => next(id),
    async devicePairAnswer({ pairing: id, digits, agrees }) {
      const talk = talkOf(id);
      if (digits !== undefined) talk.answer({ kind: 'digits', digits: digits ?? undefined });
      else if (agrees !== undefined) talk.answer({ kind: 'agrees', agrees });
      else throw new SyncError('bad-argument', { what: 'pairing-answer' });
      return {};
    },
    async deviceAllow({ device, recovery }) {
      const { expiresInMs, recoveryCode } = pairing.allow(stranger(textToDeviceKey(device)), { recovery });
      return {
        expiresInS: Math.round(expiresInMs / 1000),
        ...(recoveryCode === undefined ? {} : { recoveryCode }),
      };
    },
  };
}
