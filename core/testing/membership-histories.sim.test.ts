import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import type { HistoryAnswer, HistoryStretch } from './history-worker.ts';
import type { HistoryCounts } from './membership-histories.ts';

/** LIMIT: what takes about two minutes on two processors. `npm run test:sim -- --histories N --seed S` asks for N histories from the seed S on. */
const usual = 50_000;
const histories = Number(process.env['LOCKSTEP_HISTORIES'] ?? usual);
const firstSeed = Number(/\d+/.exec(process.env['LOCKSTEP_SEED'] ?? '1')?.[0] ?? 1);
/** LIMIT: histories one process plays at a time. */
const stretch = 500;

it(`${histories} membership histories with a thief in them keep every promise`, {
  timeout: 600_000 + histories * 200,
}, async () => {
  const left = Array.from({ length: Math.ceil(histories / stretch) }, (_, i) => ({
    first: firstSeed + i * stretch,
    histories: Math.min(stretch, histories - i * stretch),
  }));
  const answers = (
    await Promise.all(Array.from({ length: availableParallelism() }, () => lane(left)))
  ).flat();
  const broken = answers.flatMap((answer) => (answer.kind === 'broken' ? [answer.message] : []));
  expect(broken).toEqual([]);
  const told = answers.reduce<Partial<HistoryCounts>>(
    (sum, answer) => (answer.kind === 'kept' ? added(sum, answer.counts) : sum),
    {},
  );
  process.stdout.write(`${JSON.stringify(told)}\n`);
  expect(told.histories).toBe(histories);
  // Histories in which nothing happens would prove nothing.
  expect(Object.entries(told).filter(([, times]) => times < Math.floor(histories / 20))).toEqual([]);
});

/** One process after its stretches; ends at the first broken promise. */
async function lane(left: HistoryStretch[]): Promise<HistoryAnswer[]> {
  const worker = fork(new URL('./history-worker.ts', import.meta.url), { execArgv: [] });
  const answers: HistoryAnswer[] = [];
  try {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      worker.send(next);
      const answer = await new Promise<HistoryAnswer>((resolve) => {
        const ended = (): void => resolve({ kind: 'broken', message: 'the process ended' });
        worker.once('exit', ended);
        worker.once('message', (message) => {
          worker.off('exit', ended);
          resolve(message as HistoryAnswer);
        });
      });
      answers.push(answer);
      if (answer.kind === 'broken') left.length = 0;
    }
    return answers;
  } finally {
    worker.kill('SIGKILL');
  }
}

function added(sum: Partial<HistoryCounts>, counts: HistoryCounts): Partial<HistoryCounts> {
  return Object.fromEntries(
    Object.entries(counts).map(([what, times]) => [what, times + (sum[what as keyof HistoryCounts] ?? 0)]),
  );
}
