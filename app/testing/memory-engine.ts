import type { EngineApi, EngineEvent, FolderListing } from '../../core/engine/engine.ts';
import { SyncError } from '../../core/model/errors.ts';
import { inStepFacts, noLimits } from './picture-of.ts';

/** A device without disk or network that keeps to the engine's interface, for tests of those who ask it. */
export interface MemoryEngine {
  readonly api: EngineApi;
  /** What was asked, in order, as `method`. */
  readonly asked: string[];
  emit(event: EngineEvent): void;
  /** How many `wait`s wait. */
  waiting(): number;
  /** Lets every `wait` go. */
  reachStep(): void;
  /** From now on listing folders meets a bug. */
  breakDown(): void;
}

/** An engine with one folder, `Work`, whose `wait` ends by `reachStep` or by its signal. */
export function createMemoryEngine(): MemoryEngine {
  const asked: string[] = [];
  const listeners = new Set<(event: EngineEvent) => void>();
  const waits = new Set<() => void>();
  let isBroken = false;
  const work: FolderListing = {
    id: '0'.repeat(32),
    name: 'Work',
    path: '/w',
    state: 'up-to-date',
    mode: 'both',
    mayChange: true,
    readers: [],
    massChange: { share: 0.25, count: 100 },
    offeredBy: [],
  };
  const find = (folder: string): FolderListing => {
    if (folder === work.id || folder === work.name) return work;
    throw new SyncError('not-found', { what: 'folder', text: folder });
  };
  const said = <T>(method: string, answer: () => T): Promise<T> => {
    asked.push(method);
    return new Promise((resolve) => resolve(answer()));
  };
  const nothing = (): Record<string, never> => ({});
  const identity = { deviceKey: 'KEY', words: 'one two', name: 'memory', keyStorage: 'plain' as const };
  const joined = { deviceKey: 'KEY', group: 'g' };
  const api: EngineApi = {
    id: () => said('id', () => identity),
    status: () =>
      said('status', () => ({
        ...identity,
        state: 'idle',
        sentence: 'Up to date with 0 devices.',
        facts: { ...inStepFacts, folders: 0, members: 0, connected: 0, holding: 0 },
        peers: [],
        folders: [],
        pausedUntil: null,
        pausedBy: null,
        limits: noLimits.now,
        questions: 0,
        incomplete: [],
        totals: { sentBytes: 0, receivedBytes: 0 },
      })),
    wait(options) {
      const { signal } = options as { readonly signal?: AbortSignal };
      asked.push('wait');
      return new Promise((resolve, reject) => {
        const end = (): void => void waits.delete(go);
        const go = (): void => {
          end();
          resolve({ inStep: true });
        };
        waits.add(go);
        signal?.addEventListener('abort', () => {
          end();
          reject(signal.reason as Error);
        });
      });
    },
    pause: ({ until }) => said('pause', () => ({ until: until ?? null })),
    resume: () => said('resume', () => ({ until: null })),
    groupCreate: ({ recovery }) =>
      said('groupCreate', () => (recovery ? { group: 'g', recoveryCode: 'words' } : { group: 'g' })),
    groupHistory: () => said('groupHistory', () => []),
    groupShow: () => said('groupShow', () => ({ group: null, members: [], epoch: 0, recovery: false })),
    groupLeave: () => said('groupLeave', nothing),
    folderAdd: () => said('folderAdd', () => ({ folderId: work.id })),
    folderList: () =>
      said('folderList', () => {
        if (isBroken) throw new TypeError('secret detail of a bug');
        return [work];
      }),
    folderJoin: ({ folder }) => said('folderJoin', () => find(folder)),
    folderRemove: ({ folder }) => said('folderRemove', () => void find(folder)).then(nothing),
    folderPause: ({ folder }) => said('folderPause', () => find(folder)),
    folderResume: ({ folder }) => said('folderResume', () => find(folder)),
    folderSet: ({ folder }) => said('folderSet', () => find(folder)),
    folderPermit: ({ folder }) => said('folderPermit', () => find(folder)),
    folderRescan: ({ folder }) => said('folderRescan', () => find(folder)),
    folderMove: ({ folder }) => said('folderMove', () => find(folder)),
    folderAccept: ({ folder }) => said('folderAccept', () => void find(folder)).then(() => ({ paths: 0 })),
    folderRevert: ({ folder }) => said('folderRevert', () => void find(folder)).then(() => ({ paths: 0 })),
    ignoreList: ({ folder }) => said('ignoreList', () => void find(folder)).then(() => []),
    ignoreAdd: ({ folder, pattern }) =>
      said('ignoreAdd', () => void find(folder)).then(() => [{ pattern, line: 1 }]),
    ignoreRemove: ({ folder }) => said('ignoreRemove', () => void find(folder)).then(() => []),
    ignoreTest: () => said('ignoreTest', () => ({ ignored: false, rule: null })),
    deviceInvite: () => said('deviceInvite', () => ({ invitation: 'i', expiresInS: 600 })),
    deviceJoin: () => said('deviceJoin', () => joined),
    deviceNearby: () => said('deviceNearby', () => []),
    devicePair: () => said('devicePair', () => ({ pairing: 'p', step: 'code' as const, code: '482913' })),
    devicePairNext: ({ pairing }) =>
      said('devicePairNext', () => ({ pairing, step: 'paired' as const, deviceKey: 'd', group: 'g' })),
    devicePairAnswer: () => said('devicePairAnswer', nothing),
    deviceAllow: () => said('deviceAllow', () => ({ expiresInS: 86_400 })),
    deviceList: () => said('deviceList', () => []),
    deviceApprove: () => said('deviceApprove', nothing),
    deviceRefuse: () => said('deviceRefuse', nothing),
    deviceConnect: () => said('deviceConnect', nothing),
    deviceRename: () => said('deviceRename', nothing),
    deviceRemovalPreview: ({ devices }) => said('deviceRemovalPreview', () => ({ devices, added: [] })),
    deviceRemove: ({ devices }) =>
      said('deviceRemove', () => ({ revoked: devices, addedBy: [], undone: 0, notHeard: [] })),
    deviceChanges: () => said('deviceChanges', () => []),
    deviceChangesUndo: () => said('deviceChangesUndo', () => ({ undone: 0, missing: [], undoIds: [] })),
    recover: () => said('recover', () => ({ epoch: 1, kept: [], removed: [] })),
    conflictList: () => said('conflictList', () => []),
    conflictResolve: ({ id }) =>
      said('conflictResolve', () => {
        throw new SyncError('not-found', { what: 'conflict', text: id });
      }),
    conflictMerge: ({ id }) =>
      said('conflictMerge', () => {
        throw new SyncError('not-found', { what: 'conflict', text: id });
      }),
    history: () => said('history', () => []),
    browse: () => said('browse', () => []),
    versionRead: () => said('versionRead', () => ({ bytes: '', size: 0 })),
    restore: () => said('restore', () => ({ restored: 0, fetched: 0, missing: [], undoId: null })),
    undo: () =>
      said('undo', () => {
        throw new SyncError('not-found', { what: 'activity' });
      }),
    activity: () => said('activity', () => []),
    questions: () => said('questions', () => []),
    answer: ({ id }) =>
      said('answer', () => {
        throw new SyncError('not-found', { what: 'question', text: id });
      }),
    why: ({ path }) =>
      said('why', () => ({
        path,
        state: 'in-step',
        reason: 'alone',
        device: null,
        cause: 'It is in step here.',
        action: 'Nothing.',
      })),
    limits: () => said('limits', () => noLimits),
    limitsSet: (choice) => said('limitsSet', () => ({ ...noLimits, ...choice })),
    settingsList: () => said('settingsList', () => ({ name: 'memory' })),
    settingsSet: ({ key, value }) => said('settingsSet', () => ({ [key]: value })),
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return {
    api,
    asked,
    emit(event) {
      for (const listener of listeners) listener(event);
    },
    waiting: () => waits.size,
    reachStep() {
      for (const go of waits) go();
    },
    breakDown() {
      isBroken = true;
    },
  };
}
