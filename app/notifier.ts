import type { Clock } from './clock.ts';
import type { Picture } from './ipc/contract.ts';
import type { Words } from '../renderer/text/words.ts';
import { type News, newsOf } from './news.ts';

/** LIMIT: news of one kind that comes again and again, at most so often. */
const conflictsEveryMs = 3_600_000;

/** Tells a person what is new, as pictures come. */
export interface Notifier {
  see(picture: Picture | undefined): void;
}

/** Nothing seen yet. `isWanted` is asked each time: whether a person wants to be told, and is not looking anyway. */
export function createNotifier(dependencies: {
  readonly clock: Clock;
  isWanted(): boolean;
  /** The language it is told in. */
  words(): Words;
  show(news: News): void;
}): Notifier {
  const { clock, isWanted, words, show } = dependencies;
  let before: Picture | undefined;
  let conflictsAt = Number.NEGATIVE_INFINITY;
  return {
    see(picture) {
      if (picture === undefined) return;
      const news = newsOf(before, picture, words());
      before = picture;
      if (news.length === 0 || !isWanted()) return;
      for (const each of news) {
        if (each.kind === 'conflicts') {
          if (clock.now() - conflictsAt < conflictsEveryMs) continue;
          conflictsAt = clock.now();
        }
        show(each);
      }
    },
  };
}
