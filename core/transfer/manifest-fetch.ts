import { throwIfAborted } from '../base/base.ts';
import type { Manifest } from '../model/manifest.ts';
import type { IndexSession } from './index-exchange.ts';
import type { WantedManifest } from './manifest-request.ts';

/**
 * The manifest of a content, checked against it, from the first of `sessions` (in their order) that has it; undefined if none has it now.
 * Rejects only when `signal` aborts.
 */
export async function fetchManifest(
  wanted: WantedManifest,
  sessions: readonly IndexSession[],
  signal: AbortSignal,
): Promise<Manifest | undefined> {
  // A session that ends meanwhile may leave the list it stands in.
  for (const session of sessions.slice()) {
    try {
      const manifest = await session.requestManifest(wanted, signal);
      if (manifest !== undefined) return manifest;
    } catch {
      // A peer that fails is one that does not have it; its session has drawn the consequences.
      throwIfAborted(signal);
    }
  }
  return undefined;
}
