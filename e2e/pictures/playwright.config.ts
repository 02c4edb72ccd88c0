import { defineConfig } from '@playwright/test';

/** Not a test: takes the pictures of the documentation. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.shot.ts',
  workers: 1,
  timeout: 120_000,
  reporter: 'list',
  outputDir: '../../out/e2e',
});
