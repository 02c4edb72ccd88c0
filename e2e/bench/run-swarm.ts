import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import type { RunningDevice } from '../harness/harness.ts';
import { createLab, type LabHost } from '../harness/lab.ts';
import { admit, inStepWithin, meeting, shareFolder, startOn, takeFolder } from '../harness/lab-group.ts';
import { expectSame, farShows, hasSize } from './far-state.ts';
import { writeLarge } from './files.ts';
import { comeToRest, metered, type Reading, type Roots } from './meter.ts';
import type { SwarmRow } from './row.ts';

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
  const devices: RunningDevice[] = [];
  try {
    const folderOf = ({ directory }: LabHost): string => path.join(directory, 'folder');
    for (const host of lab.hosts) {
      fs.mkdirSync(folderOf(host));
      devices.push(await startOn(host));
    }
    const [first, ...others] = devices as [RunningDevice, ...RunningDevice[]];
    const folder = await shareFolder(first, folderOf(lab.host('h0')), 'bench');
    for (const [at, other] of others.entries()) {
      // Each by the one before it: a device lets only so many strangers speak to it in a minute.
      await admit(devices[at] as RunningDevice, other);
      await takeFolder(other, folder, folderOf(lab.host(other.name)));
    }
    await meeting(...devices);
    await inStepWithin(inStepDeadlineS, ...devices);

    const size = row.sizeBytes(scale);
    const holders = holderNames.map((holder) => lab.host(holder));
    const takers = takerNames.map((taker) => lab.host(taker));
    const deviceOf = (host: LabHost): RunningDevice =>
      devices.find((device) => device.name === host.name) as RunningDevice;
    const staged = (host: LabHost): string => path.join(host.directory, name);
    const moveIn = (host: LabHost): void => fs.renameSync(staged(host), path.join(folderOf(host), name));
    const source = staged(holders[0] as LabHost);
    writeLarge(source, 'film', size);
    for (const host of holders.slice(1)) execFileSync('cp', ['-a', source, staged(host)]);

    const pausing = holders.length > 1 || takers.length === 1;
    if (pausing) {
      for (const host of takers) await deviceOf(host).ask('folder', 'pause', folder);
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

    const reading = await metered({ host: takers[0] as LabHost, roots }, async () => {
      if (pausing) for (const host of takers) await deviceOf(host).ask('folder', 'resume', folder);
      const startedAt = performance.now();
      if (!pausing) moveIn(holders[0] as LabHost);
      const isThere = (at: number): boolean => hasSize(size, folderOf(takers[at] as LabHost), name);
      await farShows({ count: takers.length, isThere }, farDeadlineMs);
      return (performance.now() - startedAt) / 1000;
    });
    for (const host of takers) expectSame(folderOf(holders[0] as LabHost), folderOf(host));
    return reading;
  } finally {
    await Promise.allSettled(devices.map((device) => device.stop()));
    lab.destroy();
  }
}
