import { z } from 'zod';
import { type ApiMethod, type EngineApi, weekdays } from '../../core/engine/engine.ts';
import { SyncError } from '../../core/model/errors.ts';
import type { ParamsOf, ResultOf } from './wire.ts';

/** LIMIT: longer than any disk path, invitation or key. */
const maxTextLength = 16 * 1024;
/** LIMIT: more devices than a group has. */
const maxDevices = 256;
/** LIMIT: more than six digits with whatever a person puts between them. */
const maxDigitsLength = 64;
/** LIMIT: a month; whoever waits longer asks again. */
const maxTimeoutS = 31 * 24 * 3600;

/** LIMIT: 512 KiB in base64. */
const maxMergedText = 4 * Math.ceil((512 * 1024) / 3);

const text = z.string().min(1).max(maxTextLength);
const time = z.iso.datetime({ precision: 3 });
const timeoutS = z.number().positive().max(maxTimeoutS);
const nothing = z.undefined();
const folder = z.strictObject({ folder: text });
const device = z.strictObject({ device: text });
const devices = z.strictObject({ devices: z.array(text).min(1).max(maxDevices) });
/** LIMIT: as many as the engine ever tells at once. */
const maxItems = 10_000;
/** Which values make sense the engine says. */
const rate = z.number().nullable();
const weekTime = { days: z.array(z.enum(weekdays)), from: z.string().max(8), to: z.string().max(8) };
const scheduleEntry = z.discriminatedUnion('does', [
  z.strictObject({ ...weekTime, does: z.literal('pause') }),
  z.strictObject({ ...weekTime, does: z.literal('limit'), sendBps: rate, receiveBps: rate }),
]);
const oneWayPaths = z.strictObject({ folder: text, paths: z.array(text).max(maxItems).exactOptional() });

/** One method a remote caller may use: the form of what it takes, and how the engine is asked. */
interface Method<M extends ApiMethod> {
  readonly params: z.ZodType<ParamsOf<M>>;
  /** `signal` aborts when the caller has gone away; only what waits looks at it. */
  call(api: EngineApi, params: ParamsOf<M>, signal: AbortSignal): Promise<ResultOf<M>>;
}

