import { joinDisk } from '../filesystem/filesystem.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { SeededRandom } from './seeded-random.ts';
import { actAsUser, contentsAt, createHistory, type History } from './simulated-user.ts';
import { createWorld, type World, type WorldMachine } from './world.ts';

/** One world's result. */
export interface SimulationReport {
  readonly seed: string;
  readonly trace: string;
  readonly acts: number;
  readonly conflicts: number;
}

/** A promise that a world broke. `invariant` is its name; the message has the seed and what was done. */
export class BrokenPromise extends Error {
  override name = 'BrokenPromise';
  readonly invariant: string;
  constructor(invariant: string, seed: string, detail: string, history: History) {
    super(`${invariant} broken in world ${seed}: ${detail}\n  ${history.acts.join('\n  ')}`);
    this.invariant = invariant;
  }
}

/** LIMIT: what one world does; more worlds find more than longer ones. */
const leastActs = 10;
const mostActs = 45;

/**
 * Runs one world: devices that pair, users that do random things, and everything that goes wrong with machines and networks; then peace.
 * Checks NoLostWrite, Converge, SameConflicts, Quiesce and StatusIsTrue. The same seed does the same.
 */
export async function simulate(seed: string): Promise<SimulationReport> {
  const world = createWorld(seed);
  const random = world.random.fork('user');
  const history = createHistory();
  const machines = Array.from({ length: 2 + random.below(3) }, (_, i) => world.machine(`m${i}`));
  try {
    const folderId = await group(world, machines, random, history);
    const acts = leastActs + random.below(mostActs - leastActs);
    for (let i = 0; i < acts; i++) await step(world, machines, random, history);
    await peace(world, machines, history, seed);
    checkNoLostWrite(machines, history, seed);
    await checkQuiesce(world, machines, history, seed);
    const conflicts = await checkSameConflicts(machines, history, seed, folderId);
    return { seed, trace: world.trace(), acts: history.acts.length, conflicts };
  } finally {
    for (const machine of machines) machine.kill();
  }
}

async function group(world: World, machines: readonly WorldMachine[], random: SeededRandom, history: History): Promise<string> {
  const [first, ...others] = machines as [WorldMachine, ...WorldMachine[]];
  for (const machine of machines) {
    for (let i = random.below(4); i > 0; i--) await actAsUser(machine, random, history);
    await world.during(machine.start());
  }
  const { folderId } = await world.during(first.device().api.folderAdd({ path: first.root }));
  for (const other of others) {
    const { invitation } = await world.during(first.device().api.deviceInvite({ admit: 'any', recovery: false }));
    await world.during(other.device().api.deviceJoin({ invitation }));
    await world.until('the offer', async () => (await other.device().api.folderList()).length > 0);
    await world.during(other.device().api.folderJoin({ folder: folderId, path: other.root }));
    if (random.chance(0.5)) await world.pass(random.below(3_000));
  }
  return folderId;
}

async function step(world: World, machines: readonly WorldMachine[], random: SeededRandom, history: History): Promise<void> {
  const machine = random.pick(machines);
  const other = random.pick(machines);
  const note = (what: string): void => void history.acts.push(`${machine.name}: ${what}`);
  switch (random.below(20)) {
    case 0:
      if (!machine.isOn()) break;
      note('stop');
      await world.during(machine.stop());
      break;
    case 1:
      if (!machine.isOn()) break;
      note('kill');
      machine.kill();
      break;
    case 2:
      if (!machine.isOn()) break;
      note('power cut');
      machine.cutPower();
      break;
    case 3:
      if (!machine.isOn()) break;
      machine.killAtCall(1 + random.below(200));
      note('killed at a call to come');
      break;
    case 4:
    case 5:
      if (machine.isOn()) break;
      note('start');
      await world.during(machine.start().catch(() => undefined));
      break;
    case 6:
      if (machine === other || !machine.isOn() || !other.isOn()) break;
      note(`cut from ${other.name}`);
      world.lan.cut(keyOf(machine), keyOf(other), random.chance(0.3) ? 'one' : 'both');
      break;
    case 7:
      if (machine === other || !machine.isOn() || !other.isOn()) break;
      note(`linked to ${other.name}`);
      world.lan.heal(keyOf(machine), keyOf(other));
      break;
    case 8:
      if (machine === other || !machine.isOn() || !other.isOn()) break;
      note(`connection to ${other.name} dropped`);
      world.lan.drop(keyOf(machine), keyOf(other));
      break;
    case 9:
      if (machine.isOn()) break;
      note('index lost');
      machine.loseIndex();
      break;
    default:
      await actAsUser(machine, random, history);
  }
  if (random.chance(0.6)) await world.pass(random.pick([5, 60, 300, 2_000, 20_000]));
}

