import { SyncError } from '../model/errors.ts';
import { ignoreFile } from '../scanner/ignore-rules.ts';
import { deviceKeyToText } from '../trust/trust.ts';
import type { History } from './history.ts';
import { type Breaks, checkBytes } from './promises.ts';
import type { SeededRandom } from './seeded-random.ts';
import { actAsUser } from './simulated-user.ts';
import { attempt, endTroubles, healLinks } from './troubles.ts';
import { newContent, save, withRoom } from './user-disk.ts';
import type { World } from './world.ts';
import type { WorldMachine } from './world-machine.ts';
import { joinDisk } from '../filesystem/filesystem.ts';

/** What happens to the group itself in a world of the kind `group:`, and to what of its folder is kept in step. */
export interface GroupActs {
  /** Lets one thing happen: somebody lets the newcomer in, removes a device, writes or takes away a rule, or works on the removed device. */
  act(): Promise<void>;
  /** Remembers what lies at ignored places, to be called when a user has acted and no time has passed since. */
  look(): Promise<void>;
  /** [IgnoredIsSafe] What lay there when {@link GroupActs.look} was called last lies there still, if the same rules still hold. */
  check(breaks: Breaks): Promise<void>;
  /** Everything is on and linked: what was begun is brought to an end, and no rule is left. */
  end(breaks: Breaks): Promise<void>;
  /** [RemovalSticks] [LossOfAccessIsNotDeletion] In peace, members and a removed device hear nothing of one another, and what lies on it stays. */
  checkRemoved(breaks: Breaks): Promise<void>;
}

interface Parts {
  readonly world: World;
  /** The members; a newcomer is added when it has the folder, a device is taken away when it is to be removed. */
  readonly machines: WorldMachine[];
  readonly random: SeededRandom;
  readonly history: History;
  readonly folderId: string;
}

const patterns = ['a', 'b/', 'é', '/a/a', 'nul*', 'A/'];
/** LIMIT: virtual milliseconds in which two devices that are linked have told each other whatever they would. */
const heardMs = 60_000;
/** LIMIT: tries in peace until something that must work does. */
const tries = 20;

