import type { EngineApi } from '../../core/engine/engine.ts';
import type { Clock } from '../clock.ts';
import type { Picture } from '../ipc/contract.ts';

/** LIMIT: no picture comes sooner than this after the one before it. */
const shortestGapMs = 100;
/** While something moves, numbers change without an event. */
const movingGapMs = 500;
const restingGapMs = 30_000;
/** LIMIT: problems of one folder in a picture. */
const maxProblems = 100;
/** LIMIT: questions in a picture. */
const maxQuestions = 100;
/** As many as the tray's menu has room for. */
const recentItems = 5;

/** Pictures of a device, told to all who look whenever they change. */
export interface Pictures {
  /** Tells `listener` the newest picture at once, if there is one, and every later one; the returned function ends it. */
  follow(listener: (picture: Picture) => void): () => void;
  /** Stops looking. */
  stop(): void;
}

/** Takes pictures of the device behind `api` from now on. `failed` is told when one could not be taken; the next is tried later. */
export function createPictures(dependencies: {
  readonly api: EngineApi;
  readonly clock: Clock;
  failed(error: unknown): void;
}): Pictures {
  const { api, clock, failed } = dependencies;
  const listeners = new Set<(picture: Picture) => void>();
  let newest: Picture | undefined;
  let newestText = '';
  let isTaking = false;
  let isStale = false;
  let isStopped = false;
  let cancel = (): void => {};
  let dueInMs = Number.POSITIVE_INFINITY;

  const schedule = (delayMs: number): void => {
    if (isStopped || delayMs >= dueInMs) return;
    cancel();
    dueInMs = delayMs;
    cancel = clock.after(delayMs, () => {
      dueInMs = Number.POSITIVE_INFINITY;
      void take();
    });
  };

  const take = async (): Promise<void> => {
    isTaking = true;
    isStale = false;
    try {
      const picture = await takePicture(api);
      const text = JSON.stringify(picture);
      newest = picture;
      if (text !== newestText && !isStopped) for (const listener of listeners) listener(picture);
      newestText = text;
    } catch (error) {
      if (!isStopped) failed(error);
    } finally {
      isTaking = false;
      schedule(isStale ? shortestGapMs : newest?.status.state === 'syncing' ? movingGapMs : restingGapMs);
    }
  };

  const stopEvents = api.onEvent(() => {
    if (isTaking) isStale = true;
    else schedule(shortestGapMs);
  });
  void take();
  return {
    follow(listener) {
      listeners.add(listener);
      if (newest !== undefined) listener(newest);
      return () => void listeners.delete(listener);
    },
    stop() {
      isStopped = true;
      cancel();
      stopEvents();
    },
  };
}

async function takePicture(api: EngineApi): Promise<Picture> {
  const [status, listings, devices, group, questions, recent] = await Promise.all([
    api.status(),
    api.folderList(),
    api.deviceList(),
    api.groupShow(),
    api.questions(),
    api.activity({ limit: recentItems }),
  ]);
  const { folders: held, ...rest } = status;
  const folders = held.map((folder) => ({
    ...folder,
    problems: folder.problems.slice(0, maxProblems),
    moreProblems: Math.max(0, folder.problems.length - maxProblems) + folder.moreProblems,
    selection: listings.find(({ id }) => id === folder.id)?.selection ?? null,
  }));
  return {
    status: rest,
    folders,
    offered: listings.filter(({ state }) => state === 'offered'),
    devices,
    group,
    questions: questions.slice(0, maxQuestions),
    recent,
  };
}
