import { defineConfig } from 'vitest/config';

const everywhere = ['**/node_modules/**', '**/fixtures/**', 'out/**', 'dist/**'];

/** `unit`: quick tests beside the code. `sim`: whole worlds of devices under one seed, in files named `*.sim.test.ts`. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{app,core,renderer,build}/**/*.test.{ts,tsx}'],
          exclude: [...everywhere, '**/*.sim.test.ts'],
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
