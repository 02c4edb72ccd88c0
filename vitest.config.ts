import { defineConfig } from 'vitest/config';

const everywhere = ['**/node_modules/**', '**/fixtures/**', 'out/**', 'dist/**'];

/** `unit`: quick tests beside the code. `sim`: whole worlds of devices under one seed, in files named `*.sim.test.ts`. */
export default defineConfig({
  test: {
    // Two processors are the least there is; a third worker uses what the ones that wait for a disk or a socket leave.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{app,core,renderer,build,e2e/bench}/**/*.test.{ts,tsx}'],
          exclude: [...everywhere, '**/*.sim.test.ts'],
          // Half the time would go into importing the same modules again for each file.
          isolate: false,
          // LIMIT: what only a test that hangs takes on a busy machine.
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'sim',
          include: ['core/**/*.sim.test.ts'],
          exclude: everywhere,
          testTimeout: 120_000,
        },
      },
    ],
    coverage: { provider: 'v8', include: ['app/**', 'core/**', 'renderer/**'] },
  },
});
