import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bytesToHex, hexToBytes } from '../../base/pure.ts';
import { fuzzTargets as faultyTargets } from './faulty-targets.ts';
import { createFuzzInputs } from './fuzz-inputs.ts';
import { fuzzTargets } from './fuzz-targets.ts';
import { runFuzz } from './run-fuzz.ts';

const kept = JSON.parse(fs.readFileSync(new URL('./kept-inputs.json', import.meta.url), 'utf8')) as Record<
  string,
  readonly string[]
>;

describe.each(fuzzTargets)('the decoder of $name', (target) => {
  test('takes every real message, and what was trouble once is none', () => {
    const inputs = createFuzzInputs(target, 1);
    for (const sample of target.samples()) inputs.attempt(sample);
    expect(inputs.counts().accepted).toBe(target.samples().length);
    for (const hex of kept[target.name] ?? []) inputs.attempt(hexToBytes(hex));
  });

  test('stands a few damaged ones, of which some are read and some refused', () => {
    const inputs = createFuzzInputs(target, 1);
    for (let number = 0; number < 500; number++) inputs.attemptNumber(number);
    expect(Math.min(inputs.counts().accepted, inputs.counts().refused)).toBeGreaterThan(0);
  });
});

test('an input follows from the seed and its number', () => {
  const [target] = fuzzTargets as [(typeof fuzzTargets)[number]];
  const bytes = (seed: number, number: number): string =>
    bytesToHex(createFuzzInputs(target, seed).bytesOf(number));
  expect(bytes(3, 17)).toBe(bytes(3, 17));
  expect(new Set([bytes(3, 17), bytes(3, 18), bytes(4, 17)]).size).toBe(3);
});

test('a decoder that breaks, hangs, reserves or gathers without end, or reads one thing as two, is found', async () => {
  const targets = new URL('./faulty-targets.ts', import.meta.url);
  const outcomes = await runFuzz(
    { targets, seed: 1, maxInputs: 200_000, seconds: 600, patienceMs: 8_000 },
    faultyTargets,
  );
  const found = outcomes.map(({ name, fault }) => [name, fault?.message.replaceAll(/\d+/g, 'N')]);
  expect(found).toEqual([
    ['breaks', expect.stringContaining('breaks broke: TypeError')],
    ['hangs', 'hung at input N'],
    ['reserves', 'reserves reserved N bytes at one go'],
    // On a slow machine it has not gathered enough before it counts as one that hangs.
    ['gathers', expect.stringMatching(/memory limit|hung at input/)],
    ['is not exact', 'is not exact took bytes that are not the only ones that say it'],
    ['reads otherwise', 'reads otherwise reads what it took differently when encoded'],
  ]);
  const hung = outcomes.find(({ name }) => name === 'hangs')?.fault?.input;
  expect(hung?.startsWith('ff')).toBe(true);
}, 120_000);