function keyOf(machine: WorldMachine): DeviceKey {
  return machine.key();
}

/** Everything is on and linked; then all trees must become one and stay so. */
async function peace(world: World, machines: readonly WorldMachine[], history: History, seed: string): Promise<void> {
  history.acts.push('peace');
  for (const machine of machines) {
    machine.killAtCall(Number.POSITIVE_INFINITY);
    if (!machine.isOn()) await world.during(machine.start());
  }
  for (const a of machines) for (const b of machines) if (a !== b) world.lan.heal(keyOf(a), keyOf(b));
  try {
    await world.until('one tree everywhere', () => isPeaceful(machines, history));
  } catch (error) {
    throw new BrokenPromise('Converge', seed, `${String(error)}\n${await describe(machines)}`, history);
  }
}

async function isPeaceful(machines: readonly WorldMachine[], history: History): Promise<boolean> {
  const missing = new Set<string>();
  for (const machine of machines) {
    const [folder] = (await machine.device().api.status()).folders;
    if (folder === undefined || folder.pendingLocal > 0) return false;
    // Only a lost index can leave the group wanting what its one holder deleted meanwhile; then everybody says so.
    const wanting = folder.problems.filter(({ kind }) => kind === 'no-holder');
    if (folder.needFiles !== wanting.length || (wanting.length > 0 && !history.acts.some((act) => act.endsWith('index lost')))) return false;
    for (const { path } of wanting) missing.add(path);
    if (wanting.length > 0) continue;
    if (folder.state !== 'up-to-date' && !(folder.state === 'attention' && folder.conflicts + folder.problems.length > 0)) return false;
    const hasAll = folder.holders.length === machines.length - 1 && folder.holders.every(({ inStep }) => inStep);
    if (!hasAll && missing.size === 0) return false;
  }
  const trees = machines.map((machine) => JSON.stringify([...machine.tree()].filter(([path]) => !missing.has(path))));
  return new Set(trees).size === 1;
}

function checkNoLostWrite(machines: readonly WorldMachine[], history: History, seed: string): void {
  const kept = new Set(machines.flatMap((machine) => [...contentsAt(machine, machine.root), ...versionsOf(machine)]));
  for (const [content, path] of history.completed) {
    if (!kept.has(content) && !history.givenUp.has(content)) {
      throw new BrokenPromise('NoLostWrite', seed, `“${content.slice(0, 40)}” written at ${path} is nowhere`, history);
    }
  }
}

function versionsOf(machine: WorldMachine): string[] {
  return contentsAt(machine, joinDisk(joinDisk(machine.root, '.lockstep'), 'versions'));
}

/** After peace nothing moves: no new entries, no changed trees, through another minute and a restart of everything. */
async function checkQuiesce(world: World, machines: readonly WorldMachine[], history: History, seed: string): Promise<void> {
  const before = machines.map((machine) => JSON.stringify([...machine.tree()]));
  for (const machine of machines) {
    await world.during(machine.stop());
    await world.during(machine.start());
  }
  try {
    await world.until('peace after a restart', () => isPeaceful(machines, history));
  } catch (error) {
    throw new BrokenPromise('Quiesce', seed, `${String(error)}\n${await describe(machines)}`, history);
  }
  machines.forEach((machine, i) => {
    if (JSON.stringify([...machine.tree()]) !== before[i]) throw new BrokenPromise('Quiesce', seed, `${machine.name} changed by a restart`, history);
  });
}

async function checkSameConflicts(machines: readonly WorldMachine[], history: History, seed: string, folderId: string): Promise<number> {
  const counts = new Set<number>();
  for (const machine of machines) {
    const folder = (await machine.device().api.status()).folders.find(({ id }) => id === folderId);
    counts.add(folder?.conflicts ?? -1);
  }
  if (counts.size !== 1) throw new BrokenPromise('SameConflicts', seed, `counts ${[...counts].join(', ')}`, history);
  return [...counts][0] ?? 0;
}

async function describe(machines: readonly WorldMachine[]): Promise<string> {
  const lines: string[] = [];
  for (const machine of machines) {
    lines.push(`${machine.name} ${JSON.stringify([...machine.tree()].map(([path, what]) => [path, what.slice(0, 60)]))}`);
    if (machine.isOn()) {
      const [folder] = (await machine.device().api.status()).folders;
      lines.push(`  ${JSON.stringify(folder)}`);
      lines.push(...machine.errors.filter((error) => !error.includes('Killed')).map((error) => `  ${error.replaceAll('\\n', '\n    ')}`));
    }
  }
  return lines.join('\n');
}
