import { CircleHelp } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Picture, Question } from '../../app/ipc/contract.ts';
import { en } from '../text/en.ts';
import { visibleText } from '../text/format.ts';
import { useAttempt, useEngine } from './engine-context.ts';
import { useNow } from './use-now.ts';

/** Questions about files that wait for a person; those about devices that ask to join are on the Devices screen. */
export function OpenQuestions({ picture }: { readonly picture: Picture }) {
  const now = useNow();
  const questions = picture.questions.filter(({ kind }) => kind !== 'pending-device');
  if (questions.length === 0) return null;
  return (
    <section aria-labelledby="questions-title" className="questions">
      <h2 id="questions-title" className="unseen">
        {en.questionsTitle}
      </h2>
      {questions.map((question) => (
        <OpenQuestion key={question.id} question={question} now={now} />
      ))}
    </section>
  );
}

function OpenQuestion({ question, now }: { readonly question: Question; readonly now: number }) {
  const engine = useEngine();
  const attempt = useAttempt();
  const { id, kind, sentence, since } = question;
  const answer = (word: 'apply' | 'undo'): void =>
    attempt(async () => {
      const { undoId } = await engine.ask('answer', { id, answer: word });
      engine.store.happened({
        kind: 'done',
        done: { what: 'answered', answer: word, undo: undoId === null ? [] : [undoId] },
      });
    });
  return (
    <section className="asking" aria-label={visibleText(sentence)}>
      <h3 className="question-title">
        <CircleHelp size={18} aria-hidden="true" />
        <bdi>{visibleText(sentence)}</bdi>
      </h3>
      <p>{en.questionSince(since, now)}</p>
      <div className="asking-actions">
        <Button className="button" onPress={() => answer('apply')}>
          {en.questionYes[kind]}
        </Button>
        <Button className="button" data-kind="primary" onPress={() => answer('undo')}>
          {en.questionNo[kind]}
        </Button>
      </div>
    </section>
  );
}
