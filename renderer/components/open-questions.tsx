import { CircleHelp } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Picture, Question } from '../../app/ipc/contract.ts';
import { sayQuestion } from '../text/say-status.ts';
import { useAttempt, useEngine } from './engine-context.ts';
import { useNow } from './use-now.ts';
import { useWords } from './words-context.ts';

/** Questions about files that wait for a person; those about devices that ask to join are on the Devices screen. */
export function OpenQuestions({ picture }: { readonly picture: Picture }) {
  const t = useWords();
  const now = useNow();
  const questions = picture.questions.filter(({ kind }) => kind !== 'pending-device');
  if (questions.length === 0) return null;
  return (
    <section aria-labelledby="questions-title" className="questions">
      <h2 id="questions-title" className="unseen">
        {t.questionsTitle}
      </h2>
      {questions.map((question) => (
        <OpenQuestion key={question.id} question={question} picture={picture} now={now} />
      ))}
    </section>
  );
}

function OpenQuestion(props: {
  readonly question: Question;
  readonly picture: Picture;
  readonly now: number;
}) {
  const { question, picture, now } = props;
  const t = useWords();
  const engine = useEngine();
  const attempt = useAttempt();
  const { id, kind, since } = question;
  const sentence = sayQuestion(t, question, picture);
  const answer = (word: 'apply' | 'undo'): void =>
    attempt(async () => {
      const { undoId } = await engine.ask('answer', { id, answer: word });
      engine.store.happened({
        kind: 'done',
        done: { what: 'answered', answer: word, undo: undoId === null ? [] : [undoId] },
      });
    });
  return (
    <section className="asking" aria-label={sentence}>
      <h3 className="question-title">
        <CircleHelp size={18} aria-hidden="true" />
        <bdi>{sentence}</bdi>
      </h3>
      <p>{t.questionSince(since, now)}</p>
      <div className="asking-actions">
        <Button className="button" onPress={() => answer('apply')}>
          {t.questionYes[kind]}
        </Button>
        <Button className="button" data-kind="primary" onPress={() => answer('undo')}>
          {t.questionNo[kind]}
        </Button>
      </div>
    </section>
  );
}
