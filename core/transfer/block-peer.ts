import { type Clock, createLimiter, type Log, type Random } from '../base/base.ts';
import { checkBlock } from '../chunker/chunker.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { Connection } from '../network/network.ts';
import {
  type AnswerStatus,
  decodeBlockAnswer,
  decodePieces,
  encodeBlockRequest,
  type FrameStream,
  maxRequestBytes,
  misshapen,
} from '../protocol/protocol.ts';
import { type BlockBody, type BlockTask, wantOf } from './block-tasks.ts';
import { createPauses, type Pauses } from './pauses.ts';
import { createStrikes } from './strikes.ts';
import type { Unfinished } from './unfinished.ts';

/** LIMIT: requests one peer has to answer at a time: one being sent, one waiting behind it. */
const maxRequests = 2;
/** LIMIT: bytes one peer owes at a time, at first, at least and at most; between these what it delivers in a second. */
const firstWindowBytes = 512 * 1024;
const leastWindowBytes = 128 * 1024;
const mostWindowBytes = 2 * maxRequestBytes;
/** LIMIT: what is shorter takes the way there and back, and says no more than that a rate is not lower. */
const tellingBytes = 64 * 1024;
/** LIMIT: milliseconds without a frame, and bytes a millisecond counted on beside it, after which a peer that owes something is taken for stuck. */
const stuckMs = 30_000;
const stuckBytesPerMs = 16;
/** LIMIT: bytes on its connection within `stuckMs` that show it at work on a large block, by whose end it will be heard; telling each other that they live takes less. */
const atWorkBytes = 10_000;
/** LIMIT: milliseconds until a stream must be open. */
const openMs = 15_000;

/** One connected device as a source of blocks. */
export interface BlockPeer {
  readonly connection: Connection;
  readonly key: DeviceKey;
  /** What not to ask it now: `stream`, `folder ID`, `content HASH`. */
  readonly pauses: Pauses;
  readonly unfinished: Unfinished;
  /** Bytes a millisecond lately received, 0 if not known. */
  readonly rate: number;
  readonly outstandingBytes: number;
  /** Milliseconds since it last sent a frame, or was asked while idle. */
  silentMs(): number;
  /** How many bytes it may be asked for now; 0 if it has enough to do. */
  room(): number;
  /** Tasks it was asked for and has not answered, in order. */
  asked(): BlockTask[];
  /** Asks for tasks of one folder. */
  ask(tasks: readonly BlockTask[]): void;
  /** Breaks off its stream if it is stuck. */
  checkStuck(): void;
  /** Breaks off its stream; what it owes is handed back. */
  drop(reason: Error): void;
}

/** What a peer's source tells of. */
export interface BlockPeerEvents {
  /** What a task that was not done is for, in so many bytes; the next frame is read when this resolves. */
  arrived(task: BlockTask, body: BlockBody, bytes: number): Promise<void>;
  /** A task the peer was asked for and will not deliver. */
  failed(task: BlockTask): void;
  /** A task the peer was asked for, done already when it was answered. */
  superfluous(task: BlockTask): void;
  /** The peer may have room, or its pauses changed. */
  changed(): void;
}

interface Request {
  readonly id: number;
  readonly tasks: readonly BlockTask[];
  /** How many of the tasks were answered. */
  answered: number;
  readonly sentAt: number;
}

