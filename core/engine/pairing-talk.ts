import { abortable } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';

/** What a person may answer: the digits typed, undefined when the person gives up, or a yes or no. */
export type PairAnswer =
  | { readonly kind: 'digits'; readonly digits: string | undefined }
  | { readonly kind: 'agrees'; readonly agrees: boolean };

/** What a person is to see, one after the other. `digits` and `confirm` are questions: the next step comes only after their answer. */
export type PairTold =
  /** For the joiner: to be typed at the host. */
  | { readonly kind: 'code'; readonly code: string }
  /** For the joiner: whether the host itself says that the devices are paired. */
  | { readonly kind: 'confirm'; readonly name: string }
  /** For the host: the digits that the joiner shows. */
  | { readonly kind: 'digits'; readonly name: string; readonly triesLeft: number }
  /** For the host: from now on it says that the devices are paired. */
  | { readonly kind: 'matched'; readonly name: string };

/** The side of a conversation that pairs. */
export interface PairTelling {
  tell(told: PairTold): void;
  /** Tells it and waits for the answer; rejects with the signal's reason, and then nothing is asked any more. */
  ask<K extends PairAnswer['kind']>(
    told: PairTold,
    kind: K,
    signal: AbortSignal,
  ): Promise<Extract<PairAnswer, { kind: K }>>;
}

/** The side of a conversation that speaks for a person. */
export interface PairTalk<Result> {
  /** The next that is told, or the end; one call at a time. Rejects as the pairing does. */
  next(): Promise<PairTold | { readonly kind: 'end'; readonly result: Result }>;
  /** Answers what is asked; an answer to a question that was taken back changes nothing. Throws SyncError `bad-argument` where something else is asked. */
  answer(answer: PairAnswer): void;
}

/** A conversation about one pairing, which `run` leads. */
export function createPairTalk<Result>(run: (telling: PairTelling) => Promise<Result>): PairTalk<Result> {
  const told: PairTold[] = [];
  let question:
    | { readonly told: PairTold; readonly kind: string; answer(answer: PairAnswer): void }
    | undefined;
  let news = Promise.withResolvers<void>();
  const wake = (): void => {
    news.resolve();
    news = Promise.withResolvers();
  };
  const tell = (each: PairTold): void => {
    told.push(each);
    wake();
  };
  let isOver = false;
  const ending = run({
    tell,
    async ask(each, kind, signal) {
      const answered = Promise.withResolvers<PairAnswer>();
      const mine = { told: each, kind, answer: answered.resolve };
      question = mine;
      tell(each);
      try {
        return (await abortable(answered.promise, signal)) as never;
      } finally {
        if (question === mine) question = undefined;
        const at = told.indexOf(each);
        if (at >= 0) told.splice(at, 1);
      }
    },
  }).finally(() => {
    isOver = true;
    wake();
  });
  ending.catch(() => {});
  return {
    answer(answer) {
      // It can only be to what was heard.
      if (question === undefined || told.includes(question.told)) return;
      if (question.kind !== answer.kind) throw new SyncError('bad-argument', { what: 'pairing-answer' });
      question.answer(answer);
      question = undefined;
    },
    async next() {
      for (;;) {
        const next = told.shift();
        if (next !== undefined) return next;
        if (isOver) return { kind: 'end', result: await ending };
        await news.promise;
      }
    },
  };
}
