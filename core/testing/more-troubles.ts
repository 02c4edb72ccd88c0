import { SyncError } from '../model/errors.ts';
import type { SeededRandom } from './seeded-random.ts';
import { actAsUser } from './simulated-user.ts';
import { attempt, type TroubleAt } from './troubles.ts';
import { newContent, saveInPlace, somePlace, withRoom } from './user-disk.ts';
import type { WorldMachine } from './world-machine.ts';
import { thingsIn } from './world-tree.ts';

/** What can go wrong in worlds of the kind `full:` besides what can in all. What else devices come to know, such as removing one, gets its troubles here. */
export type MoreTrouble = (typeof moreTroubles)[number];

const moreTroubles = [
  'lying watcher',
  'pause folder',
  'resume folder',
  'suspend',
  'odd sightings',
  'refused dials',
  'overtaking',
  'careless save',
  'look that fails',
] as const;

/** Those in which somebody acts: for worlds of wild manners only. */
const withActs: ReadonlySet<MoreTrouble> = new Set(['suspend', 'careless save', 'look that fails']);

/** Some worlds have many of them, some few. */
export function chooseMoreTroubles(random: SeededRandom, isWild: boolean): readonly MoreTrouble[] {
  const share = random.pick([0.2, 0.5, 0.9]);
  return moreTroubles.filter((trouble) => random.chance(share) && (isWild || !withActs.has(trouble)));
}

/** Lets one of them happen now; where it cannot, nothing does. */
export async function makeMoreTrouble(trouble: MoreTrouble, at: TroubleAt): Promise<void> {
  const { world, machine, random, history } = at;
  const note = (what: string): void => void history.acts.push(`${machine.name}: ${what}`);
  const { network } = machine;
  switch (trouble) {
    case 'lying watcher':
      note('watcher lies');
      return machine.lie();
    case 'pause folder':
    case 'resume folder': {
      if (!machine.isOn()) return;
      const { api } = machine.device();
      const [folder] = (await api.status()).folders;
      if (folder === undefined) return;
      note(trouble);
      const asked = { folder: folder.id };
      return attempt(
        world,
        machine,
        trouble === 'pause folder' ? api.folderPause(asked) : api.folderResume(asked),
      );
    }
    case 'suspend':
      return suspend(at);
    case 'odd sightings':
      network.lost = random.pick([0, 0.3, 1]);
      network.doubled = random.pick([0, 0.5]);
      return note(`sightings are lost ${network.lost}, doubled ${network.doubled}`);
    case 'refused dials':
      network.refused = random.pick([0, 0.5, 1]);
      return note(`dials fail ${network.refused}`);
    case 'overtaking':
      network.lateMs = random.pick([0, 5, 100, 2_000]);
      return note(`what comes is up to ${network.lateMs} ms late`);
    case 'careless save':
      return saveCarelessly(at);
    case 'look that fails':
      return touchOnFailingDisk(at);
  }
}

/** A program flushes what it saves but not its name; soon after, the power fails. What a device told of must not pass for deleted then. */
async function saveCarelessly({ world, machine, random, history }: TroubleAt): Promise<void> {
  if (!machine.isOn() || !machine.isPlugged()) return;
  withRoom(machine, () => {
    const { path, name } = somePlace(machine, random);
    if (machine.disk.look(path) !== undefined) return;
    const content = newContent(history, random, machine.name);
    saveInPlace(machine, path, content);
    void machine.disk.flushFiles([path]);
    history.completed.set(content, name);
    history.careless.add(content);
    history.acts.push(`${machine.name}: save without a flush of the directory (${content.length} B) ${name}`);
  });
  await world.pass(random.pick([60, 200, 1_000, 3_000]));
  history.acts.push(`${machine.name}: power cut`);
  machine.cutPower();
}

/** Files are touched, which deletes nothing, while calls to the disk fail now and then. */
async function touchOnFailingDisk({ world, machine, random, history }: TroubleAt): Promise<void> {
  if (!machine.isOn() || !machine.isPlugged()) return;
  const files = thingsIn(machine.disk, machine.root).filter(({ observed }) => observed.kind === 'file');
  for (const { path, place } of files) {
    if (random.chance(0.5)) continue;
    machine.disk.setModifiedAt(place, BigInt(random.below(2 ** 31)) * 1_000_000_007n);
    history.acts.push(`${machine.name}: touch on a failing disk ${path}`);
  }
  machine.failCalls(random.pick([0.1, 0.3, 0.6]), ['EIO']);
  await world.pass(random.pick([100, 300, 2_000]));
  machine.failCalls(0, []);
}

/** A lid is closed and opened again; what happens meanwhile happens to the others, and to its disk. */
async function suspend({ world, machine, other, random, history }: TroubleAt): Promise<void> {
  if (!machine.isOn() || other === machine) return;
  const ms = random.pick([3_000, 30_000, 300_000]);
  history.acts.push(`${machine.name}: suspended for ${ms} ms`);
  machine.sleep();
  if (other.isOn()) world.lan.cut(machine.key(), other.key());
  for (let i = random.below(3); i > 0; i--) actAsUser(random.pick([machine, other]), random, history);
  await world.pass(ms);
  machine.wake();
  if (other.isOn()) world.lan.heal(machine.key(), other.key());
}

/** Ends what {@link makeMoreTrouble} began on a machine that is on. */
export async function endMoreTroubles(machine: WorldMachine): Promise<void> {
  Object.assign(machine.network, { lost: 0, doubled: 0, refused: 0, lateMs: 0 });
  const { api } = machine.device();
  for (const { id, path, state } of await api.folderList()) {
    if (path === null || state !== 'paused') continue;
    try {
      await api.folderResume({ folder: id });
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
    }
  }
}
