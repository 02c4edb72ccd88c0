import type { Words } from '../renderer/text/words.ts';
import type { SettingsFile } from './app-settings.ts';
import type { Clock } from './clock.ts';
import type { Picture } from './ipc/contract.ts';
import type { News } from './news.ts';
import type { Notifier } from './notifier.ts';
import { dueStuck, followStuck, type Stuck, type StuckPath, stuckMs } from './stuck.ts';
import { shortName } from './visible-text.ts';

/** LIMIT: how late what has lasted long enough is told while nothing else happens. */
const lookMs = 3_600_000;

/** Tells once of what could not be synced for a day: all together, at most once a day, and not again after a restart. `isWanted` as for a {@link Notifier}. */
export function createStuckNews(dependencies: {
  readonly clock: Clock;
  readonly settings: Pick<SettingsFile, 'current' | 'change'>;
  isWanted(): boolean;
  words(): Words;
  show(news: Pick<News, 'title' | 'body' | 'screen'>): void;
}): Notifier {
  const { clock, settings, isWanted, words, show } = dependencies;
  let cancel = (): void => {};

  const remember = (stuck: Stuck): void => {
    if (JSON.stringify(stuck) === JSON.stringify(settings.current().stuck)) return;
    try {
      settings.change({ stuck });
    } catch {
      // A full disk is what may have to be told of.
    }
  };
  const look = (picture: Picture): void => {
    cancel();
    const now = clock.now();
    const { paths: before, toldAt } = settings.current().stuck;
    const paths = followStuck(before, picture, now);
    const due = dueStuck(paths, now);
    const isTime = toldAt > now || now - toldAt >= stuckMs;
    if (due.length > 0 && isTime && isWanted()) {
      show(newsOfStuck(due, picture, words().tray));
      remember({
        toldAt: now,
        paths: paths.map((each) => (due.includes(each) ? { ...each, isTold: true } : each)),
      });
    } else remember({ toldAt, paths });
    if (paths.length > 0) cancel = clock.after(lookMs, () => look(picture));
  };
  return {
    see(picture) {
      if (picture === undefined) cancel();
      else look(picture);
    },
  };
}

function newsOfStuck(
  due: readonly StuckPath[],
  { folders }: Picture,
  words: Words['tray'],
): Pick<News, 'title' | 'body' | 'screen'> {
  const [{ folderId, path }] = due as readonly [StuckPath];
  const name =
    path === '' ? folders.find(({ id }) => id === folderId)?.name : path.slice(path.lastIndexOf('/') + 1);
  return {
    title: words.newsStuck,
    body: words.newsStuckBody(shortName(name ?? ''), due.length - 1),
    screen: 'folders',
  };
}
