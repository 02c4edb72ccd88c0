import { expect, test } from 'vitest';
import { SyncError } from '../../core/model/errors.ts';
import { callMethod, methodNames } from './methods.ts';
import { createMemoryEngine } from '../testing/memory-engine.ts';

const { signal } = new AbortController();

/** Good parameters of every method that takes some. */
const good: Readonly<Record<string, unknown>> = {
  wait: {},
  pause: { until: '2026-03-01T08:00:00.000Z' },
  groupCreate: { recovery: true },
  folderAdd: { path: '/w' },
  folderJoin: { folder: 'Work', path: '/w' },
  folderRemove: { folder: 'Work' },
  folderPause: { folder: 'Work' },
  folderResume: { folder: 'Work' },
  folderSet: { folder: 'Work', mode: 'receive', select: null, massChange: { share: 1, count: null } },
  folderPermit: { folder: 'Work', device: 'K', may: 'read' },
  folderRescan: { folder: 'Work' },
  folderMove: { folder: 'Work', path: '/w' },
  folderAccept: { folder: 'Work' },
  folderRevert: { folder: 'Work', paths: ['/w/a'] },
  ignoreList: { folder: 'Work' },
  ignoreAdd: { folder: 'Work', pattern: '*.log' },
  ignoreRemove: { folder: 'Work', pattern: '*.log' },
  ignoreTest: { path: '/w/a' },
  deviceInvite: { admit: 'ask', recovery: false },
  deviceJoin: { invitation: 'i' },
  deviceNearby: { timeoutS: 3 },
  devicePair: { device: 'K', recovery: true },
  devicePairNext: { pairing: 'p' },
  devicePairAnswer: { pairing: 'p', digits: '482913' },
  deviceAllow: { device: 'K', recovery: false },
  deviceApprove: { device: 'K' },
  deviceRefuse: { device: 'K' },
  deviceConnect: { device: 'K', address: '/ip4/10.0.0.1/tcp/1' },
  deviceRemovalPreview: { devices: ['K'] },
  deviceRemove: { devices: ['K'], reason: 'lost', withAdded: false },
  deviceChanges: { device: 'K', since: '2026-03-01T08:00:00.000Z' },
  deviceChangesUndo: { device: 'K', since: '2026-03-01T08:00:00.000Z', paths: ['F:a'] },
  recover: { code: 'words' },
  deviceRename: { device: 'K', name: 'n' },
  conflictList: {},
  conflictResolve: { id: 'c' },
  conflictMerge: { id: 'c', bytes: 'YQ==' },
  history: { path: '/w/a' },
  browse: { path: 'Work:', limit: 3 },
  versionRead: { path: '/w/a', version: 'v', offset: 0, lengthBytes: 9 },
  restore: { path: '/w/a', at: '2026-03-01T08:00:00.000Z', dryRun: true },
  undo: {},
  activity: { limit: 3 },
  answer: { id: 'q', answer: 'undo' },
  why: { path: '/w/a' },
  settingsSet: { key: 'name', value: 'n' },
  limitsSet: {
    sendBps: 100_000,
    receiveBps: null,
    lanExempt: false,
    schedule: [
      { days: ['mon'], from: '08:00', to: '18:00', does: 'pause' },
      { days: ['sun'], from: '08:00', to: '24:00', does: 'limit', sendBps: 20_000, receiveBps: null },
    ],
  },
};

test.each(methodNames.filter((name) => name !== 'wait'))(
  '%s asks the engine, and takes nothing more',
  async (name) => {
    const engine = createMemoryEngine();
    await callMethod(engine.api, name, good[name], signal).catch((error: unknown) => {
      if (!(error instanceof SyncError && error.code === 'not-found')) throw error;
    });
    const tooMuch = { ...(good[name] as object | undefined), extra: 1 };
    await expect(callMethod(engine.api, name, tooMuch, signal)).rejects.toMatchObject({
      code: 'bad-argument',
    });
    expect(engine.asked).toEqual([name]);
  },
);

test.each([
  ['folderAdd', undefined, 'params'],
  ['folderAdd', [], 'params'],
  ['folderAdd', {}, 'path'],
  ['folderAdd', { path: 7 }, 'path'],
  ['folderAdd', { path: '' }, 'path'],
  ['folderAdd', { path: 'x'.repeat(20_000) }, 'path'],
  ['folderAdd', { path: '/w', name: null }, 'name'],
  ['folderAdd', { path: '/w', extra: 1 }, 'extra'],
  ['pause', { until: 'tomorrow' }, 'until'],
  ['pause', { until: '2026-03-01' }, 'until'],
  ['wait', { timeoutS: -1 }, 'timeoutS'],
  ['wait', { timeoutS: '5' }, 'timeoutS'],
  ['wait', { devices: ['K', 3] }, 'devices.1'],
  ['deviceInvite', { admit: 'all', recovery: true }, 'admit'],
  ['restore', { path: '/w/a', at: 'yesterday' }, 'at'],
  ['activity', { limit: 10_001 }, 'limit'],
  ['limitsSet', { sendBps: '100k' }, 'sendBps'],
  ['limitsSet', { schedule: [{ days: ['mon'], from: '1', to: '2', does: 'stop' }] }, 'schedule.0.does'],
])('%s with %j is refused, naming %s', async (name, params, field) => {
  const engine = createMemoryEngine();
  await expect(callMethod(engine.api, name, params, signal)).rejects.toMatchObject({
    code: 'bad-argument',
    facts: { field },
  });
  expect(engine.asked).toEqual([]);
});

test.each(['fly', 'onEvent', 'toString', '__proto__', ''])('there is no method %j', async (name) => {
  await expect(callMethod(createMemoryEngine().api, name, undefined, signal)).rejects.toMatchObject({
    code: 'bad-argument',
    facts: { method: name },
  });
});
