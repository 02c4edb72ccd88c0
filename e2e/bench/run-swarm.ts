import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import type { RunningDevice } from '../harness/harness.ts';
import { createLab, type LabHost } from '../harness/lab.ts';
import { inStepWithin } from '../harness/lab-group.ts';
import { expectSame, farShows, hasSize } from './far-state.ts';
import { writeAlike } from './files.ts';
import { comeToRest, metered, type Place, type Reading, type Roots } from './meter.ts';
import type { SwarmRow } from './row.ts';
import { type Group, startGroup } from './tools/lockstep-group.ts';

/** LIMIT: far beyond what anything takes that is not stuck. */
const inStepDeadlineS = 300;
const farDeadlineMs = 1_800_000;
const name = 'film.bin';

/**
 * Measures one run of a row with several devices. One holder: the file is moved into its folder while all watch. Several: they get it while the taker's folder is paused,
 * and the time counts from the moment at which it goes on.
 */
export async function runSwarm(row: SwarmRow, scale: number): Promise<Reading> {
  const holderNames = row.holdersMbit.map((_, at) => `h${at}`);
  const takerNames = Array.from({ length: row.takers }, (_, at) => `t${at}`);
  const lab = createLab([...holderNames, ...takerNames]);
  const folderOf = ({ directory }: LabHost): string => path.join(directory, 'folder');
  const placeOf = (host: LabHost): Place => ({ host, folder: folderOf(host) });
  let group: Group | undefined;
  try {
    for (const host of lab.hosts) fs.mkdirSync(folderOf(host));
    group = await startGroup(lab.hosts.map(placeOf) as [Place, ...Place[]]);
    const { devices, folderId } = group;

    const size = row.sizeBytes(scale);
    const holders = holderNames.map((holder) => lab.host(holder));
    const takers = takerNames.map((taker) => lab.host(taker));
    const deviceOf = (host: LabHost): RunningDevice =>
      devices.find((device) => device.name === host.name) as RunningDevice;
    const staged = (host: LabHost): string => path.join(host.directory, name);
    const moveIn = (host: LabHost): void => fs.renameSync(staged(host), path.join(folderOf(host), name));
    writeAlike(holders.map(staged), size);

    const pausing = holders.length > 1 || takers.length === 1;
    if (pausing) {
      for (const host of takers) await deviceOf(host).ask('folder', 'pause', folderId);
      for (const host of holders) moveIn(host);
      if (holders.length > 1) await inStepWithin(inStepDeadlineS, ...holders.map(deviceOf));
    }
    const roots = (): Roots => ({
      near: holders.map((host) => deviceOf(host).pid() ?? 0),
      far: takers.map((host) => deviceOf(host).pid() ?? 0),
    });
    execFileSync('sync');
    await comeToRest(roots);
    for (const [at, host] of holders.entries())
      host.limit({ upMbit: row.holdersMbit[at] ?? row.takersMbit, downMbit: row.downMbit });
    for (const host of takers) host.limit({ upMbit: row.takersMbit, downMbit: row.downMbit });

    const reading = await metered({ hosts: lab.hosts, roots }, async () => {
      if (pausing) for (const host of takers) await deviceOf(host).ask('folder', 'resume', folderId);
      const startedAt = performance.now();
      if (!pausing) moveIn(holders[0] as LabHost);
      const isThere = (at: number): boolean => hasSize(size, folderOf(takers[at] as LabHost), name);
      await farShows({ count: takers.length, isThere }, farDeadlineMs);
      return (performance.now() - startedAt) / 1000;
    });
    for (const host of takers) expectSame(folderOf(holders[0] as LabHost), folderOf(host));
    return reading;
  } finally {
    await group?.stop();
    lab.destroy();
  }
}
