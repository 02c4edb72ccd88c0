import { abortable, type Clock, compareText, type Random } from '../base/base.ts';
import { DiskError } from '../filesystem/filesystem.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { Connection } from '../network/network.ts';
import type { FrameStream } from '../protocol/protocol.ts';
import {
  createNearbyOpening,
  type Identity,
  joinNearby,
  type JoinRequest,
  type JoinResult,
  type NearbyHost,
  nearbyOpenMs,
  pairingRefused,
} from '../trust/trust.ts';
import type { Approach } from './pairing-approach.ts';
import { createPairTalk, type PairTalk, type PairTelling } from './pairing-talk.ts';

/** A pairing that a person began here, at its end. */
export interface Paired {
  /** The device that was admitted: this one, or the other. */
  readonly admitted: DeviceKey;
  readonly group: string;
  /** If the group was founded for it: its recovery words, told this once. */
  readonly recoveryCode?: string | undefined;
}

/** How a person wants it. */
export interface PairWish {
  /** Whether a group that is founded for it gets a recovery code. */
  readonly recovery: boolean;
  /** Ends it, at any time. */
  readonly signal: AbortSignal;
}

/** Pairing with devices near by, by six digits. */
export interface NearbyPairing {
  /** Opens for five minutes, or for another five. */
  open(): void;
  close(): void;
  isOpen(): boolean;
  /** Devices that asked to be admitted and wait to be picked. */
  asking(): readonly JoinRequest[];
  /** Whether a person here has named this device to pair with. */
  isNamed(peer: DeviceKey): boolean;
  /** Whether a person here is pairing. */
  isPairing(): boolean;
  /** Begins to pair; not to be called while {@link NearbyPairing.isPairing}. Its talk rejects as {@link joinNearby} and `hostPairing` do, and with `what` `unverified` when pairing was closed after three sessions that failed. */
  pair(peer: DeviceKey, wish: PairWish): PairTalk<Paired>;
  /** A device has come that asks in one of the ways; aborting `ending` ends it. */
  host(peer: DeviceKey, ending: AbortController): NearbyHosting;
}

/** One device that has come. */
export interface NearbyHosting {
  /** How it may pair near by; undefined if it may not. */
  readonly nearby: NearbyHost | undefined;
  /** What the person who picked it wants; undefined while nobody has. */
  wish(): PairWish | undefined;
  over(outcome: { readonly result: Omit<Paired, 'admitted'> } | { readonly error: unknown }): void;
}

/** What pairing near by needs. */
export interface NearbyPairingParts {
  readonly identity: Identity;
  readonly clock: Clock;
  readonly random: Random;
  readonly approach: Approach;
  hasGroup(): boolean;
  deviceName(): string;
  /** Connects to the device as well as is known here. */
  reach(peer: DeviceKey, signal: AbortSignal): Promise<Connection>;
  /** Makes the group of a finished joining this device's own. */
  joined(result: JoinResult, connection: Connection): Promise<void>;
  /** `isOpen` or `isWith` may answer otherwise now. */
  changed(): void;
}

/** What a person is pairing with here. */
interface Session {
  readonly peer: DeviceKey;
  readonly wish: PairWish;
  readonly telling: PairTelling;
  /** Ends the try to join: this device hosts. */
  readonly hosting: AbortController;
  readonly hosted: PromiseWithResolvers<Omit<Paired, 'admitted'>>;
  /** What ends the hosting of the device that was picked, once it is. */
  picked: AbortController | undefined;
  /** The other device has had this one's nonce: trying again would give whoever stands between another chance. */
  isTried: boolean;
}

/** A device that waits to be picked. */
interface Asking {
  readonly request: JoinRequest;
  readonly ending: AbortController;
  readonly pick: PromiseWithResolvers<boolean>;
}

