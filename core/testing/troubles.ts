import type { History } from './history.ts';
import { contentHash } from './content-hash.ts';
import { knownOnlyTo } from './promises.ts';
import type { SeededRandom } from './seeded-random.ts';
import { actAsUser } from './simulated-user.ts';
import type { World } from './world.ts';
import type { WorldMachine } from './world-machine.ts';

/** What goes wrong with machines and networks. */
export type Trouble = (typeof allTroubles)[number];

const allTroubles = [
  'stop',
  'kill',
  'power cut',
  'kill at a call',
  'kill while stopping',
  'cut link',
  'heal link',
  'drop connection',
  'truncate streams',
  'slow link',
  'lost index',
  'unplugged disk',
  'full disk',
  'failing disk',
  'clock jump',
  'deaf watcher',
  'late watcher',
  'pause',
  'resume',
  'save at a call',
] as const;

/** Some worlds have many troubles, some few: what one hides another shows. */
export function chooseTroubles(random: SeededRandom): readonly Trouble[] {
  const share = random.pick([0.15, 0.4, 0.8]);
  return allTroubles.filter(() => random.chance(share));
}

/** One thing that may go wrong, and whose it is. */
export interface TroubleAt {
  readonly world: World;
  readonly machine: WorldMachine;
  readonly other: WorldMachine;
  readonly machines: readonly WorldMachine[];
  readonly random: SeededRandom;
  readonly history: History;
}

const minuteMs = 60_000;
const yearMs = 365 * 24 * 60 * minuteMs;

/** Loses the index of a machine that is off, and with it the writes that no other has heard of: their bytes must still be had. */
export function loseIndex({
  machine,
  machines,
  history,
}: Omit<TroubleAt, 'other' | 'random' | 'world'>): void {
  const lost = knownOnlyTo(machine, machines);
  for (const content of history.completed.keys())
    if (lost.has(contentHash(content))) history.putAway.add(content);
  history.hasLostIndex = true;
  machine.loseIndex();
}

