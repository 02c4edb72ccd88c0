import { Printer } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { Ask, Asking } from '../../app/ipc/contract.ts';
import { AskForm } from '../components/ask-form.tsx';
import { useFit } from '../components/use-fit.ts';
import { useWords } from '../components/words-context.ts';

/** The twelve words, shown once: first to be written down or printed, then two of them to be typed back. */
export function RecoveryWordsView({
  question,
  asking,
}: {
  readonly question: Extract<Ask, { kind: 'recovery-words' }>;
  readonly asking: Asking;
}) {
  const t = useWords();
  const [isWritten, setWritten] = useState(false);
  const form = useFit<HTMLDivElement>(asking);
  if (isWritten)
    return (
      <AskForm
        asking={asking}
        title={t.asks.typeBackTitle}
        field={{ label: t.asks.typeBackField(...question.asked) }}
        confirm={t.asks.typeBackConfirm}
        otherAction={
          <Button className="button" onPress={() => setWritten(false)}>
            {t.asks.showAgain}
          </Button>
        }
      >
        <p>{t.asks.typeBackBody(...question.asked)}</p>
        {/* The paper again, with the two places; the words say the same. */}
        <ol className="recovery-words" data-hidden aria-hidden="true">
          {question.words.map((_word, index) => {
            const isAsked = question.asked.includes(index + 1);
            return (
              <li key={index} data-asked={isAsked || undefined}>
                {isAsked ? '?' : '•••••'}
              </li>
            );
          })}
        </ol>
      </AskForm>
    );
  return (
    <main className="ask">
      <div ref={form} className="ask-form">
        <h1>{t.asks.recoveryTitle}</h1>
        <div className="ask-body">
          <p>{t.asks.recoveryBody}</p>
          <ol className="recovery-words" aria-label={t.asks.recoveryLabel}>
            {question.words.map((word, index) => (
              // A word may come twice; its place is its identity.
              <li key={index}>{word}</li>
            ))}
          </ol>
          <p className="quiet">{t.asks.recoveryLimits}</p>
        </div>
        <div className="ask-actions">
          <Button className="button" onPress={() => void asking.ask('print', undefined)}>
            <Printer size={15} aria-hidden="true" />
            {t.asks.print}
          </Button>
          {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the next step */}
          <Button className="button" data-kind="primary" autoFocus onPress={() => setWritten(true)}>
            {t.asks.written}
          </Button>
        </div>
      </div>
    </main>
  );
}
