import type { EngineApi } from '../../core/engine/engine.ts';
import { SyncError } from '../../core/model/errors.ts';
import type { Clock } from '../clock.ts';
import { callMethod, errorToWire } from '../control/control.ts';
import {
  type Audience,
  mainOnly,
  ownForms,
  type PortReply,
  type PortRequest,
  passedOn,
  pathForms,
  portRequest,
} from '../ipc/contract.ts';
import { pauseUntil } from './pause-until.ts';
import type { Pictures } from './pictures.ts';
import type { Places } from './places.ts';
import type { Port } from './port.ts';

/** LIMIT: unanswered requests of one window. */
const maxOpenRequests = 32;

/** What a port is served with. */
export interface PortDependencies {
  readonly api: EngineApi;
  readonly pictures: Pictures;
  readonly places: Places;
  readonly clock: Clock;
  readonly audience: Audience;
  /** Told of recovery words, which no answer holds. */
  recoveryWords(words: string): void;
  /** Told of a request that met a bug; the window learns only that it was one. */
  bug(method: string, error: unknown): void;
}

/**
 * Answers a window's port until it closes, which also ends what the window waits for. A message that is no request is dropped: nobody
 * could be answered. The returned function lets go of the port.
 */
export function servePort(port: Port, dependencies: PortDependencies): () => void {
  const open = new Map<number, AbortController>();
  /** The last pairing, which goes on after its first step was answered. */
  let pairing: { readonly id: number; readonly leaving: AbortController } | undefined;
  const say = (reply: PortReply): void => port.send(reply);

  const ask = async ({ id, method, params }: Extract<PortRequest, { kind: 'ask' }>): Promise<void> => {
    const leaving = new AbortController();
    try {
      if (open.has(id)) throw new SyncError('bad-argument', { field: 'id' });
      if (open.size >= maxOpenRequests)
        throw new SyncError('not-allowed', { what: 'open-requests' }, { retry: 'soon' });
      open.set(id, leaving);
      const left = new Promise<never>((_resolve, reject) => {
        leaving.signal.addEventListener('abort', () => reject(leaving.signal.reason as Error), {
          once: true,
        });
      });
      if (method === 'devicePair') {
        pairing?.leaving.abort(new SyncError('interrupted', { what: 'caller' }));
        pairing = { id, leaving };
      }
      const result = await Promise.race([answer(method, params, leaving.signal, dependencies), left]);
      say({ kind: 'result', id, result: keepWords(result, dependencies) });
    } catch (error) {
      if (!(error instanceof SyncError)) dependencies.bug(method, error);
      say({ kind: 'error', id, error: errorToWire(error) });
    } finally {
      if (open.get(id) === leaving) open.delete(id);
    }
  };

  const cancel = (id: number): void => {
    const asked = open.get(id) ?? (pairing?.id === id ? pairing.leaving : undefined);
    asked?.abort(new SyncError('interrupted', { what: 'caller' }));
  };
  port.onMessage((message) => {
    const request = portRequest.safeParse(message);
    if (!request.success) return;
    if (request.data.kind === 'ask') void ask(request.data);
    else cancel(request.data.id);
  });
  const stopPictures = dependencies.pictures.follow((picture) => say({ kind: 'picture', picture }));
  const leave = (): void => {
    stopPictures();
    const gone = new SyncError('interrupted', { what: 'caller-gone' });
    for (const each of open.values()) each.abort(gone);
    pairing?.leaving.abort(gone);
  };
  port.onClose(leave);
  return leave;
}

async function answer(
  method: string,
  params: unknown,
  signal: AbortSignal,
  { api, places, clock, audience }: PortDependencies,
): Promise<unknown> {
  switch (method) {
    case 'pause': {
      const until = pauseUntil(parse(ownForms.pause, params).span, clock.now());
      return callMethod(api, method, until === undefined ? {} : { until }, signal);
    }
    case 'folderAdd':
      return callMethod(api, method, { path: places.take(parse(ownForms.folderAdd, params).place) }, signal);
    case 'folderJoin': {
      const { folder, place } = parse(ownForms.folderJoin, params);
      return callMethod(api, method, { folder, path: places.take(place) }, signal);
    }
    case 'history':
    case 'browse':
    case 'versionRead':
    case 'restore':
    case 'why':
    case 'ignoreTest':
      return callMethod(api, method, parse(pathForms[method], params), signal);
    case 'groupCreate':
      parse(ownForms.groupCreate, params);
      return callMethod(api, method, { recovery: true }, signal);
    case 'deviceInvite':
      parse(ownForms.deviceInvite, params);
      return callMethod(api, method, { admit: 'ask', recovery: true }, signal);
    case 'devicePair':
    case 'deviceAllow':
      return callMethod(api, method, { ...parse(ownForms[method], params), recovery: true }, signal);
    default:
      if (!mayAsk(audience, method)) throw new SyncError('bad-argument', { method: method.slice(0, 64) });
      return callMethod(api, method, params, signal);
  }
}

function mayAsk(audience: Audience, method: string): boolean {
  const isMains = (mainOnly as readonly string[]).includes(method);
  return (passedOn as readonly string[]).includes(method) || (isMains && audience === 'main');
}

/** What may be answered: recovery words are told to main instead. */
function keepWords(result: unknown, { recoveryWords }: PortDependencies): unknown {
  if (typeof result !== 'object' || result === null || !('recoveryCode' in result)) return result;
  const { recoveryCode, ...rest } = result;
  recoveryWords(String(recoveryCode));
  return rest;
}

function parse<T>(
  form: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
  value: unknown,
): T {
  const checked = form.safeParse(value);
  if (!checked.success) throw new SyncError('bad-argument', { field: 'params' });
  return checked.data;
}
