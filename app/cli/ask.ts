import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { SyncError } from '../../core/model/errors.ts';
import type { Streams } from './output.ts';

/** LIMIT: longer than any secret a person types. */
const maxSecretBytes = 4096;

/** Asks a person a question that is answered with yes or no. Throws SyncError `not-allowed` where nobody can answer; anything but yes is no. */
export async function askYes(streams: Streams, question: string, signal: AbortSignal): Promise<boolean> {
  const { stdin, stderr } = streams;
  if (stdin?.isTTY !== true)
    throw new SyncError('not-allowed', { what: 'no-terminal' }, { retry: 'after-user' });
  const reader = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await reader.question(`${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    reader.close();
  }
}

/** Reads what a person types, one line after the other: from the terminal, or from stdin when that is no terminal. */
export interface LineReader {
  /** The next line without the space around it; undefined when there will be none. Rejects when `signal` aborts. */
  next(prompt: string, signal: AbortSignal): Promise<string | undefined>;
  /** Whether a line was asked for and there was none any more. */
  readonly hasRunOut: boolean;
  close(): void;
}

/** A reader on `streams`; what was on stdin before is its first line. */
export function createLineReader(streams: Streams): LineReader {
  const { stdin, stderr } = streams;
  const isTerminal = stdin?.isTTY === true;
  // The terminal edits the line itself, so that Ctrl-C reaches the command also while nothing is asked.
  const reader = stdin === undefined ? undefined : createInterface({ input: stdin, terminal: false });
  const lines: string[] = [];
  let isOver = reader === undefined;
  let hasRunOut = false;
  let wake = (): void => {};
  reader?.on('line', (line) => {
    lines.push(line.slice(0, maxSecretBytes).trim());
    wake();
  });
  reader?.on('close', () => {
    isOver = true;
    wake();
  });
  return {
    next(prompt, signal) {
      if (isTerminal) stderr.write(`${prompt}: `);
      return new Promise((resolve, reject) => {
        const stop = (): void => reject(signal.reason as Error);
        const look = (): void => {
          if (lines.length === 0 && !isOver) return;
          wake = () => {};
          signal.removeEventListener('abort', stop);
          hasRunOut ||= lines.length === 0;
          resolve(lines.shift());
        };
        signal.addEventListener('abort', stop, { once: true });
        wake = look;
        if (signal.aborted) stop();
        else look();
      });
    },
    get hasRunOut() {
      return hasRunOut;
    },
    close: () => reader?.close(),
  };
}

/** One line that nobody else is to see: from the terminal, without showing it, or from stdin when that is no terminal. Throws SyncError `not-allowed` if nothing comes. */
export async function readSecret(streams: Streams, prompt: string, signal: AbortSignal): Promise<string> {
  const { stdin, stderr } = streams;
  if (stdin === undefined) throw new SyncError('not-allowed', { what: 'no-secret' }, { retry: 'after-user' });
  const line = stdin.isTTY === true ? await readHidden(stdin, stderr, prompt, signal) : await readLine(stdin);
  if (line === '') throw new SyncError('not-allowed', { what: 'no-secret' }, { retry: 'after-user' });
  return line;
}

async function readHidden(
  stdin: NonNullable<Streams['stdin']>,
  stderr: NodeJS.WritableStream,
  prompt: string,
  signal: AbortSignal,
): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: stdin, output: nowhere, terminal: true });
  // Only now: from here on nothing that is typed is shown.
  stderr.write(`${prompt}: `);
  const ended = new Promise<string>((resolve, reject) => {
    // Ctrl-C: the terminal hands it over as a key while nothing is shown.
    reader.once('SIGINT', () => reject(new Error('SIGINT')));
    // Ctrl-D.
    reader.once('close', () => resolve(''));
  });
  try {
    return (await Promise.race([reader.question('', { signal }), ended])).trim();
  } catch (cause) {
    throw new SyncError('interrupted', {}, { retry: 'after-user', cause });
  } finally {
    reader.close();
    stderr.write('\n');
  }
}

async function readLine(stdin: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.includes('\n') || text.length > maxSecretBytes) break;
  }
  return (text.split('\n')[0] ?? '').trim().slice(0, maxSecretBytes);
}
