import type { SyncError } from '../../core/model/errors.ts';
import { failureText } from './text.ts';

/** Where a command speaks. */
export interface Streams {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream;
  readonly stdin?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
}

/** How a command tells its result: words for a person, or with `--json` values for a program. */
export interface Output {
  readonly json: boolean;
  /** Whether a person watches, so that what was said may be drawn over. */
  readonly isTerminal: boolean;
  /** Width of the terminal in characters. */
  readonly columns: number;
  /** The result: one JSON value, or these lines. */
  result(value: unknown, lines: readonly string[]): void;
  /** Words for a person on stdout, left out with `--json`. */
  say(text: string): void;
  /** Something beside the result, on stderr; left out with `--json`. */
  note(text: string): void;
  /** Something a person must read, on stderr, also with `--json`. */
  warn(text: string): void;
}

/** Speaks on `streams`. */
export function createOutput(streams: Streams, json: boolean): Output {
  const { stdout, stderr } = streams;
  const say = (text: string): void => void stdout.write(text === '' ? '' : `${text}\n`);
  return {
    json,
    isTerminal: stdout.isTTY === true && !json,
    columns: stdout.columns ?? 80,
    result: (value, lines) => say(json ? JSON.stringify(value) : lines.join('\n')),
    say: (text) => {
      if (!json) say(text);
    },
    note: (text) => {
      if (!json) stderr.write(`${text}\n`);
    },
    warn: (text) => void stderr.write(`${text}\n`),
  };
}

/** What a full disk, or a reader that has gone, refuses of `stream` is dropped: no device ends because it could not warn. */
export function dropUnsaid(stream: NodeJS.WritableStream): void {
  stream.on('error', () => {});
}

/** Tells of a failure: a sentence and what helps on stderr, with `json` also the error on stdout. */
export function tellFailure(streams: Streams, json: boolean, error: SyncError): void {
  const { message, action } = failureText(error);
  streams.stderr.write(`lockstep: ${action === '' ? message : `${message} ${action}`}\n`);
  if (!json) return;
  const { path } = error.facts;
  const told = {
    code: error.code,
    message,
    action,
    retry: error.retry,
    ...(path === undefined ? {} : { path: String(path) }),
  };
  streams.stdout.write(`${JSON.stringify({ error: told })}\n`);
}
