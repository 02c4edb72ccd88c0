import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { runWorlds, sayWorlds } from './run-worlds.ts';
import { openWorldPool } from './world-pool.ts';

/** `npm run test:sim -- --worlds N --seed S` asks for N worlds of each kind, or of one kind if S names it. */
const asked = process.env['LOCKSTEP_WORLDS'];
const seed = process.env['LOCKSTEP_SEED'] ?? '1';
/** LIMIT: what fits into about five minutes on two processors. */
const usual = [
  { of: seed, worlds: 600 },
  { of: `folding:${seed}`, worlds: 300 },
  { of: `full:${seed}`, worlds: 600 },
  { of: `group:${seed}`, worlds: 500 },
];
const rounds = usual
  .slice(0, seed.includes(':') ? 1 : undefined)
  .map(({ of, worlds }) => ({ of, worlds: Number(asked ?? worlds) }));
const keptSeeds = JSON.parse(readFileSync(new URL('./kept-seeds.json', import.meta.url), 'utf8')) as string[];
const pool = openWorldPool();

describe('worlds of whole devices', () => {
  afterAll(() => pool.close());

  it.concurrent.each(keptSeeds)(
    'keep their promises in a world that once broke one: %s',
    { timeout: 600_000 },
    async (kept) => {
      expect(await pool.run(kept)).toMatchObject({ kind: 'kept' });
    },
  );

  it.each(rounds)(
    'keep their promises in $worlds worlds from seed $of on',
    {
      timeout: 12 * 3_600_000,
    },
    async ({ of, worlds }) => {
      const tell = (name: string, message: string): void =>
        void process.stderr.write(`world ${name} failed\n${message}\n`);
      const report = await runWorlds({ seed: of, worlds, failed: tell }, pool);
      process.stdout.write(`${of}: ${sayWorlds(report)}\n`);
      expect(report.failed.map((failure) => `${failure.promise} in ${failure.seed}`)).toEqual([]);
    },
  );

  it.each(['twice', 'again', 'calmly', 'gently'])('do the same for the same seed: %s', async (name) => {
    const [first, second] = await Promise.all([pool.run(name), pool.run(name)]);
    expect(first).toMatchObject({ kind: 'kept' });
    expect(second).toEqual(first);
  });
});
