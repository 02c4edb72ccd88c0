/** LIMIT: milliseconds at the rate that may go at once after a rest. */
const burstMs = 250;

/** What may be used now at a rate. `bytes` is negative while more was used than had come in. */
export interface Bucket {
  readonly bytes: number;
  /** Monotonic milliseconds at which `bytes` was so. */
  readonly at: number;
}

/** A bucket as it is after a rest: with what may go at once. */
export function fullBucket(rateBps: number, now: number): Bucket {
  return { bytes: burstOf(rateBps), at: now };
}

/** The bucket at `now`, filled at `rateBps` bytes a second since it was last looked at. A clock that stands still or went back fills nothing. */
export function refill(bucket: Bucket, rateBps: number, now: number): Bucket {
  const passedMs = Math.max(0, now - bucket.at);
  return {
    bytes: Math.min(bucket.bytes + (rateBps * passedMs) / 1000, burstOf(rateBps)),
    at: Math.max(now, bucket.at),
  };
}

/** The bucket after `bytes` were used. */
export function owe(bucket: Bucket, bytes: number): Bucket {
  return { ...bucket, bytes: bucket.bytes - bytes };
}

/** Whole milliseconds after which the bucket holds more than `bytes`; 0 if it does. */
export function waitMs(bucket: Bucket, rateBps: number, bytes = 0): number {
  return bucket.bytes > bytes ? 0 : Math.floor(((bytes - bucket.bytes) * 1000) / rateBps) + 1;
}

function burstOf(rateBps: number): number {
  return (rateBps * burstMs) / 1000;
}
