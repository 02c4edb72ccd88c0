import { KeyRound } from 'lucide-react';
import { Button } from 'react-aria-components';
import { Empty } from './empty.tsx';
import { useAttempt, useEngine } from './engine-context.ts';
import { useWords } from './words-context.ts';

/** Asks where a new device keeps its key, where the system has no store for it. Nothing runs until it is answered. */
export function KeyQuestion() {
  const t = useWords();
  const engine = useEngine();
  const attempt = useAttempt();
  return (
    <Empty
      icon={<KeyRound size={40} strokeWidth={1.4} />}
      title={t.keyQuestionTitle}
      body={`${t.keyQuestionBody} ${t.keyQuestionKeyring}`}
    >
      <Button
        className="button"
        data-kind="primary"
        onPress={() => attempt(() => engine.shell('restartEngine', undefined))}
      >
        {t.keyQuestionAgain}
      </Button>
      <Button className="button" onPress={() => attempt(() => engine.shell('keepKeyPlain', undefined))}>
        {t.keyQuestionPlain}
      </Button>
    </Empty>
  );
}