/** A source over `connection`; its stream is opened when it is first asked. */
export function createBlockPeer(
  connection: Connection,
  unfinished: Unfinished,
  environment: { readonly clock: Clock; readonly random: Random; readonly log: Log },
  events: BlockPeerEvents,
): BlockPeer {
  const { clock, random, log } = environment;
  const pauses = createPauses(clock, random);
  const strikes = createStrikes(connection, log);
  let requests: Request[] = [];
  let outstandingBytes = 0;
  let rate = 0;
  let lastId = 0;
  let heardAt = 0;
  let isBusyHere = false;
  let atWork = { at: Number.NEGATIVE_INFINITY, receivedBytes: 0 };
  let link: { readonly stream: Promise<FrameStream>; readonly over: AbortController } | undefined;
  let sending = createLimiter(1);

  function openLink() {
    const over = new AbortController();
    const cancel = clock.after(openMs, () => over.abort(new SyncError('timed-out', {}, { retry: 'soon' })));
    const stream = connection.openStream('/lockstep/blk/1', over.signal).finally(cancel);
    link = { stream, over };
    const opened = link;
    stream
      .then((open) => read(open, over.signal))
      .catch((error: unknown) => {
        if (link !== opened) return;
        strikes.count(error);
        drop(error instanceof Error ? error : new Error('stream broke', { cause: error }));
      });
    return link;
  }

  function drop(reason: Error): void {
    const broken = link;
    const owed = requests;
    link = undefined;
    requests = [];
    outstandingBytes = 0;
    sending = createLimiter(1);
    if (broken !== undefined) {
      pauses.failed('stream');
      broken.over.abort(reason);
      broken.stream.then((stream) => stream.abort(reason)).catch(() => {});
    }
    for (const request of owed) for (const task of request.tasks.slice(request.answered)) events.failed(task);
    events.changed();
  }

  async function read(stream: FrameStream, signal: AbortSignal): Promise<void> {
    let lastDoneAt = 0;
    for (;;) {
      const answer = decodeBlockAnswer(await next(stream, signal));
      if (answer === undefined) continue;
      const request = requests[0];
      if (
        request === undefined ||
        answer.id !== request.id ||
        answer.statuses.length !== request.tasks.length
      )
        throw misshapen('block-answer');
      for (const part of answer.parts) unfinished.told(part);
      let bytes = 0;
      for (const [i, status] of answer.statuses.entries()) {
        const task = request.tasks[i] as BlockTask;
        const body = status === 'here' ? await next(stream, signal) : undefined;
        request.answered += 1;
        outstandingBytes -= task.items[0].sizeBytes;
        bytes += body?.length ?? 0;
        isBusyHere = true;
        try {
          await settle(task, body, status);
        } finally {
          isBusyHere = false;
          heardAt = clock.monotonic();
        }
        signal.throwIfAborted();
      }
      requests.shift();
      const now = clock.monotonic();
      if (bytes > 0) pauses.succeeded('stream');
      const measured = bytes / Math.max(now - Math.max(request.sentAt, lastDoneAt), 1);
      if (bytes >= tellingBytes || measured > rate)
        rate = rate === 0 ? measured : 0.7 * rate + 0.3 * measured;
      lastDoneAt = now;
      events.changed();
    }
  }

  async function next(stream: FrameStream, signal: AbortSignal): Promise<Uint8Array> {
    const frame = await stream.receive(signal);
    if (frame === undefined) throw new SyncError('interrupted', { what: 'blocks' }, { retry: 'soon' });
    heardAt = clock.monotonic();
    return frame;
  }

  async function settle(task: BlockTask, body: Uint8Array | undefined, status: AnswerStatus): Promise<void> {
    const [item] = task.items;
    // What is there although it was not known to be may be all of it: if not, the next answer says so.
    if (status !== 'not-yet' && unfinished.has(item) !== true) unfinished.over(item.content);
    if (task.isDone) return events.superfluous(task);
    const wanted = body && bodyOf(task, body);
    if (body !== undefined && wanted !== undefined) {
      pauses.succeeded(`content ${item.content}`);
      return events.arrived(task, wanted, body.length);
    }
    if (body !== undefined) strikes.count(misshapen('block'));
    if (status !== 'not-yet' || unfinished.has(item) !== false)
      pauses.failed(
        status === 'not-allowed' ? `folder ${task.wish.wish.folderId}` : `content ${item.content}`,
      );
    events.failed(task);
  }

  function windowBytes(): number {
    if (rate === 0) return firstWindowBytes;
    return Math.min(Math.max(rate * 1000, leastWindowBytes), mostWindowBytes);
  }

  return {
    connection,
    key: connection.peer,
    pauses,
    unfinished,
    get rate() {
      return rate;
    },
    get outstandingBytes() {
      return outstandingBytes;
    },
    silentMs: () => clock.monotonic() - heardAt,
    room() {
      if (requests.length >= maxRequests) return 0;
      return Math.max(0, Math.min(windowBytes() - outstandingBytes, windowBytes() / 2, maxRequestBytes));
    },
    asked: () => requests.flatMap((request) => request.tasks.slice(request.answered)),
    ask(tasks) {
      const id = ++lastId;
      const { folderId } = (tasks[0] as BlockTask).wish.wish;
      const want = wantOf(tasks[0] as BlockTask);
      const items = tasks.map((task) => task.items[0]);
      if (requests.length === 0) heardAt = clock.monotonic();
      requests.push({ id, tasks, answered: 0, sentAt: clock.monotonic() });
      for (const item of items) outstandingBytes += item.sizeBytes;
      const current = link ?? openLink();
      sending
        .run(
          async () => (await current.stream).send(encodeBlockRequest({ want, id, folderId, items })),
          current.over.signal,
        )
        .catch((error: unknown) => {
          if (link === current)
            drop(error instanceof Error ? error : new Error('stream broke', { cause: error }));
        });
    },
    checkStuck() {
      const now = clock.monotonic();
      const { receivedBytes } = connection.traffic();
      if (receivedBytes - atWork.receivedBytes >= atWorkBytes) atWork = { at: now, receivedBytes };
      if (requests.length === 0 || isBusyHere || now - atWork.at <= stuckMs) return;
      if (now - heardAt > stuckMs + outstandingBytes / stuckBytesPerMs)
        drop(new SyncError('timed-out', {}, { retry: 'soon' }));
    },
    drop,
  };
}

/** What was asked for, if these bytes are it: the block, or a list of pieces that could be it. */
function bodyOf(task: BlockTask, bytes: Uint8Array): BlockBody | undefined {
  const [{ hash, sizeBytes }] = task.items;
  if (wantOf(task) === 'blocks') return bytes.length === sizeBytes ? checkBlock(bytes, hash) : undefined;
  try {
    const pieces = decodePieces(bytes, sizeBytes);
    return pieces.sizeBytes === sizeBytes ? pieces : undefined;
  } catch (error) {
    if (error instanceof SyncError) return undefined;
    throw error;
  }
}
