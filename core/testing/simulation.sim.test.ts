import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { simulate } from './simulation.ts';

const worlds = Number(process.env['LOCKSTEP_WORLDS'] ?? 200);
const firstSeed = process.env['LOCKSTEP_SEED'] ?? '1';
const keptSeeds = JSON.parse(readFileSync(new URL('./kept-seeds.json', import.meta.url), 'utf8')) as string[];

describe('worlds of whole devices', () => {
  it.each(keptSeeds)('keep their promises in a world that once broke one: %s', async (seed) => {
    await simulate(seed);
  });

  it(`keep their promises in ${worlds} worlds from seed ${firstSeed} on`, { timeout: 3_600_000 }, async () => {
    let conflicts = 0;
    for (let i = 0; i < worlds; i++) conflicts += (await simulate(`${firstSeed}-${i}`)).conflicts;
    expect(conflicts).toBeGreaterThanOrEqual(0);
  });

  it('do the same for the same seed', async () => {
    expect((await simulate('twice')).trace).toBe((await simulate('twice')).trace);
  });
});
