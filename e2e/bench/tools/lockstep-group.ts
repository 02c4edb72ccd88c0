import type { RunningDevice } from '../../harness/harness.ts';
import { admit, inStepWithin, meeting, shareFolder, startOn, takeFolder } from '../../harness/lab-group.ts';
import type { Place } from '../meter.ts';
import type { Places } from '../tool.ts';

/** LIMIT: far beyond what anything takes that is not stuck. */
const inStepDeadlineS = 1200;

/** Devices of one group that keep one folder, in the order of their places. */
export interface Group {
  readonly devices: readonly [RunningDevice, ...RunningDevice[]];
  readonly folderId: string;
  stop(): Promise<void>;
}

/** Starts a device at each place, lets all share what is there, and asks no questions about massive changes; resolves when they are in step. */
export async function startGroup(places: Places): Promise<Group> {
  const devices: RunningDevice[] = [];
  const stop = async (): Promise<void> => {
    await Promise.allSettled(devices.map((device) => device.stop()));
  };
  try {
    for (const { host } of places) devices.push(await startOn(host));
    const [first, ...others] = devices as [RunningDevice, ...RunningDevice[]];
    const folderId = await shareFolder(first, places[0].folder, 'bench');
    for (const [at, other] of others.entries()) {
      // Each by the one before it: a device lets only so many strangers speak to it in a minute.
      await admit(devices[at] as RunningDevice, other);
      await takeFolder(other, folderId, (places[at + 1] as Place).folder);
    }
    for (const device of devices) await device.ask('settings', 'set', 'massChange.share', '1');
    await meeting(...devices);
    await inStepWithin(inStepDeadlineS, ...devices);
    return { devices: [first, ...others], folderId, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
