import { expect, test } from 'vitest';
import { answerSeal, createAppStore } from './app-store.ts';
import type { SystemSeal } from './system-seal.ts';

const secret = new Uint8Array(32).fill(9);
const turned = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes, (byte) => byte ^ 0xff);

/** A store and the seal it asks, with every message between them in order. */
function joined(seal: SystemSeal) {
  const said: string[] = [];
  const store = createAppStore((ask) => {
    said.push(ask.kind);
    void answerSeal(seal, ask).then((answer) => store.answered(answer));
  });
  return { store, said };
}

const working: SystemSeal = {
  seal: (bytes) => Promise.resolve(turned(bytes)),
  open: (sealed) => Promise.resolve({ secret: turned(sealed), isStale: true }),
};

test('what is kept is sealed, tried, and found again', async () => {
  const { store, said } = joined(working);
  const handle = await store.keep(secret);
  expect(handle).toEqual(turned(secret));
  expect(said).toEqual(['seal', 'unseal']);
  expect(await store.find(handle)).toEqual({ secret, isStale: true });
  await store.forget(handle);
});

test('answers go to whom they are for, whatever their order', async () => {
  const waiting: Parameters<Parameters<typeof createAppStore>[0]>[0][] = [];
  const store = createAppStore((ask) => void waiting.push(ask));
  const [one, two] = [store.find(Uint8Array.of(1)), store.find(Uint8Array.of(2))];
  for (const ask of waiting.toReversed()) store.answered(await answerSeal(working, ask));
  expect((await one)?.secret).toEqual(Uint8Array.of(254));
  expect((await two)?.secret).toEqual(Uint8Array.of(253));
  store.answered({ kind: 'seal-answer', id: 99, done: false });
});

test.each<[string, SystemSeal]>([
  ['seals nothing', { ...working, seal: () => Promise.reject(new Error('no')) }],
  ['opens nothing', { ...working, open: () => Promise.reject(new Error('no')) }],
  [
    'gives back something else',
    { ...working, open: (sealed) => Promise.resolve({ secret: sealed, isStale: false }) },
  ],
])('a store that %s keeps nothing', async (_what, seal) => {
  await expect(joined(seal).store.keep(secret)).rejects.toThrow('store');
});
