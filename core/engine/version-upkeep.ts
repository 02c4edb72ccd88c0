import { adoptOrphans, type CommitContext, type HashFile } from '../apply/apply.ts';
import { DiskError } from '../filesystem/filesystem.ts';
import type { ScanService } from '../scanner/scanner.ts';
import type { Journal } from './journal.ts';
import { type Retention, sweepVersions } from './retention.ts';

/** How often old versions are looked for. */
const betweenMs = 24 * 60 * 60_000;
const dayMs = 24 * 60 * 60_000;

/** Keeps the version store within its bounds. */
export interface VersionUpkeep {
  /** Runs if it is due: after the first scan of a start, then daily. Rejects with the signal's reason. */
  runIfDue(signal: AbortSignal): Promise<void>;
}

/** The upkeep of one folder's version store and journal. */
export function createVersionUpkeep(dependencies: {
  readonly context: CommitContext;
  readonly scan: ScanService;
  readonly journal: Pick<Journal, 'trim'>;
  retention(): Retention;
}): VersionUpkeep {
  const { context, scan, journal } = dependencies;
  const { clock } = context;
  let dueAt = clock.monotonic();
  return {
    async runIfDue(signal) {
      if (clock.monotonic() < dueAt) return;
      dueAt = clock.monotonic() + betweenMs;
      const retention = dependencies.retention();
      try {
        await adoptOrphans(context, { hash: hashOne(scan, signal), signal });
        sweepVersions(context, retention);
      } catch (error) {
        // A version store that cannot be read stops nothing else; tomorrow it is tried again.
        if (!(error instanceof DiskError)) throw error;
      }
      journal.trim(clock.now() - retention.keepDays * dayMs);
    },
  };
}

/** Reads one file if it is at rest under the look given. */
export function hashOne(scan: ScanService, signal: AbortSignal): HashFile {
  return async (diskPath, expected) => {
    for await (const result of scan.hash([{ id: 0, diskPath, expected }], signal)) {
      if (result.kind === 'read') return { content: result.content, manifest: result.manifest };
    }
    return undefined;
  };
}
