import { createHistory, type History } from './history.ts';
import { isLiving } from '../model/entry.ts';
import {
  BrokenPromise,
  type Breaks,
  checkBytes,
  checkDeletions,
  checkNoLostWrite,
  checkSameConflicts,
  conflictsInWords,
  isLimited,
} from './promises.ts';
import type { SeededRandom } from './seeded-random.ts';
import { chooseMoreTroubles, endMoreTroubles, makeMoreTrouble, type MoreTrouble } from './more-troubles.ts';
import { createGroupActs, type GroupActs } from './group-acts.ts';
import { actRarely } from './simulated-hands.ts';
import { askDevice } from './simulated-requests.ts';
import { actAsUser, actGently } from './simulated-user.ts';
import {
  attempt,
  chooseTroubles,
  endTroubles,
  healLinks,
  loseIndex,
  makeTrouble,
  type Trouble,
} from './troubles.ts';
import { checkCounts, checkUpToDate } from './status-promises.ts';
import { someDisk } from './some-disk.ts';
import { describe, unrestOf } from './unrest.ts';
import { createWorld, type World } from './world.ts';
import type { WorldMachine } from './world-machine.ts';

export { BrokenPromise } from './promises.ts';

/**
 * What the users of a world are like. `wild`: anything at any time. `gentle`: they never make two versions, so there must be no conflict.
 * `calm`: one at a time, each after all is in step, so everything must end as the last one left it.
 */
export type Manners = 'wild' | 'gentle' | 'calm';

/** One world's result. */
export interface SimulationReport {
  readonly seed: string;
  readonly manners: Manners;
  readonly trace: string;
  readonly acts: number;
  readonly conflicts: number;
  readonly kills: number;
  readonly powerCuts: number;
}

/** LIMIT: what one world does; more worlds find more than longer ones. */
const leastActs = 10;
const mostActs = 45;
/** What may make a device forget versions it kept. */
const forgetting: ReadonlySet<Trouble> = new Set(['lost index', 'full disk', 'clock jump', 'unplugged disk']);
/** How long after the last change a status must have become true. */
const toldMs = 20_000;

interface Simulated {
  readonly world: World;
  /** The members of the group that hold the folder, or shall. */
  readonly machines: WorldMachine[];
  readonly random: SeededRandom;
  readonly history: History;
  readonly troubles: readonly Trouble[];
  /** In worlds of the kinds `full:` and `group:` only. */
  readonly more: readonly MoreTrouble[] | undefined;
  /** In a world of the kind `group:` only, once it is founded. */
  group?: GroupActs;
  /** In the same, what decides which starts are broken off by force. */
  readonly starts: SeededRandom | undefined;
  readonly breaks: Breaks;
}

/**
 * Runs one world: devices that pair, users that do random things, and everything that goes wrong with machines and networks; then peace.
 * Throws BrokenPromise when one of the promises of `promises.ts` does not hold. The same seed does the same. A seed may begin with what is
 * special about the world: `folding:SEED` is the world SEED with disks that fold names among those to choose from; in `full:SEED` users also do
 * rarer things and use the device itself, and more goes wrong; in `group:SEED` a device may also come later, one be removed, and rules say what is ignored.
 */
export async function simulate(seed: string): Promise<SimulationReport> {
  const special = seed.slice(0, seed.indexOf(':') + 1);
  const isGroup = special === 'group:';
  const isFull = special === 'full:' || isGroup;
  const world = createWorld(seed.slice(special.length), isFull);
  const random = world.random.fork('user');
  const history = createHistory();
  const kinds = world.random.fork('kinds');
  const manners = isGroup ? 'wild' : kinds.pick<Manners>(['wild', 'wild', 'wild', 'wild', 'gentle', 'calm']);
  const isPlain = kinds.chance(0.5);
  const machines = Array.from({ length: 2 + random.below(3) }, (_, i) =>
    world.machine(`m${i}`, isPlain || (manners === 'calm' && i === 0) ? {} : someDisk(kinds, special !== '')),
  );
  const breaks: Breaks = (promise, detail) => {
    throw new BrokenPromise(promise, seed, detail, history);
  };
  const troubles = chooseTroubles(kinds).filter(
    (trouble) => (manners === 'wild' && !isGroup) || trouble !== 'save at a call',
  );
  const more = isFull ? chooseMoreTroubles(kinds, manners === 'wild') : undefined;
  history.mayForget = troubles.some((trouble) => forgetting.has(trouble));
  history.acts.push(
    `${manners}: ${machines.map((machine) => JSON.stringify(machine.traits, plainly)).join(' ')}; ${[...troubles, ...(more ?? [])].join(', ')}`,
  );
  const starts = isGroup ? world.random.fork('starts') : undefined;
  const simulated: Simulated = { world, machines, random, history, troubles, more, starts, breaks };
  try {
    const folderId = await found(simulated, manners);
    if (isGroup) simulated.group = createGroupActs({ world, machines, random: kinds, history, folderId });
    const acts = leastActs + random.below(mostActs - leastActs);
    if (manners === 'calm') for (let i = 0; i < acts / 6; i++) await round(simulated);
    else for (let i = 0; i < acts; i++) await step(simulated, manners);
    await peace(simulated);
    await simulated.group?.checkRemoved(breaks);
    if (isGroup) await untilPeaceful(simulated, 'Converge');
    checkNoLostWrite(world.machines(), history, breaks);
    await checkQuiesce(simulated);
    const conflicts = checkSameConflicts(machines, breaks);
    if (manners !== 'wild' && conflicts > 0)
      breaks(
        'NoFalseConflict',
        `nobody made two versions of\n${conflictsInWords(machines[0] as WorldMachine)}`,
      );
    const count = (what: string): number => history.acts.filter((act) => act.endsWith(what)).length;
    return {
      seed,
      manners,
      trace: world.trace(),
      acts: history.acts.length,
      conflicts,
      kills: count(': kill') + count('at a call to come') + count('while stopping'),
      powerCuts: count('power cut'),
    };
  } finally {
    for (const machine of world.machines()) machine.dispose();
  }
}

