import fs from 'node:fs';
import path from 'node:path';
import { connectControl, type ControlClient } from '../../app/control/client.ts';
import { type RunningDevice, startDevice } from '../harness/harness.ts';
import type { Lab, LabHost } from '../harness/lab.ts';
import { admit, shareFolder, takeFolder } from '../harness/lab-group.ts';

/** A host of a soak and the device on it. */
export interface SoakHost {
  readonly host: LabHost;
  readonly device: RunningDevice;
  readonly folder: string;
  state(): 'on' | 'off' | 'suspended';
  ask(): ControlClient | undefined;
  kill(): Promise<void>;
  start(): Promise<void>;
  suspend(): void;
  goOn(): void;
}

/** Starts a device on every host of a lab, in one group with one folder. */
export async function startSoakHosts(
  lab: Lab,
  launcher: string,
): Promise<{ readonly hosts: readonly SoakHost[]; readonly folderId: string }> {
  const hosts: SoakHost[] = [];
  for (const host of lab.hosts) hosts.push(await startHost(host, launcher));
  const [first, ...others] = hosts;
  if (first === undefined) throw new RangeError('a soak needs hosts');
  for (const { device } of hosts) {
    // Users who delete much mean it.
    await device.ask('settings', 'set', 'massChange.share', '1');
    await device.ask('settings', 'set', 'massChange.count', '1000000');
  }
  const folderId = await shareFolder(first.device, first.folder, 'soak');
  for (const { device, folder } of others) {
    await admit(first.device, device);
    await takeFolder(device, folderId, folder);
  }
  return { hosts, folderId };
}

async function startHost(host: LabHost, launcher: string): Promise<SoakHost> {
  const home = path.join(host.directory, 'home');
  const folder = path.join(host.directory, 'folder');
  fs.mkdirSync(folder);
  const device = await startDevice({
    name: host.name,
    home,
    discovery: true,
    listen: [],
    wrap: host.wrap,
    launcher,
  });
  let client: ControlClient | undefined = await connectControl(home);
  let state: ReturnType<SoakHost['state']> = 'on';
  const signal = (name: NodeJS.Signals): void => {
    const pid = device.pid();
    if (pid !== undefined) process.kill(pid, name);
  };
  return {
    host,
    device,
    folder,
    state: () => state,
    ask: () => (state === 'on' ? client : undefined),
    async kill() {
      state = 'off';
      client?.close();
      await device.kill('SIGKILL');
    },
    async start() {
      await device.restart();
      client = await connectControl(home);
      state = 'on';
    },
    suspend() {
      signal('SIGSTOP');
      state = 'suspended';
    },
    goOn() {
      signal('SIGCONT');
      state = 'on';
    },
  };
}
