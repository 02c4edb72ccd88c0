import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** Real processes, disks and sockets: one file after the other, with time to spare on a slow machine. */
export default defineConfig({
  test: {
    root: path.resolve(import.meta.dirname, '..'),
    include: ['e2e/{cli,hosts,faults,disks,deb}/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});
