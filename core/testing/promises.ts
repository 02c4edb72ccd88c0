import type { FolderIndex, ViewRow } from '../file-index/file-index.ts';
import { checkName, foldName } from '../filesystem/filesystem.ts';
import { isExecutable } from '../model/disk.ts';
import type { Hash, HashPrefix } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import { prefixOfContent, viewOf } from '../reconcile/reconcile.ts';
import { ignoreFile } from '../scanner/ignore-rules.ts';
import { contentHash } from './content-hash.ts';
import type { History } from './history.ts';
import type { DiskTraits, WorldMachine } from './world-machine.ts';
import { textAt, textsBelow, thingsIn, type DiskThing } from './world-tree.ts';

/** What a world may break. */
export type Promised =
  | 'NoLostWrite'
  | 'NoUnaskedDeletion'
  | 'NoInventedBytes'
  | 'Converge'
  | 'SameConflicts'
  | 'NoFalseConflict'
  | 'NoResurrection'
  | 'Quiesce'
  | 'StatusIsTrue'
  | 'DurableFirst'
  | 'IgnoredIsSafe'
  | 'RemovalSticks'
  | 'LossOfAccessIsNotDeletion'
  | 'NoBug';

/** A promise that a world broke. `promise` is its name; the message has the seed and what was done. */
export class BrokenPromise extends Error {
  override name = 'BrokenPromise';
  readonly promise: Promised;
  constructor(promise: Promised, seed: string, detail: string, history: History) {
    super(`${promise} broken in world ${seed}: ${detail}\n  ${history.acts.join('\n  ')}`);
    this.promise = promise;
  }
}

/** Breaks a promise of the world under test; never returns. */
export type Breaks = (promise: Promised, detail: string) => never;

/** Whether this disk cannot show every folder: names that clash or are not allowed, or links, stay away from it. */
export function isLimited({ caseInsensitive, nameRules, symlinks }: DiskTraits): boolean {
  return caseInsensitive === true || nameRules === 'windows' || symlinks === false;
}

/** Every file on every disk has bytes that some user completed: none is a mixture, cut short, or of zeros. */
export function checkBytes(machines: readonly WorldMachine[], history: History, breaks: Breaks): void {
  for (const machine of machines) {
    if (!machine.isPlugged()) continue;
    for (const { path, place, observed } of thingsIn(machine.disk, machine.root)) {
      if (observed.kind !== 'file' || path.startsWith(ignoreFile)) continue;
      const text = textAt(machine.disk, place);
      if (text === '' ? history.hasEmpty : history.completed.has(text)) continue;
      breaks(
        'NoInventedBytes',
        `${machine.name} shows ${JSON.stringify(text.slice(0, 60))} (${text.length}) at ${path}`,
      );
    }
  }
}

/** Every completed content that no user replaced or deleted knowingly still exists, and is in the folder or listed as a conflict. */
export function checkNoLostWrite(machines: readonly WorldMachine[], history: History, breaks: Breaks): void {
  const kept = new Set(machines.flatMap(({ disk, root }) => textsBelow(disk, root)));
  const [first] = machines;
  const index = first?.index();
  const living = index === undefined ? new Set<Hash>() : livingContents(index);
  for (const [content, path] of history.completed) {
    if (history.givenUp.has(content) || (history.putAway.has(content) && history.mayForget)) continue;
    if (history.careless.has(content) && !living.has(contentHash(content))) continue;
    const what = `“${content.slice(0, 40)}” (${content.length} B) written at ${path}`;
    if (!kept.has(content)) breaks('NoLostWrite', `${what} is nowhere`);
    if (history.putAway.has(content) || history.outside.has(content)) continue;
    if (!living.has(contentHash(content))) breaks('NoUnaskedDeletion', `${what} is no member of any path`);
  }
}

/** The state of each index when it was last looked through for deletions: what is precious only becomes less, so it need not be again. */
const lookedThrough = new WeakMap<FolderIndex, Hash>();

