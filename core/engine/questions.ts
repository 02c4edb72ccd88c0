import type { ActivityRow } from '../file-index/file-index.ts';
import { isExecutable } from '../model/disk.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import { unionOf } from '../reconcile/reconcile.ts';
import { deviceKeyToText } from '../trust/trust.ts';
import { activityName } from './activity.ts';
import type { Question, QuestionAnswer } from './api.ts';
import type { AttachedFolder, Folders } from './folders.ts';
import type { MassChange } from './mass-change.ts';
import type { Pairing } from './pairing.ts';
import { sessionOf } from './places.ts';
import { massChangeSentence, missingSentence, pendingSentence, setAsideSentence } from './sentences.ts';
import { takeBack } from './undo.ts';

/** How much of an id stands in a question's: enough to tell those of one device apart. */
const idDigits = 8;
const everyAnswer: readonly QuestionAnswer[] = ['apply', 'undo', 'later'];

interface Open {
  readonly question: Question;
  /** Resolves to the act in the journal, undefined where there is none. */
  answer(answer: Exclude<QuestionAnswer, 'later'>, signal: AbortSignal): Promise<string | undefined>;
}

/** What waits for a person on this device. */
export interface Questions {
  /** Oldest first. */
  list(): readonly Question[];
  count(): number;
  /** Answers one by its id. Throws SyncError `not-found` if it is not open, and what the answer's deed throws; then it stays open. Resolves to the name `undo` knows it by, undefined if it cannot be taken back. */
  answer(id: string, answer: QuestionAnswer, signal: AbortSignal): Promise<string | undefined>;
}

/** Gathers the questions of all folders and of pairing. */
export function createQuestions(parts: {
  readonly folders: Pick<Folders, 'all'>;
  readonly pairing: Pick<Pairing, 'waiting' | 'answer'>;
  readonly self: DeviceKey;
  nameOf(key: DeviceKey): string;
}): Questions {
  const { folders, pairing, self, nameOf } = parts;

  const massChange = (folder: AttachedFolder, change: MassChange): Open => {
    const { author, since, removed, replaced } = change;
    const facts = { folder: folder.settings.name, device: nameOf(author), removed, replaced };
    return {
      question: {
        id: `${folder.id.slice(0, idDigits)}-${author.slice(0, idDigits)}-${since}`,
        kind: 'mass-change',
        folderId: folder.id,
        device: deviceKeyToText(author),
        since: new Date(since).toISOString(),
        counts: { removed, replaced },
        isReader: false,
        sentence: massChangeSentence(facts),
        answers: everyAnswer,
      },
      answer: (answer, signal) =>
        answer === 'apply' ? allow(folder, change) : bringBack(folder, change, signal),
    };
  };

  const missing = (folder: AttachedFolder): Open[] => {
    const found = folder.session?.losses.startLosses.waiting();
    if (found === undefined) return [];
    const { files, since } = found;
    return [
      {
        question: {
          id: `${folder.id.slice(0, idDigits)}-missing-${since}`,
          kind: 'mass-change',
          folderId: folder.id,
          device: deviceKeyToText(self),
          since: new Date(since).toISOString(),
          counts: { removed: files, replaced: 0 },
          isReader: false,
          sentence: missingSentence({ folder: folder.settings.name, files }),
          answers: everyAnswer,
        },
        async answer(answer) {
          folder.session?.settleMissing(answer);
          return undefined;
        },
      },
    ];
  };

  const setAside = (folder: AttachedFolder): Open[] =>
    (folder.session?.removedChanges.waiting() ?? []).map(({ author, why, act, since, paths }) => ({
      question: {
        id: `${folder.id.slice(0, idDigits)}-removed-${act}`,
        kind: 'removed-device',
        folderId: folder.id,
        device: deviceKeyToText(author),
        since: new Date(since).toISOString(),
        counts: { removed: 0, replaced: paths },
        isReader: why === 'reader',
        sentence: setAsideSentence({
          folder: folder.settings.name,
          device: nameOf(author),
          isReader: why === 'reader',
          paths,
        }),
        answers: everyAnswer,
      },
      answer: (answer, signal) => lookAtSetAside(folder, act, answer, signal),
    }));

  const open = (): Open[] => [
    ...folders
      .all()
      .flatMap((folder) => [
        ...(folder.session?.losses.massChange.waiting() ?? []).map((change) => massChange(folder, change)),
        ...missing(folder),
        ...setAside(folder),
      ]),
    ...pairing.waiting().map(
      ({ deviceKey, claimedName, since }): Open => ({
        question: {
          id: `join-${deviceKeyToText(deviceKey).slice(0, idDigits - 1)}`,
          kind: 'pending-device',
          folderId: null,
          device: deviceKeyToText(deviceKey),
          since: new Date(since).toISOString(),
          counts: { removed: 0, replaced: 0 },
          isReader: false,
          sentence: pendingSentence(claimedName),
          answers: everyAnswer,
        },
        async answer(answer) {
          pairing.answer(deviceKey, answer === 'apply');
          return undefined;
        },
      }),
    ),
  ];

  return {
    list: () =>
      open()
        .map(({ question }) => question)
        .sort((a, b) => Date.parse(a.since) - Date.parse(b.since)),
    count: () => open().length,
    async answer(id, answer, signal) {
      const found = open().find(({ question }) => question.id === id);
      if (found === undefined) throw new SyncError('not-found', { what: 'question', text: id });
      return answer === 'later' ? undefined : found.answer(answer, signal);
    },
  };
}

