import type { Page } from '@playwright/test';
import type { PathExplanation, Picture } from '../../app/ipc/contract.ts';

/** Plays an engine to the real window: it shows `picture`, and its first folder has `files` files, which come in pages as they are asked for. */
export async function playEngine(page: Page, picture: Picture, files = 0): Promise<void> {
  await page.evaluate(
    ({ shown, count }) => {
      const { port1, port2 } = new MessageChannel();
      const nameOf = (n: number): string => `${String(n).padStart(6, '0')}.txt`;
      port1.onmessage = ({ data: { kind, id, method, params } }) => {
        if (kind !== 'ask') return;
        const first = params?.after === undefined ? 0 : Number.parseInt(params.after, 10) + 1;
        const names = Array.from(
          { length: Math.max(0, Math.min(params?.limit ?? 0, count - first)) },
          (_, i) => nameOf(first + i),
        );
        const item = { kind: 'file', size: 9, changedAt: null, device: '', state: 'there' };
        const why: PathExplanation = {
          path: '',
          state: 'in-step',
          reason: 'alone',
          device: null,
          cause: '',
          action: '',
        };
        const result =
          { browse: names.map((name) => ({ name, ...item })), why }[method as 'browse' | 'why'] ?? [];
        port1.postMessage({ kind: 'result', id, result });
      };
      window.postMessage('lockstep-engine-port', location.origin, [port2]);
      port1.postMessage({ kind: 'picture', picture: shown });
    },
    { shown: picture, count: files },
  );
}