/** Lets one thing go wrong now; where it cannot, nothing happens. */
export async function makeTrouble(trouble: Trouble, at: TroubleAt): Promise<void> {
  const { world, machine, other, random, history } = at;
  const isOn = machine.isOn();
  const arePaired = isOn && other.isOn() && machine !== other;
  const note = (what: string): void => void history.acts.push(`${machine.name}: ${what}`);
  switch (trouble) {
    case 'stop':
      if (!isOn) return;
      note('stop');
      return attempt(world, machine, machine.stop());
    case 'kill':
      if (!isOn) return;
      note('kill');
      return machine.kill();
    case 'power cut':
      if (!isOn) return;
      note('power cut');
      return machine.cutPower();
    case 'kill at a call':
      if (!isOn) return;
      note('killed at a call to come');
      return machine.killAtCall(1 + random.below(200));
    case 'kill while stopping':
      if (!isOn) return;
      note('killed while stopping');
      machine.stop().catch(() => undefined);
      await world.pass(random.below(5));
      return random.chance(0.5) ? machine.kill() : machine.cutPower();
    case 'cut link':
      if (!arePaired) return;
      note(`cut from ${other.name}`);
      return world.lan.cut(machine.key(), other.key(), random.chance(0.3) ? 'one' : 'both');
    case 'heal link':
      if (!arePaired) return;
      note(`linked to ${other.name}`);
      return world.lan.heal(machine.key(), other.key());
    case 'drop connection':
      if (!arePaired) return;
      note(`connection to ${other.name} dropped`);
      return world.lan.drop(machine.key(), other.key());
    case 'truncate streams':
      if (!arePaired) return;
      note(`streams to ${other.name} truncated`);
      return world.lan.truncate(machine.key(), other.key());
    case 'slow link': {
      if (!arePaired) return;
      const latencyMs = random.pick([1, 30, 400, 3_000]);
      note(`${latencyMs} ms to ${other.name}`);
      return world.lan.delay(machine.key(), other.key(), latencyMs);
    }
    case 'lost index':
      if (isOn) return;
      note('index lost');
      return loseIndex(at);
    case 'unplugged disk':
      if (!machine.isPlugged()) {
        note('disk plugged in');
        return machine.plugIn();
      }
      note('disk unplugged');
      return machine.unplug(random.pick(['empty', 'gone']));
    case 'full disk': {
      if (!machine.isPlugged()) return;
      const { totalBytes, freeBytes } = machine.disk.space(machine.root);
      const isFull = random.chance(0.7);
      note(isFull ? 'disk full' : 'disk has room again');
      return machine.disk.setCapacity(isFull ? totalBytes - freeBytes + random.below(50_000) : undefined);
    }
    case 'failing disk': {
      const isFailing = random.chance(0.7);
      note(isFailing ? 'disk fails at times' : 'disk is well again');
      return machine.failCalls(random.pick([0.01, 0.1, 0.5]), isFailing ? someCodes(random) : []);
    }
    case 'clock jump': {
      const jumpMs = random.pick([-10 * yearMs, -minuteMs, -1, 1, 30_000, 10 * yearMs]);
      note(`clock jumps by ${jumpMs} ms`);
      return machine.jumpClock(jumpMs);
    }
    case 'deaf watcher': {
      const chance = random.pick([0, 0.1, 1]);
      note(`watcher misses ${chance}`);
      machine.hearing.drops = () => random.chance(chance);
      return;
    }
    case 'late watcher':
      machine.hearing.delayMs = random.pick([1, 500, 5_000]);
      note(`watcher takes ${machine.hearing.delayMs} ms`);
      return;
    case 'pause':
      if (!isOn) return;
      note('pause');
      return attempt(world, machine, machine.device().api.pause({}));
    case 'resume':
      if (!isOn) return;
      note('resume');
      return attempt(world, machine, machine.device().api.resume());
    case 'save at a call':
      // Where a disk cannot exchange, a save in the last instant before a replacement is a known loss.
      if (machine.traits.exchange === false || machine.traits.hardLinks === false) return;
      note('somebody acts at a call to come');
      return machine.atCall(1 + random.below(300), () => actAsUser(machine, random, history));
  }
}

function someCodes(random: SeededRandom): readonly string[] {
  const codes = ['EIO', 'EACCES', 'EBUSY', 'EMFILE', 'ENOSPC', 'EROFS'];
  return random.chance(0.5) ? codes : [random.pick(codes)];
}

/** Ends all troubles of a machine but the time its clock shows, and turns it on; one whose watcher missed things is started anew. */
export async function endTroubles(world: World, machine: WorldMachine): Promise<void> {
  machine.plugIn();
  machine.disk.setCapacity(undefined);
  machine.failCalls(0, []);
  machine.forgetCalls();
  const missed = machine.hearing.drops !== undefined;
  delete machine.hearing.drops;
  delete machine.hearing.delayMs;
  if (missed && machine.isOn()) await attempt(world, machine, machine.stop());
  if (!machine.isOn()) await world.during(machine.start());
  await world.during(machine.device().api.resume());
}

/** Ends all troubles of the links between machines that ever ran. */
export function healLinks(world: World, machines: readonly WorldMachine[]): void {
  for (const a of machines) {
    for (const b of machines) {
      if (a === b) continue;
      world.lan.delay(a.key(), b.key(), 1);
      world.lan.heal(a.key(), b.key());
    }
  }
}

/** Lets time pass until `work` is over, well or not, or its machine has gone off under it. */
export async function attempt(world: World, machine: WorldMachine, work: Promise<unknown>): Promise<void> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  work.then(over, over);
  const wasOn = machine.isOn();
  await world.until('the end of the attempt', () => isOver || (wasOn && !machine.isOn()));
}
