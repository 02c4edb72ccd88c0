import { defineConfig } from '@playwright/test';

/** One app at a time: there is one tray on a session bus, and little machine to share. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  outputDir: '../../out/e2e',
});