/** Every method that the command, over its socket, and the window, over its port, may use. */
const methods: { readonly [M in ApiMethod]: Method<M> } = {
  id: { params: nothing, call: (api) => api.id() },
  status: { params: nothing, call: (api) => api.status() },
  wait: {
    params: z.strictObject({
      folder: text.exactOptional(),
      devices: z.array(text).max(maxDevices).exactOptional(),
      timeoutS: timeoutS.exactOptional(),
    }),
    call: (api, params, signal) => api.wait(whileWanted(params, signal)),
  },
  pause: {
    params: z.strictObject({ until: time.exactOptional() }),
    call: (api, params) => api.pause(params),
  },
  resume: { params: nothing, call: (api) => api.resume() },
  limits: { params: nothing, call: (api) => api.limits() },
  limitsSet: {
    params: z.strictObject({
      sendBps: rate.exactOptional(),
      receiveBps: rate.exactOptional(),
      lanExempt: z.boolean().exactOptional(),
      schedule: z.array(scheduleEntry).max(maxItems).exactOptional(),
    }),
    call: (api, params) => api.limitsSet(params),
  },

  groupCreate: {
    params: z.strictObject({ recovery: z.boolean() }),
    call: (api, params) => api.groupCreate(params),
  },
  groupShow: { params: nothing, call: (api) => api.groupShow() },
  groupHistory: { params: nothing, call: (api) => api.groupHistory() },
  groupLeave: { params: nothing, call: (api) => api.groupLeave() },

  folderAdd: {
    params: z.strictObject({ path: text, name: text.exactOptional() }),
    call: (api, params) => api.folderAdd(params),
  },
  folderList: { params: nothing, call: (api) => api.folderList() },
  folderJoin: {
    params: z.strictObject({ folder: text, path: text }),
    call: (api, params) => api.folderJoin(params),
  },
  folderRemove: { params: folder, call: (api, params) => api.folderRemove(params) },
  folderPause: {
    params: z.strictObject({ folder: text, until: time.exactOptional() }),
    call: (api, params) => api.folderPause(params),
  },
  folderResume: { params: folder, call: (api, params) => api.folderResume(params) },

  folderSet: {
    params: z.strictObject({
      folder: text,
      name: text.exactOptional(),
      mode: z.enum(['both', 'send', 'receive']).exactOptional(),
      select: z.array(text).max(maxItems).nullable().exactOptional(),
      massChange: z
        .strictObject({
          share: z.number().nullable().exactOptional(),
          count: z.number().nullable().exactOptional(),
        })
        .exactOptional(),
    }),
    call: (api, params) => api.folderSet(params),
  },
  folderPermit: {
    params: z.strictObject({ folder: text, device: text, may: z.enum(['change', 'read']) }),
    call: (api, params) => api.folderPermit(params),
  },
  folderRescan: { params: z.strictObject({ folder: text }), call: (api, params) => api.folderRescan(params) },
  folderMove: {
    params: z.strictObject({ folder: text, path: text }),
    call: (api, params) => api.folderMove(params),
  },
  folderAccept: { params: oneWayPaths, call: (api, params) => api.folderAccept(params) },
  folderRevert: { params: oneWayPaths, call: (api, params) => api.folderRevert(params) },
  ignoreList: { params: z.strictObject({ folder: text }), call: (api, params) => api.ignoreList(params) },
  ignoreAdd: {
    params: z.strictObject({ folder: text, pattern: text }),
    call: (api, params) => api.ignoreAdd(params),
  },
  ignoreRemove: {
    params: z.strictObject({ folder: text, pattern: text }),
    call: (api, params) => api.ignoreRemove(params),
  },
  ignoreTest: { params: z.strictObject({ path: text }), call: (api, params) => api.ignoreTest(params) },

  deviceInvite: {
    params: z.strictObject({ admit: z.enum(['ask', 'any']), recovery: z.boolean() }),
    call: (api, params) => api.deviceInvite(params),
  },
  deviceJoin: {
    params: z.strictObject({ invitation: text, timeoutS: timeoutS.exactOptional() }),
    call: (api, params, signal) => api.deviceJoin(whileWanted(params, signal)),
  },
  deviceNearby: {
    params: z.strictObject({ timeoutS: timeoutS.exactOptional() }),
    call: (api, params, signal) => api.deviceNearby(whileWanted(params, signal)),
  },
  devicePair: {
    params: z.strictObject({ device: text, recovery: z.boolean() }),
    call: (api, params, signal) => api.devicePair(whileWanted(params, signal)),
  },
  devicePairNext: {
    params: z.strictObject({ pairing: text }),
    call: (api, params) => api.devicePairNext(params),
  },
  devicePairAnswer: {
    params: z.strictObject({
      pairing: text,
      digits: z.string().max(maxDigitsLength).nullable().exactOptional(),
      agrees: z.boolean().exactOptional(),
    }),
    call: (api, params) => api.devicePairAnswer(params),
  },
  deviceAllow: {
    params: z.strictObject({ device: text, recovery: z.boolean() }),
    call: (api, params) => api.deviceAllow(params),
  },
  deviceList: { params: nothing, call: (api) => api.deviceList() },
  deviceApprove: { params: device, call: (api, params) => api.deviceApprove(params) },
  deviceRefuse: { params: device, call: (api, params) => api.deviceRefuse(params) },
  deviceConnect: {
    params: z.strictObject({ device: text, address: text }),
    call: (api, params) => api.deviceConnect(params),
  },
  deviceRename: {
    params: z.strictObject({ device: text, name: text }),
    call: (api, params) => api.deviceRename(params),
  },

  deviceRemovalPreview: { params: devices, call: (api, params) => api.deviceRemovalPreview(params) },
  deviceRemove: {
    params: z.strictObject({
      devices: z.array(text).min(1).max(maxDevices),
      reason: z.enum(['lost', 'stolen', 'retired']).exactOptional(),
      withAdded: z.boolean().exactOptional(),
      voidSince: time.exactOptional(),
      undoSince: time.exactOptional(),
    }),
    call: (api, params, signal) => api.deviceRemove(whileWanted(params, signal)),
  },
  deviceChanges: {
    params: z.strictObject({ device: text, since: time }),
    call: (api, params) => api.deviceChanges(params),
  },
  deviceChangesUndo: {
    params: z.strictObject({
      device: text,
      since: time,
      paths: z.array(text).max(maxItems).exactOptional(),
    }),
    call: (api, params, signal) => api.deviceChangesUndo(whileWanted(params, signal)),
  },
  recover: {
    params: z.strictObject({ code: text, keep: z.array(text).max(maxDevices).exactOptional() }),
    call: (api, params) => api.recover(params),
  },
  conflictList: {
    params: z.strictObject({ folder: text.exactOptional() }),
    call: (api, params) => api.conflictList(params),
  },
  conflictResolve: {
    params: z.strictObject({ id: text, keep: text.exactOptional() }),
    call: (api, params) => api.conflictResolve(params),
  },
  conflictMerge: {
    params: z.strictObject({ id: text, bytes: z.base64().max(maxMergedText) }),
    call: (api, params, signal) => api.conflictMerge(whileWanted(params, signal)),
  },
  history: {
    params: z.strictObject({ path: text }),
    call: (api, params, signal) => api.history(whileWanted(params, signal)),
  },
  browse: {
    params: z.strictObject({
      path: text,
      at: time.exactOptional(),
      after: text.exactOptional(),
      limit: z.int().positive().max(maxItems).exactOptional(),
    }),
    call: (api, params) => api.browse(params),
  },
  versionRead: {
    params: z.strictObject({
      path: text,
      version: text,
      offset: z.int().nonnegative().exactOptional(),
      lengthBytes: z.int().positive().exactOptional(),
    }),
    call: (api, params, signal) => api.versionRead(whileWanted(params, signal)),
  },
  restore: {
    params: z.strictObject({
      path: text,
      version: text.exactOptional(),
      at: time.exactOptional(),
      to: text.exactOptional(),
      dryRun: z.boolean().exactOptional(),
    }),
    call: (api, params, signal) => api.restore(whileWanted(params, signal)),
  },
  undo: {
    params: z.strictObject({ id: text.exactOptional() }),
    call: (api, params, signal) => api.undo(whileWanted(params, signal)),
  },
  activity: {
    params: z.strictObject({
      folder: text.exactOptional(),
      since: time.exactOptional(),
      limit: z.int().positive().max(maxItems).exactOptional(),
      after: text.exactOptional(),
    }),
    call: (api, params) => api.activity(params),
  },
  questions: { params: nothing, call: (api) => api.questions() },
  answer: {
    params: z.strictObject({ id: text, answer: z.enum(['apply', 'undo', 'later']) }),
    call: (api, params, signal) => api.answer(whileWanted(params, signal)),
  },
  why: { params: z.strictObject({ path: text }), call: (api, params) => api.why(params) },

  settingsList: { params: nothing, call: (api) => api.settingsList() },
  settingsSet: {
    params: z.strictObject({ key: text, value: text }),
    call: (api, params) => api.settingsSet(params),
  },
};

