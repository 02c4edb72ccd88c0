import type { Clock } from '../base/base.ts';
import type { DeviceKey } from '../model/ids.ts';

/** LIMIT: how long a typed key is good for, monotonic milliseconds of running. */
export const allowLifeMs = 24 * 60 * 60_000;
/** LIMIT: keys that are typed and not used at once; the oldest gives way. */
export const maxAllowedDevices = 16;

/** Devices whose key a person typed here: each may pair once without a further question, if the key of this one was typed there. Kept in memory. */
export interface AllowedDevices {
  /** Allows `key`, or for another 24 hours; `lifeMs` is for what a caller kept over a restart, and no longer than that. */
  allow(key: DeviceKey, lifeMs?: number): { readonly expiresInMs: number };
  /** What is allowed and not used, with how long for. */
  list(): readonly { readonly key: DeviceKey; readonly expiresInMs: number }[];
  has(key: DeviceKey): boolean;
  forget(key: DeviceKey): void;
  /** Takes the permission for one pairing; undefined if there is none, or another pairing has it now. */
  claim(key: DeviceKey): AllowedClaim | undefined;
  clear(): void;
}

/** A permission in use. */
export interface AllowedClaim {
  /** The device was admitted: the permission is gone. */
  spend(): void;
  /** It was not: the permission is as it was. */
  release(): void;
}

/** Nobody allowed. */
export function createAllowedDevices({
  clock,
}: {
  readonly clock: Pick<Clock, 'monotonic'>;
}): AllowedDevices {
  const allowed = new Map<DeviceKey, { readonly endsAt: number; isClaimed: boolean }>();
  const find = (key: DeviceKey) => {
    const permission = allowed.get(key);
    if (permission !== undefined && clock.monotonic() < permission.endsAt) return permission;
    allowed.delete(key);
    return undefined;
  };
  return {
    allow(key, lifeMs = allowLifeMs) {
      const expiresInMs = Math.min(lifeMs, allowLifeMs);
      allowed.delete(key);
      const [oldest] = allowed.keys();
      if (allowed.size >= maxAllowedDevices && oldest !== undefined) allowed.delete(oldest);
      allowed.set(key, { endsAt: clock.monotonic() + expiresInMs, isClaimed: false });
      return { expiresInMs };
    },
    list: () =>
      [...allowed.keys()].flatMap((key) => {
        const permission = find(key);
        return permission === undefined ? [] : [{ key, expiresInMs: permission.endsAt - clock.monotonic() }];
      }),
    has: (key) => find(key) !== undefined,
    forget: (key) => void allowed.delete(key),
    claim(key) {
      const permission = find(key);
      if (permission === undefined || permission.isClaimed) return undefined;
      permission.isClaimed = true;
      return {
        spend() {
          // Typed again meanwhile, it is another permission.
          if (allowed.get(key) === permission) allowed.delete(key);
        },
        release() {
          permission.isClaimed = false;
        },
      };
    },
    clear: () => allowed.clear(),
  };
}