async function allow(folder: AttachedFolder, { author, since }: MassChange): Promise<string> {
  const session = sessionOf(folder);
  const act = session.act({ kind: 'allowed', path: undefined }, [], {
    also: () => session.losses.allow(author),
  });
  folder.index.transaction(() => folder.index.adoptChanges(act, author, since));
  return activityName(folder.id, act);
}

/** Taken in, the changes are written again as this device's own. */
async function lookAtSetAside(
  folder: AttachedFolder,
  act: number,
  answer: Exclude<QuestionAnswer, 'later'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { index } = folder;
  const lookedAt = (): void => sessionOf(folder).removedChanges.lookedAt(act);
  if (answer === 'undo') {
    index.transaction(lookedAt);
    return undefined;
  }
  const taker = index.activity(act)?.device;
  const parts = index.partsOfActivity(act).filter(({ device }) => device !== taker);
  const taken = await takeBack(folder, parts, signal, {
    act: { kind: 'restored', path: undefined },
    also: lookedAt,
  });
  return activityName(folder.id, taken.act);
}

/** What stood before the changes is written again; where the journal knows nothing of one, what the disk still shows is. */
async function bringBack(
  folder: AttachedFolder,
  { author, since }: MassChange,
  signal: AbortSignal,
): Promise<string> {
  const { index } = folder;
  const told = index
    .firstChangesBy(author, since - 1)
    .filter(({ change }) => change !== undefined && change.before.length > 0);
  const known = new Set(told.map(({ path }) => path));
  const untold = index
    .pendingLosses(author, Number.MAX_SAFE_INTEGER)
    .filter(({ path }) => !known.has(path))
    .flatMap(({ path }) => shownBefore(folder, author, path));
  const { act } = await takeBack(folder, [...told, ...untold], signal, {
    act: { kind: 'restored', path: undefined },
    also: () => {},
  });
  return activityName(folder.id, act);
}

function shownBefore(
  { index }: AttachedFolder,
  author: DeviceKey,
  path: NonNullable<ActivityRow['path']>,
): ActivityRow[] {
  const row = index.base(path);
  if (row?.content === undefined || row.observed === undefined) return [];
  const { modifiedAtNs, mode } = row.observed;
  const version = { content: row.content, executable: isExecutable(mode), modifiedAtNs, from: [], author };
  const change = { before: [version], seen: unionOf(index.members(path)) };
  return [{ id: 0, at: 0, kind: 'deleted', path, device: author, partOf: undefined, change, undone: false }];
}