function plainly(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value;
}

/** Starts all, lets the first share its folder and the others take it; resolves to the folder's id. */
async function found({ world, machines, random, history }: Simulated, manners: Manners): Promise<string> {
  const [first, ...others] = machines as [WorldMachine, ...WorldMachine[]];
  for (const machine of machines) {
    if (manners === 'wild') for (let i = random.below(4); i > 0; i--) actAsUser(machine, random, history);
    await world.during(machine.start());
  }
  if (manners === 'gentle') for (let i = random.below(4); i > 0; i--) actGently(machines, random, history);
  const { folderId } = await world.during(first.device().api.folderAdd({ path: first.root }));
  for (const other of others) {
    const { invitation } = await world.during(
      first.device().api.deviceInvite({ admit: 'any', recovery: false }),
    );
    await world.during(other.device().api.deviceJoin({ invitation }));
    await world.until('the offer', async () => (await other.device().api.folderList()).length > 0);
    await world.during(other.device().api.folderJoin({ folder: folderId, path: other.root }));
    if (random.chance(0.5)) await world.pass(random.below(3_000));
  }
  return folderId;
}

/** One act of a wild or gentle world, or one trouble. */
async function step(simulated: Simulated, manners: Manners): Promise<void> {
  const { world, machines, random, history, breaks } = simulated;
  if (random.chance(0.45)) await trouble(simulated);
  else if (manners === 'wild') await act(simulated);
  else actGently(machines, random, history);
  await simulated.group?.look();
  const passMs = random.chance(0.6) ? random.pick([5, 60, 300, 2_000, toldMs]) : 0;
  const actsBefore = history.acts.length;
  if (passMs > 0) await world.pass(passMs);
  if (history.bugs.length > 0) breaks('NoBug', history.bugs.join('\n'));
  for (const { name, untrue } of machines)
    if (untrue[0] !== undefined)
      breaks('DurableFirst', `${name} recorded, when it was not durable yet, that ${untrue[0]}`);
  await simulated.group?.check(breaks);
  checkBytes(machines, history, breaks);
  checkDeletions(machines, history, breaks);
  await checkCounts(machines, breaks);
  if (passMs === toldMs && history.acts.length === actsBefore) await checkUpToDate(simulated, breaks);
}

async function act({ world, machines, random, history, more, group }: Simulated): Promise<void> {
  if (group !== undefined && random.chance(0.4)) return group.act();
  const machine = random.pick(machines);
  if (more !== undefined && random.chance(0.25)) return askDevice({ world, machine, random, history });
  if (more !== undefined && random.chance(0.3)) actRarely(machine, random, history);
  else actAsUser(machine, random, history);
}

async function trouble(simulated: Simulated): Promise<void> {
  const { world, machines, random, history, troubles, more = [], starts } = simulated;
  const machine = random.pick(machines);
  const other = random.pick(machines);
  if (!machine.isOn() && random.chance(0.4)) {
    history.acts.push(`${machine.name}: start`);
    const starting = machine.start();
    if (starts?.chance(0.4) === true) {
      history.acts.push(`${machine.name}: killed at a call to come`);
      machine.killAtCall(1 + starts.below(80));
    }
    await attempt(world, machine, starting);
    return;
  }
  const at = { world, machine, other, machines, random, history };
  if (more.length > 0 && random.chance(0.4)) await makeMoreTrouble(random.pick(more), at);
  else if (troubles.length > 0) await makeTrouble(random.pick(troubles), at);
}

