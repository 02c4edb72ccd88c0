import type { FolderIndex } from '../file-index/file-index.ts';
import { ancestorsOf, type RelativePath } from '../model/path.ts';
import { contentHash } from './content-hash.ts';
import { difference, isLimited, shows } from './promises.ts';
import type { History } from './history.ts';
import type { WorldMachine } from './world-machine.ts';

/** What is not at rest yet, in words. */
export async function unrestOf(
  machines: readonly WorldMachine[],
  history: History,
): Promise<string | undefined> {
  // The cheapest first: this is asked at every moment of a peace.
  if (new Set(machines.map((machine) => machine.index()?.stateRoot())).size > 1) return 'the states differ';
  const missing = new Set<string>();
  const someLimited = machines.some(({ traits }) => isLimited(traits));
  for (const machine of machines) {
    const [folder] = (await machine.device().api.status()).folders;
    const index = machine.index();
    if (folder === undefined || index === undefined) return `${machine.name} has no folder`;
    if (['scanning', 'error', 'paused'].includes(folder.state)) return `${machine.name} is ${folder.state}`;
    if (folder.pendingLocal > 0) return `${machine.name} has ${folder.pendingLocal} changes to tell`;
    // Only a lost index, a request to bring back what is nowhere any more, a change carried after a moved file, or the removal of the one device that
    // had it can leave the group wanting what nobody has; then everybody says so.
    const mayMissAny = history.hasLostIndex || history.putAway.size > 0;
    const mayMiss = (path: string): boolean =>
      !isAnywhere(machines, index, path) && (mayMissAny || isGone(history, index, path));
    const excused = folder.problems.filter(
      ({ kind, path }) => (kind === 'no-holder' && mayMiss(path)) || (someLimited && cannotBeHere.has(kind)),
    );
    for (const { path, kind } of excused) if (kind === 'no-holder') missing.add(path);
    const told = new Set<string>(excused.map(({ path }) => path));
    const untold = index
      .pending(undefined, 1_000)
      .find(({ path }) => ![path, ...ancestorsOf(path)].some((above) => told.has(above)));
    if (untold !== undefined) return `${machine.name} needs ${untold.path}`;
    if (missing.size > 0 || someLimited) continue;
    const isRight = folder.state === 'up-to-date' || (folder.state === 'attention' && folder.conflicts > 0);
    if (!isRight) return `${machine.name} is ${folder.state} with ${JSON.stringify(folder.problems)}`;
    const hasAll =
      folder.holders.length === machines.length - 1 && folder.holders.every(({ inStep }) => inStep);
    if (!hasAll) return `${machine.name} knows of others ${JSON.stringify(folder.holders)}`;
  }
  for (const machine of machines) {
    const found = difference(machine, missing);
    if (found !== undefined) return `${machine.name}: ${found}`;
  }
  return undefined;
}

function isAnywhere(machines: readonly WorldMachine[], index: FolderIndex, path: string): boolean {
  const content = index.view(path as RelativePath)?.content;
  return content?.kind !== 'file' || machines.some((machine) => shows(machine, content.content));
}

/** Whether a user deleted or replaced what is wanted at a path, knowing it, or it may have been on a removed device alone. */
function isGone({ givenUp, outside }: History, index: FolderIndex, path: string): boolean {
  const content = index.view(path as RelativePath)?.content;
  if (content?.kind !== 'file') return false;
  return [...givenUp, ...outside].some((text) => contentHash(text) === content.content);
}

const cannotBeHere: ReadonlySet<string> = new Set([
  'name-clash',
  'name-not-allowed',
  'kind-not-supported',
  'lingering',
]);

/** Where every machine stands, for a person who looks into a failure. */
export async function describe(machines: readonly WorldMachine[]): Promise<string> {
  const lines: string[] = [];
  for (const machine of machines) {
    lines.push(
      `${machine.name} ${JSON.stringify([...machine.tree()].map(([path, what]) => [path, what.slice(0, 60)]))}`,
    );
    if (!machine.isOn()) continue;
    const [folder] = (await machine.device().api.status()).folders;
    lines.push(`  ${JSON.stringify(folder)}`);
    const index = machine.index();
    for (const { path } of index?.pending(undefined, 100) ?? []) {
      const base = index?.base(path);
      lines.push(
        `  pending ${path}: wants ${index?.view(path)?.content?.kind}, has ${base?.status} ${base?.observed?.kind}`,
      );
    }
    lines.push(
      ...machine.errors
        .filter((error) => !error.includes('Killed'))
        .map((error) => `  ${error.replaceAll('\\n', '\n    ')}`),
    );
  }
  return lines.join('\n');
}
