import type { ApiMethod, EngineApi, EngineEvent } from '../../core/engine/engine.ts';
import { type ErrorCode, type Retry, SyncError } from '../../core/model/errors.ts';

/** What a method takes; `undefined` where it takes nothing. */
export type ParamsOf<M extends ApiMethod> =
  Parameters<EngineApi[M]> extends readonly [infer P] ? P : undefined;
/** What a method resolves to. */
export type ResultOf<M extends ApiMethod> = Awaited<ReturnType<EngineApi[M]>>;

/** The method that is no question: from its answer on, the connection also carries events. */
export const followMethod = 'follow';

/** A failure as it travels: what a SyncError says, without words for people. */
export interface WireError {
  readonly code: ErrorCode;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly retry: Retry;
}

/** A line to the device. `id` is the caller's, and the answer carries it. */
export interface Request {
  readonly id: number;
  readonly method: string;
  readonly params?: unknown;
}

/** A line from the device. `id` is null when a line could not be read as a request. */
export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number | null; readonly error: WireError }
  | { readonly event: EngineEvent };

/** What is told of a failure; of a bug nothing but that it is one: the log has it. */
export function errorToWire(error: unknown): WireError {
  if (error instanceof SyncError) return { code: error.code, facts: error.facts, retry: error.retry };
  return { code: 'internal', facts: {}, retry: 'never' };
}

/** The failure a wire error tells of. */
export function wireToError(error: WireError): SyncError {
  return new SyncError(error.code, error.facts, { retry: error.retry });
}
