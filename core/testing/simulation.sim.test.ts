import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runWorlds, sayWorlds } from './run-worlds.ts';
import { simulate } from './simulation.ts';

const worlds = Number(process.env['LOCKSTEP_WORLDS'] ?? 40);
const seed = process.env['LOCKSTEP_SEED'] ?? '1';
const keptSeeds = JSON.parse(readFileSync(new URL('./kept-seeds.json', import.meta.url), 'utf8')) as string[];

describe('worlds of whole devices', () => {
  it.each(keptSeeds)('keep their promises in a world that once broke one: %s', async (kept) => {
    await expect(simulate(kept)).resolves.toHaveProperty('seed', kept);
  });

  it(`keep their promises in ${worlds} worlds from seed ${seed} on`, {
    timeout: 12 * 3_600_000,
  }, async () => {
    const report = await runWorlds({
      seed,
      worlds,
      failed: (name, error) => void process.stderr.write(`world ${name} failed\n${error.message}\n`),
    });
    process.stdout.write(`${sayWorlds(report)}\n`);
    expect(report.failed.map((failure) => `${failure.promise} in ${failure.seed}`)).toEqual([]);
  });

  it.each(['twice', 'again', 'calmly', 'gently'])('do the same for the same seed: %s', async (name) => {
    expect((await simulate(name)).trace).toBe((await simulate(name)).trace);
  });
});
