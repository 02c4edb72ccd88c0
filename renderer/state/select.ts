import type {
  DeviceListing,
  EngineState,
  PathProblem,
  Picture,
  PictureFolder,
} from '../../app/ipc/contract.ts';
import type { ViewState } from './view-state.ts';

/** What a folder's row says, apart from its words. */
export type FolderSummary =
  | { readonly kind: 'alone' }
  | { readonly kind: 'in-step'; readonly with: readonly string[] }
  | { readonly kind: 'scanning' }
  | {
      readonly kind: 'receiving';
      readonly files: number;
      readonly bytes: number;
      readonly etaS: number | undefined;
    }
  | { readonly kind: 'sending'; readonly changes: number }
  | { readonly kind: 'others-behind'; readonly behind: readonly string[] }
  | { readonly kind: 'others-differ'; readonly differing: readonly string[] }
  | { readonly kind: 'paused' }
  | { readonly kind: 'needs-you'; readonly things: number }
  | { readonly kind: 'stopped'; readonly problem: PathProblem | undefined };

/** The summary of a folder: the first thing that keeps it from being in step, or who it is in step with. */
export function summariseFolder(folder: PictureFolder, nameOf: (key: string) => string): FolderSummary {
  const { state, needFiles, needBytes, pendingLocal, holders, problems, moreProblems, conflicts } = folder;
  switch (state) {
    case 'paused':
      return { kind: 'paused' };
    case 'scanning':
      return { kind: 'scanning' };
    case 'error':
      return { kind: 'stopped', problem: problems[0] };
    case 'attention':
      return { kind: 'needs-you', things: problems.length + moreProblems + conflicts };
    case 'syncing': {
      if (needFiles > 0)
        return { kind: 'receiving', files: needFiles, bytes: needBytes, etaS: folder.etaS ?? undefined };
      if (pendingLocal > 0) return { kind: 'sending', changes: pendingLocal };
      const behind = holders.filter(({ inStep }) => !inStep);
      const names = behind.map(({ key }) => nameOf(key));
      return behind.length > 0 && behind.every(({ differs }) => differs)
        ? { kind: 'others-differ', differing: names }
        : { kind: 'others-behind', behind: names };
    }
    case 'up-to-date':
      return holders.length === 0
        ? { kind: 'alone' }
        : { kind: 'in-step', with: holders.map(({ key }) => nameOf(key)) };
  }
}

/** On how many connected devices all of a folder lies, this one included; undefined where versions in conflict lie on one of them each, or this one lacks something. */
export function safeCopies({ holders, conflicts, needFiles }: PictureFolder): number | undefined {
  if (conflicts > 0 || needFiles > 0) return undefined;
  return 1 + holders.filter(({ inStep, part }) => inStep && !part).length;
}

/** How far a folder has come since it was last complete, 0 to 1; undefined when nothing is to come. */
export function folderProgress(
  folder: PictureFolder,
  mostNeeded: ViewState['mostNeeded'],
): number | undefined {
  const most = mostNeeded[folder.id];
  if (folder.state !== 'syncing' || most === undefined || folder.needBytes <= 0) return undefined;
  return Math.min(1, Math.max(0, 1 - folder.needBytes / most));
}

/** Names by key; an unknown key is its own name. */
export function deviceNames({ devices }: Picture): (key: string) => string {
  const names = new Map(devices.map(({ key, name }) => [key, name]));
  return (key) => names.get(key) ?? key.slice(0, 7);
}

/** Names of the folders held here, by id. */
export function folderNames({ folders }: Picture): (id: string) => string {
  const names = new Map(folders.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id.slice(0, 7);
}

/** How many conflicts are open. */
export function conflictsIn({ folders }: Picture): number {
  return folders.reduce((sum, { conflicts }) => sum + conflicts, 0);
}

/** The last name of a path, and the directories that lead to it. */
export function splitPath(path: string): { readonly name: string; readonly directory: readonly string[] } {
  const names = path.split('/');
  return { name: names.at(-1) ?? '', directory: names.slice(0, -1) };
}

/** A name before and after its last dot, the dot going with the ending. */
export function splitName(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? { stem: name, extension: '' } : { stem: name.slice(0, dot), extension: name.slice(dot) };
}

/** Names the last thing that happened at, below or above a path of a folder, as far as the picture remembers; empty where nothing did. */
export function lastAt({ recent }: Picture, folderId: string, path: string): string {
  const isNear = (other: string): boolean =>
    other === path ||
    path === '' ||
    other === '' ||
    other.startsWith(`${path}/`) ||
    path.startsWith(`${other}/`);
  return recent.find((item) => item.folderId === folderId && isNear(item.path))?.id ?? '';
}

/** How the window's port names a path in a folder. */
export function placeOf(folderId: string, path: string): string {
  return `${folderId}:${path}`;
}

/** Whether the engine waits for an answer to where a new device keeps its key. */
export function asksForKeyPlace(engine: EngineState): boolean {
  return (
    engine.kind === 'refused' &&
    engine.error.code === 'person-needed' &&
    engine.error.facts.what === 'key-place'
  );
}

/** The devices of the window, sorted out: this one, those that ask to join, the other members, and those that are out. */
export function sortDevices(devices: readonly DeviceListing[]): {
  readonly self: DeviceListing | undefined;
  readonly asking: readonly DeviceListing[];
  readonly members: readonly DeviceListing[];
  readonly removed: readonly DeviceListing[];
} {
  const byName = (a: DeviceListing, b: DeviceListing): number =>
    a.name.localeCompare(b.name) || (a.key < b.key ? -1 : 1);
  return {
    self: devices.find(({ state }) => state === 'self'),
    asking: devices.filter(({ state }) => state === 'pending').toSorted(byName),
    members: devices.filter(({ state }) => state === 'connected' || state === 'offline').toSorted(byName),
    removed: devices.filter(({ state }) => state === 'suspended' || state === 'revoked').toSorted(byName),
  };
}
