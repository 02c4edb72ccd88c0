import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { connectControl, type ControlClient } from '../../../app/control/client.ts';
import { type RunningDevice, startDevice, waitUntil } from '../../harness/harness.ts';
import { admit, shareFolder, takeFolder } from '../../harness/lab-group.ts';
import { type CallCounter, createCallCounter } from './nth-call.ts';

/** LIMIT: what is not in step after this is stuck, on a busy machine too. */
const settleS = 60;

/** A device of a pair. */
export interface RigSide {
  readonly name: string;
  readonly device: RunningDevice;
  readonly counter: CallCounter;
  /** Where the pair's folder lies here. */
  readonly folder: string;
  /** A way to ask the device that costs no process; a new one after each start. */
  ask(): ControlClient;
  /** Resolves when its process has ended. */
  readonly ended: () => Promise<void>;
  /** Whether its process runs. */
  readonly runs: () => boolean;
  /** Starts it in its home, whose process has ended; resolves when it can be asked and knows where the other is. */
  start(): Promise<void>;
}

/** Two devices that share one folder, each its own process with its calls counted. */
export interface RigPair {
  readonly sides: readonly [RigSide, RigSide];
  readonly folderId: string;
  otherOf(side: RigSide): RigSide;
  /** Resolves when both say that they are in step with the other. */
  inStep(deadlineS?: number): Promise<void>;
  stop(): Promise<void>;
}

/** What a pair is made of. */
export interface PairSetup {
  /** A directory for everything. */
  readonly place: string;
  /** The library that counts calls. */
  readonly library: string;
  /** The command to run. */
  readonly launcher: string;
  /** Where the second device keeps its home and its folder; in `place` too if not given. */
  readonly farPlace?: string;
}

/** Starts a pair whose folder is empty, and resolves when it is in step. */
export async function startRigPair(setup: PairSetup): Promise<RigPair> {
  const { place, farPlace = path.join(place, 'far') } = setup;
  const near = await startSide('near', path.join(place, 'near'), setup);
  const far = await startSide('far', farPlace, setup);
  const sides = [near, far] as const;
  const stop = async (): Promise<void> => {
    for (const { ask, counter } of sides) {
      counter.disarm();
      ask().close();
    }
    await Promise.allSettled(sides.map(({ device }) => device.stop()));
  };
  try {
    // Acts that empty a directory mean it.
    for (const { ask } of sides) await ask().call('settingsSet', { key: 'massChange.share', value: '1' });
    const folderId = await shareFolder(near.device, near.folder, 'rig');
    await admit(near.device, far.device);
    await takeFolder(far.device, folderId, far.folder);
    const pair: RigPair = {
      sides,
      folderId,
      otherOf: (side) => (side === near ? far : near),
      async inStep(deadlineS = settleS) {
        for (const side of sides) {
          const { deviceKey } = pair.otherOf(side).device.ready();
          await side.ask().call('wait', { devices: [deviceKey], timeoutS: deadlineS });
        }
      },
      stop,
    };
    near.tellOf(far);
    far.tellOf(near);
    await pair.inStep();
    return pair;
  } catch (error) {
    await stop();
    throw error;
  }
}

type StartedSide = RigSide & { tellOf(other: RigSide): void };

async function startSide(name: string, own: string, setup: PairSetup): Promise<StartedSide> {
  const home = path.join(own, 'home');
  const folder = path.join(own, 'folder');
  fs.mkdirSync(folder, { recursive: true });
  const counter = createCallCounter(setup.library, path.join(setup.place, `calls-${name}`), [home, folder]);
  const listen = `/ip4/127.0.0.1/tcp/${await freePort()}`;
  // A counted program loads no other programs' caches.
  const device = await startDevice({
    name,
    home,
    listen: [listen],
    env: counter.env,
    launcher: setup.launcher,
  });
  let client = await connectControl(home);
  let other: RigSide | undefined;
  const runs = (): boolean => {
    const pid = device.pid();
    if (pid === undefined) return false;
    try {
      // A zombie has no command line.
      return fs.readFileSync(`/proc/${pid}/cmdline`).length > 0;
    } catch {
      return false;
    }
  };
  return {
    name,
    device,
    counter,
    folder,
    ask: () => client,
    runs,
    ended: async () => void (await waitUntil(`${name} has ended`, () => !runs())),
    tellOf(side) {
      other = side;
    },
    async start() {
      await device.restart();
      client = await connectControl(home);
      if (other === undefined || !other.runs()) return;
      const { deviceKey, listen: places } = other.device.ready();
      await client.call('deviceConnect', { device: deviceKey, address: places[0] ?? '' });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
