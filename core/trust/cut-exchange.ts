import type { Hash } from '../model/ids.ts';
import { cutListHash, maxPairedOps, trustLimits, type TrustMessage } from '../protocol/protocol.ts';
import type { CutStore } from './cuts.ts';
import { misbehaved } from './trust-stream.ts';

/** Asking for and giving lists on one trust stream. */
export interface CutExchange {
  /** Gives what the peer asked for and is held by now, and asks for what is missing and was not asked for. */
  sendWhatIsNew(): Promise<void>;
  take(message: Extract<TrustMessage, { kind: 'want-cuts' | 'cut' }>): Promise<void>;
}

/** The lists of one session; without a store nothing is asked for or given. */
export function createCutExchange({
  cuts,
  onCut,
  send,
}: {
  readonly cuts: CutStore | undefined;
  readonly onCut: ((list: Uint8Array) => Promise<void> | void) | undefined;
  readonly send: (message: TrustMessage) => Promise<void>;
}): CutExchange {
  const wanted = new Set<Hash>();
  const asked = new Set<Hash>();
  return {
    async sendWhatIsNew() {
      for (const hash of wanted) {
        const list = cuts?.get(hash);
        if (list === undefined) continue;
        wanted.delete(hash);
        await send({ kind: 'cut', list });
      }
      const missing = (cuts?.missing() ?? []).filter((hash) => !asked.has(hash));
      for (let i = 0; i < missing.length; i += trustLimits.maxIdsInFrame) {
        const hashes = missing.slice(i, i + trustLimits.maxIdsInFrame);
        for (const hash of hashes) asked.add(hash);
        await send({ kind: 'want-cuts', hashes });
      }
    },
    async take(message) {
      if (message.kind === 'want-cuts') {
        for (const hash of message.hashes) wanted.add(hash);
        if (wanted.size > maxPairedOps) throw misbehaved('trust-too-many-cuts');
        return;
      }
      if (!asked.has(cutListHash(message.list))) throw misbehaved('trust-cut-unasked');
      if (cuts?.add(message.list) === true) await onCut?.(message.list);
    },
  };
}
