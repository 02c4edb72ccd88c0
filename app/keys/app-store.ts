import type { SecretStore } from '../../core/engine/engine.ts';
import type { HostCommand, HostReport } from '../ipc/contract.ts';
import type { SystemSeal } from './system-seal.ts';

type Ask = Extract<HostReport, { kind: 'seal' | 'unseal' }>;
type Answer = Extract<HostCommand, { kind: 'seal-answer' }>;

/** The system's store as the engine's process has it: what it seals and opens, the main process does. */
export interface AppStore extends SecretStore {
  /** Takes an answer of the main process. */
  answered(answer: Answer): void;
}

/** A store that asks by `say`. A handle is the sealed secret itself. */
export function createAppStore(say: (ask: Ask) => void): AppStore {
  let lastId = 0;
  const open = new Map<number, (answer: Answer) => void>();
  const ask = (kind: Ask['kind'], bytes: Uint8Array): Promise<Extract<Answer, { done: true }>> =>
    new Promise((resolve, reject) => {
      lastId += 1;
      open.set(lastId, (answer) => {
        if (answer.done) resolve(answer);
        else reject(new Error('the system has no store that works'));
      });
      say({ kind, id: lastId, bytes });
    });
  return {
    kind: 'os-store',
    async keep(secret) {
      const { bytes } = await ask('seal', secret);
      const opened = await ask('unseal', bytes);
      if (!Buffer.from(opened.bytes).equals(secret))
        throw new Error('the store does not give back what it sealed');
      return bytes;
    },
    async find(handle) {
      const { bytes, isStale } = await ask('unseal', handle);
      return { secret: bytes, isStale };
    },
    // Nothing of it is kept anywhere else.
    forget: () => Promise.resolve(),
    answered(answer) {
      open.get(answer.id)?.(answer);
      open.delete(answer.id);
    },
  };
}

/** Answers the engine's process by the seal; what went wrong is for nobody but the log of the system. */
export async function answerSeal(seal: SystemSeal, { kind, id, bytes }: Ask): Promise<Answer> {
  try {
    if (kind === 'seal')
      return { kind: 'seal-answer', id, done: true, bytes: await seal.seal(bytes), isStale: false };
    const { secret, isStale } = await seal.open(bytes);
    return { kind: 'seal-answer', id, done: true, bytes: secret, isStale };
  } catch {
    return { kind: 'seal-answer', id, done: false };
  }
}
