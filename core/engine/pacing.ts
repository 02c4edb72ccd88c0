import type { Clock } from '../base/base.ts';
import {
  type Bucket,
  createFairTurns,
  fullBucket,
  owe,
  type Rate,
  refill,
  waitMs,
} from '../limits/limits.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { Pace, PacedLink } from '../network/network.ts';
import type { Intake } from '../transfer/transfer.ts';

/** LIMIT: bytes of files that go at once at a rate: what it lets pass in a tenth of a second, within these. */
const leastPieceBytes = 4_000;
const mostPieceBytes = 65_000;
/** LIMIT: seconds for which files give way to what was sent or received beside them. */
const givesWayS = 1;

/** How fast this device may be with all others together; those near are left out with `lanExempt`. */
export interface Rates {
  readonly sendBps: Rate;
  readonly receiveBps: Rate;
  readonly lanExempt: boolean;
}

/** Holds what is sent and received to the rates: the network asks it before it sends, the fetcher before it asks. */
export interface Pacing {
  readonly pace: Pace;
  readonly intake: Intake;
  /** From now on these hold, for what waits already too. */
  set(rates: Rates): void;
}

interface Waiting {
  readonly link: PacedLink;
  readonly wanted: number;
  go(bytes: number): void;
}

/** No rates yet: everything goes at once. What waits is one piece a stream. */
export function createPacing(clock: Clock): Pacing {
  const sending = createMeteredBucket(clock);
  const receiving = createMeteredBucket(clock);
  const turns = createFairTurns<DeviceKey>();
  const waiting = new Map<DeviceKey, Waiting[]>();
  let lanExempt = true;
  let cancel = (): void => {};

  const isHeld = (bucket: MeteredBucket, { isNear }: PacedLink): boolean =>
    bucket.rate() !== null && !(lanExempt && isNear);

  const pieceOf = (wanted: number): number =>
    Math.min(wanted, mostPieceBytes, Math.max(leastPieceBytes, Math.floor((sending.rate() ?? 0) / 10)));

  const spend = ({ peer }: PacedLink, wanted: number): number => {
    const bytes = pieceOf(wanted);
    sending.owe(bytes);
    turns.took(peer, bytes);
    return bytes;
  };

  const takeFirst = (lane: DeviceKey): Waiting | undefined => {
    const [first, ...rest] = waiting.get(lane) ?? [];
    if (rest.length === 0) waiting.delete(lane);
    else waiting.set(lane, rest);
    return first;
  };

  /** Lets go what may, and comes back when the next may. */
  const letGo = (): void => {
    cancel();
    for (;;) {
      const [lane] = turns.order(waiting.keys());
      if (lane === undefined) return;
      const waits = sending.waitMs(0);
      if (waits > 0) {
        cancel = clock.after(waits, letGo);
        return;
      }
      const first = takeFirst(lane);
      if (first !== undefined) first.go(spend(first.link, first.wanted));
    }
  };

  const letGoWhatIsFree = (): void => {
    for (const [lane, line] of waiting) {
      const held = line.filter(({ link }) => isHeld(sending, link));
      if (held.length === 0) waiting.delete(lane);
      else waiting.set(lane, held);
      for (const one of line) if (!held.includes(one)) one.go(one.wanted);
    }
  };

  return {
    pace: {
      take(link, wanted) {
        if (!isHeld(sending, link)) return wanted;
        if (waiting.size === 0 && sending.waitMs(0) === 0) return spend(link, wanted);
        return new Promise((go) => {
          waiting.set(link.peer, [...(waiting.get(link.peer) ?? []), { link, wanted, go }]);
          letGo();
        });
      },
      sent(link, bytes) {
        if (isHeld(sending, link)) sending.give(bytes);
      },
      received(link, bytes, what) {
        if (!isHeld(receiving, link)) return;
        if (what === 'blocks') receiving.owe(bytes);
        else receiving.give(bytes);
      },
    },
    intake: {
      isHeld: (connection) => isHeld(receiving, connection),
      allowance: () => receiving.bytes(),
      waitMs: (bytes) => receiving.waitMs(bytes),
    },
    set(rates) {
      sending.setRate(rates.sendBps);
      receiving.setRate(rates.receiveBps);
      lanExempt = rates.lanExempt;
      letGoWhatIsFree();
      letGo();
    },
  };
}

/** A bucket that is filled as the clock goes on. */
interface MeteredBucket {
  rate(): Rate;
  setRate(rate: Rate): void;
  bytes(): number;
  waitMs(bytes: number): number;
  owe(bytes: number): void;
  /** Counts what did not wait: at most {@link givesWayS} has to be made up for. */
  give(bytes: number): void;
}

function createMeteredBucket(clock: Clock): MeteredBucket {
  let rate: Rate = null;
  let bucket: Bucket = { bytes: 0, at: 0 };
  const now = (): Bucket => {
    if (rate !== null) bucket = refill(bucket, rate, clock.monotonic());
    return bucket;
  };
  return {
    rate: () => rate,
    setRate(next) {
      if (next === rate) return;
      const before = rate === null ? undefined : now();
      rate = next;
      if (rate !== null) bucket = before ?? fullBucket(rate, clock.monotonic());
    },
    bytes: () => (rate === null ? Number.POSITIVE_INFINITY : now().bytes),
    waitMs: (bytes) => (rate === null ? 0 : waitMs(now(), rate, bytes)),
    owe(bytes) {
      if (rate !== null) bucket = owe(now(), bytes);
    },
    give(bytes) {
      if (rate === null) return;
      const before = now();
      const least = Math.min(before.bytes, -rate * givesWayS);
      bucket = { ...before, bytes: Math.max(before.bytes - bytes, least) };
    },
  };
}