/** Draws from `random` who will come and who will go; neither need happen. */
export function createGroupActs({ world, machines, random, history, folderId }: Parts): GroupActs {
  const newcomer = random.chance(0.6) ? world.machine('newcomer') : undefined;
  const doomed = random.chance(0.6) ? (machines.at(-1) as WorldMachine) : undefined;
  let hasBegun = false;
  let isGone = false;
  let ignored: ReadonlyMap<WorldMachine, Ignored> = new Map();

  const note = (machine: WorldMachine, what: string): void =>
    void history.acts.push(`${machine.name}: ${what}`);
  const someMember = (): WorldMachine | undefined => {
    const fit = machines.filter((machine) => machine.isOn() && machine !== doomed && machine !== newcomer);
    return fit.length === 0 ? undefined : random.pick(fit);
  };

  /** Brings the newcomer one step further; what is refused is tried again later. */
  const letIn = async (machine: WorldMachine, sponsor: WorldMachine): Promise<void> => {
    if (machines.includes(machine)) return;
    if (!machine.isOn()) await attempt(world, machine, machine.start());
    if (!machine.isOn()) return;
    const { api } = machine.device();
    if ((await api.deviceList()).length < 2) {
      note(sponsor, 'lets the newcomer in');
      await attempt(world, machine, pair(sponsor, machine));
      await world.pass(random.pick([5, 300, 2_000]));
    }
    if (!machine.isOn() || (await machine.device().api.folderList()).length === 0) return;
    note(machine, 'takes the folder');
    await attempt(world, machine, machine.device().api.folderJoin({ folder: folderId, path: machine.root }));
    if (machine.index() !== undefined) machines.push(machine);
  };

  const remove = async (machine: WorldMachine, remover: WorldMachine): Promise<void> => {
    if (machines.includes(machine)) machines.splice(machines.indexOf(machine), 1);
    isGone = true;
    for (const content of history.completed.keys())
      if (history.moved.has(content) || content.includes(` by ${machine.name} `))
        history.outside.add(content);
    note(remover, `removes ${machine.name}`);
    const devices = [deviceKeyToText(machine.key())];
    await attempt(world, remover, remover.device().api.deviceRemove({ devices, withAdded: true }));
  };

  const editRules = async (machine: WorldMachine): Promise<void> => {
    const { api } = machine.device();
    if ((await api.folderList()).every(({ path }) => path === null)) return;
    const pattern = random.pick(patterns);
    const adds = random.chance(0.6);
    note(machine, `${adds ? 'ignores' : 'ignores no more'} ${pattern}`);
    const asked = { folder: folderId, pattern };
    await attempt(world, machine, adds ? api.ignoreAdd(asked) : api.ignoreRemove(asked));
  };

  /** What a removed device's user does is asked of nobody: it is nobody's but theirs. */
  const workOnRemoved = async (machine: WorldMachine): Promise<void> => {
    if (!machine.isOn() && random.chance(0.5)) return attempt(world, machine, machine.start());
    const before = new Set(history.completed.keys());
    actAsUser(machine, random, history);
    for (const content of history.completed.keys()) if (!before.has(content)) history.outside.add(content);
  };

  const removeRules = async (machine: WorldMachine): Promise<boolean> => {
    const { api } = machine.device();
    const rules = await api.ignoreList({ folder: folderId }).catch(asRefusal);
    for (const { pattern } of rules ?? [])
      await attempt(world, machine, api.ignoreRemove({ folder: folderId, pattern }));
    return rules?.length === 0;
  };

  return {
    async act() {
      const member = someMember();
      if (member === undefined) return;
      const roll = random.below(10);
      if (roll < 4) return editRules(member);
      if (isGone && roll < 7) return workOnRemoved(doomed as WorldMachine);
      if (roll < 8 && newcomer !== undefined) {
        hasBegun = true;
        return letIn(newcomer, member);
      }
      if (doomed !== undefined && !isGone && machines.length > 1 && random.chance(0.5))
        return remove(doomed, member);
    },
    async look() {
      const found = new Map<WorldMachine, Ignored>();
      for (const machine of machines) {
        const seen = machine.isOn() && machine.isPlugged() ? await ignoredOn(machine) : undefined;
        if (seen !== undefined) found.set(machine, seen);
      }
      ignored = found;
    },
    async check(breaks) {
      for (const [machine, before] of ignored) {
        if (!machine.isPlugged() || rulesOn(machine) !== before.rules) continue;
        const tree = machine.tree();
        for (const [path, what] of before.things)
          if (tree.get(path) !== what)
            breaks(
              'IgnoredIsSafe',
              `${machine.name} had at ${path}, which is ignored, ${what}, and has ${tree.get(path) ?? 'nothing'}`,
            );
      }
      ignored = new Map();
    },
    async end(breaks) {
      if (isGone) {
        const gone = doomed as WorldMachine;
        await endTroubles(world, gone);
        healLinks(world, [...machines, gone]);
        await until(breaks, 'nobody can remove it', async () => {
          const [remover] = machines.filter((machine) => machine !== newcomer);
          if (remover === undefined || (await hasRemoved(remover, gone))) return true;
          await remove(gone, remover);
          return false;
        });
      }
      if (hasBegun)
        await until(breaks, 'the newcomer cannot come in', async () => {
          const [sponsor] = machines.filter((machine) => machine !== doomed && machine !== newcomer);
          if (sponsor === undefined) return true;
          await letIn(newcomer as WorldMachine, sponsor);
          return machines.includes(newcomer as WorldMachine);
        });
      await until(breaks, 'rules do not go', async () => {
        let areGone = true;
        for (const machine of machines) areGone = (await removeRules(machine)) && areGone;
        return areGone;
      });
    },
    async checkRemoved(breaks) {
      if (!isGone) return;
      const gone = doomed as WorldMachine;
      await world.until('all have heard', async () => {
        const heard = await Promise.all(machines.map((machine) => hasRemoved(machine, gone)));
        return heard.every(Boolean);
      });
      // What the removed one was about to do it may still do.
      await world.pass(heardMs);
      const before = JSON.stringify([...gone.tree()]);
      const [member] = machines as [WorldMachine, ...WorldMachine[]];
      const secret = newContent(history, random, member.name);
      const slipped = newContent(history, random, `${gone.name}, removed`);
      withRoom(member, () => save(member, joinDisk(member.root, 'secret'), secret, history, true));
      history.completed.set(secret, 'secret');
      await world.pass(heardMs);
      if (JSON.stringify([...gone.tree()]) !== before)
        breaks(
          'LossOfAccessIsNotDeletion',
          `${gone.name} had\n  ${before}\nand has\n  ${JSON.stringify([...gone.tree()])}`,
        );
      withRoom(gone, () => save(gone, joinDisk(gone.root, 'slipped'), slipped, history, true));
      history.completed.set(slipped, 'slipped');
      history.outside.add(slipped);
      await world.pass(heardMs);
      for (const machine of machines)
        if (machine.read('slipped') === slipped)
          breaks('RemovalSticks', `${machine.name} has what ${gone.name} wrote after it was removed`);
      checkBytes([gone], history, breaks);
    },
  };

  async function until(breaks: Breaks, what: string, isDone: () => Promise<boolean>): Promise<void> {
    for (let i = 0; i < tries; i++) {
      if (await isDone()) return;
      await world.pass(2_000);
    }
    breaks('Converge', what);
  }
}

/** What lies at ignored places of a machine, by path, and the rules by which it is so. */
interface Ignored {
  readonly rules: string | undefined;
  readonly things: ReadonlyMap<string, string>;
}

/** Undefined if there are no rules, or the device has not read them yet. */
async function ignoredOn(machine: WorldMachine): Promise<Ignored | undefined> {
  const rules = rulesOn(machine);
  if (rules === undefined) return undefined;
  const { api } = machine.device();
  const things = new Map<string, string>();
  try {
    for (const [path, what] of machine.tree())
      if ((await api.ignoreTest({ path: `${machine.root}/${path}` })).ignored) things.set(path, what);
  } catch (error) {
    // It may have been this very look at which it was to be killed.
    if (machine.isOn()) asRefusal(error);
    return undefined;
  }
  return { rules, things };
}

function asRefusal(error: unknown): undefined {
  if (!(error instanceof SyncError)) throw error;
}

/** The rules as they lie on the disk; undefined if there are none. */
export function rulesOn(machine: WorldMachine): string | undefined {
  const text = machine.read(ignoreFile);
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** Lets a machine's device in by an invitation of the sponsor's. */
export async function pair(sponsor: WorldMachine, machine: WorldMachine): Promise<void> {
  const { invitation } = await sponsor.device().api.deviceInvite({ admit: 'any', recovery: false });
  await machine.device().api.deviceJoin({ invitation });
}

async function hasRemoved(machine: WorldMachine, gone: WorldMachine): Promise<boolean> {
  const key = deviceKeyToText(gone.key());
  return (await machine.device().api.deviceList()).some(
    (each) => each.key === key && each.state === 'revoked',
  );
}