/** Names that {@link callMethod} knows. */
export const methodNames = Object.keys(methods) as readonly ApiMethod[];

/**
 * Checks `params` and asks the engine. Rejects with SyncError `bad-argument`, having asked nothing, when there is no such method (`method`)
 * or its parameters have the wrong form (`field`, the first that is wrong, and `reason`).
 */
export async function callMethod(
  api: EngineApi,
  name: string,
  params: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  if (!Object.hasOwn(methods, name)) throw new SyncError('bad-argument', { method: name.slice(0, 100) });
  return callKnown(name as ApiMethod, api, params, signal);
}

function callKnown<M extends ApiMethod>(
  name: M,
  api: EngineApi,
  params: unknown,
  signal: AbortSignal,
): Promise<ResultOf<M>> {
  const method: Method<M> = methods[name];
  const checked = method.params.safeParse(params);
  if (checked.success) return method.call(api, checked.data, signal);
  const [issue] = checked.error.issues;
  const field = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
  throw new SyncError('bad-argument', {
    field: field === undefined || field === '' ? 'params' : field,
    reason: issue?.message ?? 'not understood',
  });
}

/** The options of a method that waits, with the signal that ends its waiting. */
function whileWanted<P extends object>(params: P, signal: AbortSignal): P & { readonly signal: AbortSignal } {
  return { ...params, signal };
}
