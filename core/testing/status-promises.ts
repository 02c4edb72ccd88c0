import type { FolderIndex } from '../file-index/file-index.ts';
import { rulesOn } from './group-acts.ts';
import { type Breaks, difference } from './promises.ts';
import type { Trouble } from './troubles.ts';
import type { World } from './world.ts';
import type { WorldMachine } from './world-machine.ts';

/** What a status counts is what can be listed. */
export async function checkCounts(machines: readonly WorldMachine[], breaks: Breaks): Promise<void> {
  for (const machine of machines) {
    const index = machine.index();
    if (!machine.isOn() || index === undefined) continue;
    // A device that has just woken up may be at work at this very moment.
    const before = countsIn(index);
    const [folder] = (await machine.device().api.status()).folders;
    if (folder === undefined) continue;
    const told = `${folder.needFiles} needed, ${folder.conflicts} conflicts`;
    const after = countsIn(index);
    if (told !== before && told !== after)
      breaks('StatusIsTrue', `${machine.name} says ${told} and has ${after}`);
  }
}

function countsIn(index: FolderIndex): string {
  return `${index.pending(undefined, 10_000).length} needed, ${index.conflicts(undefined, 10_000).length} conflicts`;
}

/** LIMIT: milliseconds that word of a state may be under way, on the slowest of these networks. */
const underWayMs = 3_000;

/**
 * A device that says it is up to date is so: its disk shows its state, and so do the devices it is connected to, by the same state.
 * To be asked when nothing has happened for long enough to be told. A watcher that hears nothing, and a cut that nobody has noticed, excuse it.
 */
export async function checkUpToDate(
  {
    world,
    machines,
    troubles,
  }: {
    readonly world: World;
    readonly machines: readonly WorldMachine[];
    readonly troubles: readonly Trouble[];
  },
  breaks: Breaks,
): Promise<void> {
  // Where something is ignored, disks may rightly differ.
  if (troubles.includes('cut link') || machines.some((machine) => rulesOn(machine) !== undefined)) return;
  const hearing = machines.filter((machine) => machine.isOn() && machine.hearing.drops === undefined);
  if ((await untruthOf(hearing)) === undefined) return;
  // A device that has just forgotten deletions has another state: word of it may be under way.
  await world.pass(underWayMs);
  const untruth = await untruthOf(hearing.filter((machine) => machine.isOn()));
  if (untruth !== undefined) breaks('StatusIsTrue', untruth);
}

/** What one of them says wrongly of itself. */
async function untruthOf(machines: readonly WorldMachine[]): Promise<string | undefined> {
  for (const machine of machines) {
    const status = await machine.device().api.status();
    if (status.folders[0]?.state !== 'up-to-date') continue;
    const connected = new Set(
      status.peers.filter(({ state }) => state === 'connected').map(({ key }) => key),
    );
    for (const other of machines) {
      if (other !== machine && !connected.has((await other.device().api.id()).deviceKey)) continue;
      const [folder] = (await other.device().api.status()).folders;
      if (folder === undefined || folder.state === 'paused') continue;
      // One that says it cannot read its own disk has not heard of all that happened there.
      if (folder.problems.some(({ kind }) => kind === 'unreadable' || kind === 'disk-error')) continue;
      const found = difference(other, new Set());
      const isSame = other.index()?.stateRoot() === machine.index()?.stateRoot();
      if (found === undefined && isSame) continue;
      return `${machine.name} says up to date, but ${other.name} ${found ?? 'has another state'}`;
    }
  }
  return undefined;
}