/** Makes it, closed. */
export function createNearbyPairing(parts: NearbyPairingParts): NearbyPairing {
  const { identity, clock, random, approach } = parts;
  const self = identity.deviceKey;
  const opening = createNearbyOpening({ clock });
  const asking = new Map<DeviceKey, Asking>();
  let session: Session | undefined;

  /** Of two devices without a group the smaller key hosts. */
  const mayHost = (peer: DeviceKey): boolean => parts.hasGroup() || compareText(self, peer) < 0;
  const isToHost = (peer: DeviceKey): boolean =>
    session?.peer === peer && !session.isTried && session.picked === undefined && mayHost(peer);
  const pick = (mine: Session, ending: AbortController): void => {
    mine.picked = ending;
    mine.hosting.abort(new SyncError('interrupted'));
  };
  const untilPicked = async (waiting: Asking, signal: AbortSignal): Promise<boolean> => {
    const { deviceKey } = waiting.request;
    asking.get(deviceKey)?.pick.reject(new SyncError('interrupted'));
    asking.set(deviceKey, waiting);
    parts.changed();
    try {
      return await abortable(waiting.pick.promise, signal);
    } finally {
      if (asking.get(deviceKey) === waiting) asking.delete(deviceKey);
      parts.changed();
    }
  };
  const host = (peer: DeviceKey, ending: AbortController): NearbyHosting => {
    const pickedFor = (): Session | undefined => (session?.picked === ending ? session : undefined);
    const picked = (): Session => {
      const mine = pickedFor();
      if (mine === undefined) throw new SyncError('interrupted');
      return mine;
    };
    const nearby: NearbyHost = {
      opening,
      clock,
      async choose(request, signal) {
        if (!isToHost(peer)) return untilPicked({ request, ending, pick: Promise.withResolvers() }, signal);
        pick(session as Session, ending);
        return true;
      },
      async askDigits({ claimedName: name }, triesLeft, signal) {
        const { telling } = picked();
        return (await telling.ask({ kind: 'digits', name, triesLeft }, 'digits', signal)).digits;
      },
      matched: ({ claimedName: name }) => picked().telling.tell({ kind: 'matched', name }),
    };
    // Where a person here has named it, it is either asked for, or goes on asking itself.
    const isWelcome = opening.isOpen() && (session?.peer !== peer || isToHost(peer));
    return {
      nearby: isWelcome ? nearby : undefined,
      wish: () => pickedFor()?.wish,
      over(outcome) {
        if ('result' in outcome) pickedFor()?.hosted.resolve(outcome.result);
        else pickedFor()?.hosted.reject(outcome.error);
      },
    };
  };

  const open = (): void => {
    const wasOpen = opening.isOpen();
    opening.open();
    if (!wasOpen) opening.ended.addEventListener('abort', () => parts.changed(), { once: true });
    parts.changed();
  };
  const lead = async (mine: Session): Promise<Paired> => {
    const { peer, wish } = mine;
    open();
    const late = new AbortController();
    const cancel = clock.after(nearbyOpenMs, () => {
      if (mine.picked === undefined && !mine.isTried) late.abort(pairingRefused('expired'));
    });
    try {
      const waiting = asking.get(peer);
      if (waiting !== undefined && isToHost(peer)) {
        pick(mine, waiting.ending);
        waiting.pick.resolve(true);
      } else waiting?.pick.reject(new SyncError('interrupted'));
      const until = AbortSignal.any([wish.signal, late.signal]);
      const result = await Promise.race([hosting(mine), takingPart(mine, until)]);
      opening.close();
      return result;
    } catch (error) {
      if (mine.picked !== undefined && opening.state() === 'unverified')
        throw pairingRefused('unverified', error);
      throw pairingError(error);
    } finally {
      cancel();
      late.abort(new SyncError('interrupted'));
      session = undefined;
      mine.picked?.abort(new SyncError('interrupted'));
      parts.changed();
    }
  };
  const hosting = async (mine: Session): Promise<Paired> => {
    const { group, recoveryCode } = await mine.hosted.promise;
    return { admitted: mine.peer, group, recoveryCode };
  };
  /** Goes to the other device, to join it or to be asked by it; ends only with the joining, or an error. */
  const takingPart = async (mine: Session, signal: AbortSignal): Promise<Paired> => {
    const until = AbortSignal.any([signal, mine.hosting.signal]);
    try {
      for (let attempt = 0; ; attempt++) {
        try {
          const connection = await parts.reach(mine.peer, until);
          if (!parts.hasGroup()) return await join(mine, connection, until);
        } catch (error) {
          if (until.aborted || mine.isTried || isFinal(error)) throw error;
        }
        await approach.pause(mine.peer, attempt, until);
      }
    } catch (error) {
      if (!mine.hosting.signal.aborted) throw error;
      // The other device asked first. From here on only the person who began this ends it.
      await untilAborted(mine.wish.signal);
      throw error;
    }
  };
  const join = async (mine: Session, connection: Connection, signal: AbortSignal): Promise<Paired> => {
    const stream = await connection.openStream('/lockstep/pair/1', signal);
    const result = await joinNearby({
      stream: countingNonces(stream, mine),
      host: mine.peer,
      identity,
      claimedName: parts.deviceName(),
      showDigits: (code) => mine.telling.tell({ kind: 'code', code }),
      async confirm({ hostName: name }, asking) {
        return (await mine.telling.ask({ kind: 'confirm', name }, 'agrees', asking)).agrees;
      },
      signal,
      random,
    });
    await parts.joined(result, connection);
    return { admitted: self, group: result.group };
  };
  return {
    open,
    close: () => opening.close(),
    isOpen: () => opening.isOpen(),
    asking: () => [...asking.values()].map(({ request }) => request),
    isNamed: (peer) => session?.peer === peer,
    isPairing: () => session !== undefined,
    pair(peer, wish) {
      return createPairTalk((telling) => {
        const mine: Session = {
          peer,
          wish,
          telling,
          hosting: new AbortController(),
          hosted: Promise.withResolvers(),
          picked: undefined,
          isTried: false,
        };
        mine.hosted.promise.catch(() => {});
        session = mine;
        return lead(mine);
      });
    },
    host,
  };
}

/** What a person is told of a pairing's error: where the other side only broke the stream off, that it did. */
export function pairingError(error: unknown): unknown {
  return error instanceof SyncError || error instanceof DiskError || error instanceof TypeError
    ? error
    : new SyncError('interrupted', { what: 'pairing' }, { retry: 'after-user', cause: error });
}

/** Whether trying again would come to the same. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof SyncError)) return false;
  if (error.code === 'pairing-refused') return error.facts.what !== 'closed' && error.facts.what !== 'busy';
  return error.code === 'version-unsupported' || error.code === 'peer-misbehaved';
}

/** The joiner's second frame is its nonce. */
function countingNonces(stream: FrameStream, mine: Session): FrameStream {
  let sent = 0;
  return {
    protocol: stream.protocol,
    send(...frame) {
      sent += 1;
      if (sent > 1) mine.isTried = true;
      return stream.send(...frame);
    },
    receive: (signal) => stream.receive(signal),
    finish: () => stream.finish(),
    abort: (reason) => stream.abort(reason),
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
