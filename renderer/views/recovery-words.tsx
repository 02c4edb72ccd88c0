import { Printer } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { Ask, Asking } from '../../app/ipc/contract.ts';
import { AskForm } from '../components/ask-form.tsx';
import { asks } from '../text/asks-en.ts';

/** The twelve words, shown once: first to be written down or printed, then two of them to be typed back. */
export function RecoveryWordsView({
  question,
  asking,
}: {
  readonly question: Extract<Ask, { kind: 'recovery-words' }>;
  readonly asking: Asking;
}) {
  const [isWritten, setWritten] = useState(false);
  if (isWritten)
    return (
      <AskForm
        asking={asking}
        title={asks.typeBackTitle}
        field={{ label: asks.typeBackField(...question.asked) }}
        confirm={asks.typeBackConfirm}
        otherAction={
          <Button className="button" onPress={() => setWritten(false)}>
            {asks.showAgain}
          </Button>
        }
      >
        <p>{asks.typeBackBody(...question.asked)}</p>
      </AskForm>
    );
  return (
    <main className="ask">
      <div className="ask-form">
        <h1>{asks.recoveryTitle}</h1>
        <div className="ask-body">
          <p>{asks.recoveryBody}</p>
          <ol className="recovery-words" aria-label={asks.recoveryLabel}>
            {question.words.map((word, index) => (
              // A word may come twice; its place is its identity.
              <li key={index}>{word}</li>
            ))}
          </ol>
          <p className="quiet">{asks.recoveryLimits}</p>
        </div>
        <div className="ask-actions">
          <Button className="button" onPress={() => void asking.ask('print', undefined)}>
            <Printer size={15} aria-hidden="true" />
            {asks.print}
          </Button>
          {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the next step */}
          <Button className="button" data-kind="primary" autoFocus onPress={() => setWritten(true)}>
            {asks.written}
          </Button>
        </div>
      </div>
    </main>
  );
}
