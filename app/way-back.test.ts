import { expect, test } from 'vitest';
import { createWayBack } from './way-back.ts';

function wayBack(hasTray: () => Promise<boolean>, isWayBackTold = false) {
  const seen = { isWayBackTold, told: 0 };
  const { closed } = createWayBack({
    settings: {
      current: () => seen,
      change: (changes) => void Object.assign(seen, changes),
    },
    hasTray,
    tell: () => void (seen.told += 1),
  });
  return { closed, seen };
}

test('where no tray shows an icon it tells once, however often the window is closed', async () => {
  const { closed, seen } = wayBack(() => Promise.resolve(false));
  await Promise.all([closed(), closed()]);
  await closed();
  expect(seen).toEqual({ isWayBackTold: true, told: 1 });
});

test('where a tray shows it, nothing is told, and the next desktop may still be one without', async () => {
  let hasTray = true;
  const { closed, seen } = wayBack(() => Promise.resolve(hasTray));
  await closed();
  expect(seen).toEqual({ isWayBackTold: false, told: 0 });
  hasTray = false;
  await closed();
  expect(seen).toEqual({ isWayBackTold: true, told: 1 });
});

test('who was told in an earlier run is not told again, and the desktop is not even asked', async () => {
  const { closed, seen } = wayBack(() => Promise.reject(new Error('asked')), true);
  await closed();
  expect(seen.told).toBe(0);
});
