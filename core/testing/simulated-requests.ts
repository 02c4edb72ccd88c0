import { SyncError } from '../model/errors.ts';
import { isBelow, type RelativePath } from '../model/path.ts';
import { contentHash } from './content-hash.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { History } from './history.ts';
import { attempt } from './troubles.ts';
import type { World } from './world.ts';
import type { WorldMachine } from './world-machine.ts';

/** Somebody who uses the device itself, not the disk. */
export interface Requester {
  readonly world: World;
  readonly machine: WorldMachine;
  readonly random: SeededRandom;
  readonly history: History;
}

const paths = ['a', 'b', 'A', 'é', 'a/a', 'b/a', 'nul.txt'];

/** Lets a user resolve a conflict, restore a version or the past, or undo something, at random; what is refused is refused. */
export async function askDevice({ world, machine, random, history }: Requester): Promise<void> {
  if (!machine.isOn()) return;
  const { api } = machine.device();
  const [folder] = (await api.status()).folders;
  if (folder === undefined) return;
  const request = await someRequest({
    machine,
    random,
    history,
    folderId: folder.id,
    now: world.clock.now(),
  });
  if (request === undefined) return;
  history.acts.push(`${machine.name}: ${request.says}`);
  putAway(machine, history, request.path);
  await attempt(world, machine, watchedFor(history, request.says, request.run()));
  putAway(machine, history, request.path);
}

interface Request {
  readonly says: string;
  /** What it may change; undefined is everything. */
  readonly path: RelativePath | undefined;
  readonly run: () => Promise<unknown>;
}

interface Asked {
  readonly machine: WorldMachine;
  readonly random: SeededRandom;
  readonly history: History;
  readonly folderId: string;
  readonly now: number;
}

async function someRequest({ machine, random, folderId, now }: Asked): Promise<Request | undefined> {
  const { api } = machine.device();
  const roll = random.below(8);
  if (roll < 4) {
    const conflicts = await api.conflictList({});
    if (conflicts.length === 0) return undefined;
    const { id, path, versions } = random.pick(conflicts);
    const keep = random.chance(0.3) ? {} : { keep: random.pick(versions).version };
    const run = (): Promise<unknown> => api.conflictResolve({ id, ...keep });
    return { says: `resolve ${path} by ${keep.keep ?? 'both'}`, path: path as RelativePath, run };
  }
  if (roll === 4) {
    const at = new Date(now - random.below(60_000)).toISOString();
    return {
      says: `restore all as of ${at}`,
      path: undefined,
      run: () => api.restore({ path: `${folderId}:`, at }),
    };
  }
  if (roll === 5) {
    const items = (await api.activity({ limit: 20 })).filter(({ undoable }) => undoable);
    if (items.length === 0) return undefined;
    const { id, kind, path } = random.pick(items);
    return { says: `undo ${kind} ${path}`, path: undefined, run: () => api.undo({ id }) };
  }
  const path = random.pick(paths);
  return {
    says: `restore a version of ${path}`,
    path: path as RelativePath,
    async run() {
      const versions = await api.history({ path: `${folderId}:${path}` });
      if (versions.length === 0) return;
      await api.restore({ path: `${folderId}:${path}`, version: random.pick(versions).version });
    },
  };
}

/** A refusal is an answer; anything else is a fault of the device. */
async function watchedFor(history: History, says: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const isRefusal = error instanceof SyncError && error.code !== 'internal';
    const isEnded = error instanceof Error && (error.name === 'Killed' || error.name === 'AbortError');
    if (isRefusal || isEnded) return;
    history.bugs.push(`${says}: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

/** What this device knows to live where it was asked to change something may be put away by it. */
function putAway(machine: WorldMachine, history: History, at: RelativePath | undefined): void {
  const index = machine.index();
  if (index === undefined) return;
  const known = new Set<string>();
  for (const { path } of index.pathsUnder('', '', Number.MAX_SAFE_INTEGER)) {
    if (at !== undefined && path !== at && !isBelow(path, at)) continue;
    for (const { entry } of index.members(path)) if (entry.kind === 'file') known.add(entry.file.content);
  }
  for (const content of history.completed.keys())
    if (known.has(contentHash(content))) history.putAway.add(content);
}
