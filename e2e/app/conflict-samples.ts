import { drawPng } from './draw-png.ts';
import type { Apart } from './conflict-world.ts';

const budget = (rent: number, note: string): string =>
  [
    '# Budget 2026',
    '',
    ...Array.from({ length: 20 }, (_, n) => `item ${n + 1}: ${(n + 1) * 10} a month`),
    `rent: ${rent} a month`,
    'power: 60 a month',
    note,
    '',
  ].join('\n');
const sun = (x: number, y: number, at: number): boolean => (x - at) ** 2 + (y - 60) ** 2 < 30 ** 2;
const picture = (at: number): Uint8Array =>
  drawPng(240, 160, (x, y) => (sun(x, y, at) ? [250, 200, 60] : y > 110 ? [70, 140, 80] : [150, 200, 240]));

/** What two devices write apart: a text, a picture, bytes, a text whose encoding is guessed, and three notes. */
export const changes = [
  {
    path: '2026/budget.txt',
    here: budget(800, 'paid on the first'),
    there: budget(850, 'paid on the third'),
  },
  { path: 'garden.png', here: picture(70), there: picture(170) },
  { path: 'data.bin', here: Uint8Array.of(0, 1, 2, 3, 255), there: Uint8Array.of(0, 9, 9, 9, 9, 9) },
  {
    path: 'letter.txt',
    here: Uint8Array.of(0x47, 0x72, 0xfc, 0xdf, 0x65, 0x0a),
    there: 'Grüße von Ana\n',
  },
  ...[1, 2, 3].map((n) => ({ path: `notes/${n}.md`, here: `note ${n} here\n`, there: `note ${n} there\n` })),
] as const satisfies readonly Apart[];
