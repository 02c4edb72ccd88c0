import type { DeviceListing, Picture, Screen } from './ipc/contract.ts';
import { visibleText } from '../renderer/text/format.ts';
import { sayQuestion } from '../renderer/text/say-status.ts';
import type { Words } from '../renderer/text/words.ts';

/** Something a person should hear of although they look at something else. */
export interface News {
  readonly kind: 'asks' | 'question' | 'conflicts' | 'removed' | 'full-disk';
  readonly title: string;
  readonly body: string;
  /** The screen that is about it. */
  readonly screen: Screen;
}

/** What is new in a picture, in words, few and grouped; nothing of what there was when the program started. */
export function newsOf(before: Picture | undefined, after: Picture, allWords: Words): readonly News[] {
  const words = allWords.tray;
  if (before === undefined) return [];
  const newIn = <T>(of: (picture: Picture) => readonly T[], keyOf: (item: T) => string): readonly T[] => {
    const known = new Set(of(before).map(keyOf));
    return of(after).filter((item) => !known.has(keyOf(item)));
  };
  const keyOf = ({ key }: { readonly key: string }): string => key;
  const asking = newIn(({ devices }) => devices.filter(({ state }) => state === 'pending'), keyOf);
  const removed = newIn(({ devices }) => devices.filter(isOut), keyOf);
  const questions = newIn(
    (picture) => picture.questions.filter(({ kind }) => kind !== 'pending-device'),
    ({ id }) => id,
  );
  const full = newIn(
    ({ folders }) => folders.filter(({ problems }) => problems.some(({ kind }) => kind === 'no-space')),
    ({ id }) => id,
  );
  const conflicts = conflictsIn(after);
  return [
    ...asking.map(
      ({ name }): News => ({
        kind: 'asks',
        title: words.newsAsks(visibleText(name)),
        body: words.newsAsksBody,
        screen: 'devices',
      }),
    ),
    ...questions.map(
      (question): News => ({
        kind: 'question',
        title: words.newsQuestion,
        body: sayQuestion(allWords, question, after),
        screen: 'folders',
      }),
    ),
    ...removed.map(
      ({ state, name }): News => ({
        kind: 'removed',
        title: state === 'self' ? words.newsSelfRemoved : words.newsRemoved(visibleText(name)),
        body: state === 'self' ? words.newsSelfRemovedBody : words.newsRemovedBody,
        screen: 'devices',
      }),
    ),
    ...(conflicts > conflictsIn(before)
      ? [
          {
            kind: 'conflicts',
            title: words.newsConflicts(conflicts),
            body: words.newsConflictsBody,
            screen: 'conflicts',
          } as const,
        ]
      : []),
    ...full.map(
      ({ name }): News => ({
        kind: 'full-disk',
        title: words.newsFull,
        body: words.newsFullBody(visibleText(name)),
        screen: 'folders',
      }),
    ),
  ];
}

function isOut({ state, active }: DeviceListing): boolean {
  return state === 'revoked' || (state === 'self' && active === false);
}

function conflictsIn({ folders }: Picture): number {
  return folders.reduce((sum, { conflicts }) => sum + conflicts, 0);
}