/** One round of a calm world: troubles, one user's acts on one machine, troubles, peace; then all is as that user left it. */
async function round(simulated: Simulated): Promise<void> {
  const { world, machines, random, history, breaks } = simulated;
  await peace(simulated);
  const actor = random.pick(machines.filter(({ traits }) => !isLimited(traits)));
  const others = { ...simulated, machines: machines.filter((machine) => machine !== actor) };
  for (let i = random.below(3); i > 0; i--) await trouble(others);
  const forgetful = random.pick(machines);
  if (forgetful !== actor && random.chance(0.4)) await stopAndLoseIndex(simulated, forgetful);
  for (let i = 1 + random.below(4); i > 0; i--) {
    actAsUser(actor, random, history);
    if (random.chance(0.3)) await world.pass(random.pick([5, 60, 300, 2_000]));
  }
  const wanted = JSON.stringify([...actor.tree()]);
  for (let i = random.below(4); i > 0; i--) {
    await trouble(actor.isOn() ? simulated : others);
    if (random.chance(0.6)) await world.pass(random.pick([5, 60, 300, 2_000]));
  }
  await peace(simulated);
  const tree = JSON.stringify([...actor.tree()]);
  if (tree !== wanted) breaks('NoResurrection', `${actor.name} had\n  ${wanted}\nand has\n  ${tree}`);
  if (checkSameConflicts(machines, breaks) > 0)
    breaks('NoFalseConflict', `nobody made two versions of\n${conflictsInWords(actor)}`);
}

async function stopAndLoseIndex(
  { world, machines, history }: Simulated,
  machine: WorldMachine,
): Promise<void> {
  if (machine.isOn()) await attempt(world, machine, machine.stop());
  history.acts.push(`${machine.name}: stopped, index lost`);
  loseIndex({ machine, machines, history });
}

/** Everything is on and linked; then all disks must come to show one state and stay so. */
async function peace(simulated: Simulated): Promise<void> {
  const { world, machines, history, breaks } = simulated;
  history.acts.push('peace');
  for (const machine of machines) await endTroubles(world, machine);
  if (simulated.more !== undefined) for (const machine of machines) await endMoreTroubles(machine);
  healLinks(world, machines);
  await simulated.group?.end(breaks);
  await untilPeaceful(simulated, 'Converge');
  checkBytes(machines, history, breaks);
}

async function untilPeaceful(
  { world, machines, history, breaks }: Simulated,
  promise: 'Converge' | 'Quiesce',
): Promise<void> {
  let unrest: string | undefined = 'nobody was asked';
  try {
    await world.until('one state on every disk', async () => {
      unrest = await unrestOf(machines, history);
      return unrest === undefined;
    });
  } catch (error) {
    breaks(promise, `${String(error)}: ${unrest}\n${await describe(machines)}`);
  }
  for (const { name, errors } of machines) {
    const bug = errors.find((error) => !error.includes('Killed'));
    if (bug !== undefined) breaks('NoBug', `${name}: ${bug.replaceAll('\\n', '\n    ')}`);
  }
}

/** After peace nothing moves: a minute without a write, then a restart of everything that makes no entry and changes no tree. */
async function checkQuiesce(simulated: Simulated): Promise<void> {
  const { world, machines, breaks } = simulated;
  const writesBefore = machines.map((machine) => machine.writes());
  await world.pass(60_000);
  const before = machines.map(stateOf);
  // What cannot be on a disk, or is nowhere any more, is tried again from time to time.
  const mayTryAgain = machines.some(({ traits }) => isLimited(traits)) || (await areMissing(machines));
  machines.forEach((machine, i) => {
    if (!mayTryAgain && machine.writes() !== writesBefore[i])
      breaks('Quiesce', `${machine.name} writes though all is in step`);
  });
  for (const machine of machines) {
    await world.during(machine.stop());
    await world.during(machine.start());
  }
  await untilPeaceful(simulated, 'Quiesce');
  machines.forEach((machine, i) => {
    const after = stateOf(machine);
    if (after !== before[i])
      breaks('Quiesce', `${machine.name} changed by a restart from\n${before[i]}\nto\n${after}`);
  });
}

/** Whether a device says that no other has what it needs. */
async function areMissing(machines: readonly WorldMachine[]): Promise<boolean> {
  const statuses = await Promise.all(machines.map((machine) => machine.device().api.status()));
  return statuses.some(({ folders }) =>
    folders.some(({ problems }) => problems.some(({ kind }) => kind === 'no-holder')),
  );
}

/** What a restart must not change: the last write made here, all members of paths where something lives, and the tree. Deletions may be forgotten meanwhile. */
function stateOf(machine: WorldMachine): string {
  const index = machine.index();
  const incarnation = index?.fact('incarnation') ?? '';
  const living = index
    ?.pathsUnder('', '', Number.MAX_SAFE_INTEGER)
    .map(({ path }) => index.members(path))
    .filter((members) => members.some(({ entry }) => isLiving(entry)))
    .map((members) => members.map(({ hash }) => hash));
  return JSON.stringify({
    incarnation,
    counter: index?.highestCounter(incarnation),
    living,
    tree: [...machine.tree()],
  });
}
