import { execFileSync } from 'node:child_process';
import { waitUntil } from '../../harness/harness.ts';
import type { LabHost } from '../../harness/lab.ts';

/** Resolves when something on this host listens on a TCP port. */
export async function listening(host: LabHost, port: number): Promise<void> {
  const [program, ...args] = [...host.wrap, 'ss', '-Hltn', `sport = :${port}`];
  await waitUntil(`${host.name} listens on ${port}`, () => execFileSync(program, args).length > 0);
}