/** No device ever tells of the deletion of a content that no user deleted, replaced or moved. */
export function checkDeletions(machines: readonly WorldMachine[], history: History, breaks: Breaks): void {
  const precious = new Map<HashPrefix, { readonly path: string; readonly content: Hash }>();
  for (const [content, path] of history.completed) {
    if ([history.givenUp, history.moved, history.putAway].some((set) => set.has(content))) continue;
    const prefix = prefixOfContent({
      kind: 'file',
      content: contentHash(content),
      sizeBytes: content.length,
    });
    precious.set(prefix, { path, content: contentHash(content) });
  }
  /** A change carried after a moved file ends where it was made. */
  const wasCarried = (content: Hash): boolean =>
    machines.some((machine) => {
      const index = machine.index();
      return index !== undefined && livingContents(index).has(content);
    });
  for (const machine of machines) {
    const index = machine.index();
    if (index === undefined || lookedThrough.get(index) === index.state.root()) continue;
    lookedThrough.set(index, index.state.root());
    for (const path of allPaths(index)) {
      for (const { entry } of index.members(path)) {
        const written =
          entry.kind === 'tombstone' && entry.from[0] !== undefined ? precious.get(entry.from[0]) : undefined;
        if (written !== undefined && !wasCarried(written.content))
          breaks(
            'NoUnaskedDeletion',
            `${machine.name} knows of a deletion at ${path} of what was written at ${written.path}`,
          );
      }
    }
  }
}

function livingContents(index: FolderIndex): ReadonlySet<Hash> {
  const contents = new Set<Hash>();
  for (const path of allPaths(index)) {
    for (const { entry } of index.members(path)) if (entry.kind === 'file') contents.add(entry.file.content);
  }
  return contents;
}

/** Files that live in the index of this machine and of no other: whoever loses it loses them, but for their bytes. */
export function knownOnlyTo(machine: WorldMachine, machines: readonly WorldMachine[]): ReadonlySet<Hash> {
  const livingAt = (at: WorldMachine): ReadonlySet<Hash> => {
    const index = at.index();
    return index === undefined ? new Set() : livingContents(index);
  };
  const others = machines.filter((other) => other !== machine).map(livingAt);
  return new Set([...livingAt(machine)].filter((content) => !others.some((known) => known.has(content))));
}

function allPaths(index: FolderIndex): readonly RelativePath[] {
  return index.pathsUnder('', '', Number.MAX_SAFE_INTEGER).map(({ path }) => path);
}

/** All devices hold the same state, show the same of it, and list the same conflicts; returns how many versions stand beside winners. */
export function checkSameConflicts(machines: readonly WorldMachine[], breaks: Breaks): number {
  const lists = machines.map((machine) => JSON.stringify(conflictsOf(machine)));
  if (new Set(lists).size > 1) breaks('SameConflicts', lists.join('\n'));
  for (const machine of machines) {
    const index = machine.index();
    if (index === undefined) continue;
    for (const path of allPaths(index)) {
      const fresh = viewOf(index.members(path), index.hasLivingBelow(path));
      const row = index.view(path);
      if (fresh.winner?.hash !== row?.winner || fresh.conflicts.length !== (row?.conflicts ?? 0)) {
        breaks('SameConflicts', `${machine.name} shows an old view of ${path}`);
      }
    }
  }
  return conflictsOf(machines[0] as WorldMachine).reduce((sum, { others }) => sum + others, 0);
}

function conflictsOf(
  machine: WorldMachine,
): { readonly path: string; readonly winner: string | undefined; readonly others: number }[] {
  const rows = machine.index()?.conflicts(undefined, Number.MAX_SAFE_INTEGER) ?? [];
  return rows.map(({ path, winner, conflicts }) => ({ path, winner, others: conflicts }));
}

/** The versions that stand beside one another on a machine, for a person who looks into a failure. */
export function conflictsInWords(machine: WorldMachine): string {
  const index = machine.index();
  const lines = conflictsOf(machine).flatMap(({ path }) => [
    path,
    ...(index?.members(path as RelativePath) ?? []).map(({ entry, author }) => {
      const what = entry.kind === 'file' ? entry.file.content.slice(0, 16) : entry.kind;
      const { dot, past, from, found, changedAt } = entry;
      const pastText = JSON.stringify(past);
      return `  ${what} by ${author.slice(0, 8)} ${JSON.stringify(dot)} past ${pastText} from ${from.join(' ')} at ${changedAt}${found ? ' found' : ''}`;
    }),
  ]);
  return lines.join('\n');
}

/** How a machine's disk differs from what its state wants, in words; undefined if it shows all of it, as well as it can. `missing` need not be there. */
export function difference(machine: WorldMachine, missing: ReadonlySet<string>): string | undefined {
  const index = machine.index();
  if (index === undefined) return 'it has no index';
  const wanted = wantedRows(index);
  const things = new Map(
    thingsIn(machine.disk, machine.root).map((thing) => [thing.path.normalize('NFC'), thing]),
  );
  for (const [path, thing] of things) {
    const row = wanted.get(path);
    if (row === undefined) return `${path} is there and should not be`;
    const cannotBeLink = machine.traits.symlinks === false && row.content?.kind === 'symlink';
    if (cannotBeLink || missing.has(path)) {
      if (isMemberAt(machine, index, row, thing)) continue;
      return `${path} cannot be what it should be, and is nothing the folder knows of`;
    }
    const fault = compareThing(machine, index, row, thing);
    if (fault !== undefined) return `${path} ${fault}`;
  }
  const slots = new Set(
    [...things.keys()].map((path) => foldName(path, { caseInsensitive: true, normalises: true })),
  );
  for (const [path, row] of wanted) {
    if (things.has(path) || missing.has(path)) continue;
    if (!mayLack(machine.traits, path, row, slots, wanted)) return `${path} is not there`;
  }
  return undefined;
}

/**
 * Whether what is there is a version of the path, or what the device last knew there: a disk without links goes on showing what a link should
 * replace, and one that waits for bytes what they should.
 */
function isMemberAt(
  { disk }: WorldMachine,
  index: FolderIndex,
  { path }: ViewRow,
  { place, observed }: DiskThing,
): boolean {
  const content = observed.kind === 'file' ? contentHash(textAt(disk, place)) : undefined;
  const known = index.base(path)?.content;
  if (known?.kind === observed.kind && (known.kind !== 'file' || known.content === content)) return true;
  return index
    .members(path)
    .some(
      ({ entry }) =>
        entry.kind === observed.kind && (entry.kind !== 'file' || entry.file.content === content),
    );
}

/** Whether a file in this machine's folder has this content. */
export function shows(machine: WorldMachine, content: Hash): boolean {
  return thingsIn(machine.disk, machine.root).some(
    ({ place, observed }) => observed.kind === 'file' && contentHash(textAt(machine.disk, place)) === content,
  );
}

function wantedRows(
  index: FolderIndex,
  directory?: RelativePath,
  rows = new Map<string, ViewRow>(),
): Map<string, ViewRow> {
  for (const row of index.viewChildren(directory)) {
    rows.set(row.path, row);
    if (row.content?.kind === 'directory') wantedRows(index, row.path, rows);
  }
  return rows;
}

function compareThing(
  { disk, traits }: WorldMachine,
  index: FolderIndex,
  row: ViewRow,
  { place, observed }: DiskThing,
): string | undefined {
  const { content } = row;
  if (content?.kind !== observed.kind) return `is a ${observed.kind} and should be a ${content?.kind}`;
  if (content.kind === 'symlink') {
    return (disk.readLink(place) as { target?: string }).target === content.target
      ? undefined
      : 'links elsewhere';
  }
  if (content.kind !== 'file') return undefined;
  const text = textAt(disk, place);
  if (contentHash(text) !== content.content) return `has the content ${JSON.stringify(text.slice(0, 40))}`;
  const entry = row.winner === undefined ? undefined : index.entry(row.winner)?.member.entry;
  if (entry?.kind !== 'file') return 'has no winner';
  const { executable, modifiedAtNs } = entry.file;
  if (traits.modes !== false && isExecutable(observed.mode) !== executable) return 'has another mode';
  const grain = traits.timeGranularityNs ?? 1n;
  const wantedNs = modifiedAtNs - (((modifiedAtNs % grain) + grain) % grain);
  return observed.modifiedAtNs === wantedNs ? undefined : 'has another time';
}

/** Whether something in the path, from the top down, cannot be on this disk, or not beside what is. */
function mayLack(
  traits: DiskTraits,
  path: string,
  row: ViewRow,
  slots: ReadonlySet<string>,
  wanted: ReadonlyMap<string, ViewRow>,
): boolean {
  if (traits.symlinks === false && row.content?.kind === 'symlink') return true;
  const components = path.split('/');
  return components.some((name, i) => {
    if (checkName(name, traits.nameRules ?? 'posix') !== undefined) return true;
    if (traits.caseInsensitive !== true) return false;
    const above = components.slice(0, i + 1).join('/');
    const slot = foldName(above, { caseInsensitive: true, normalises: true });
    const isShared = [...wanted.keys()].some(
      (other) => other !== above && foldName(other, { caseInsensitive: true, normalises: true }) === slot,
    );
    return isShared && slots.has(slot);
  });
}
