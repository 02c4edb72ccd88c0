import { KeyRound } from 'lucide-react';
import { Button } from 'react-aria-components';
import { en } from '../text/en.ts';
import { Empty } from './empty.tsx';
import { useAttempt, useEngine } from './engine-context.ts';

/** Asks where a new device keeps its key, where the system has no store for it. Nothing runs until it is answered. */
export function KeyQuestion() {
  const engine = useEngine();
  const attempt = useAttempt();
  return (
    <Empty
      icon={<KeyRound size={40} strokeWidth={1.4} />}
      title={en.keyQuestionTitle}
      body={`${en.keyQuestionBody} ${en.keyQuestionKeyring}`}
    >
      <Button
        className="button"
        data-kind="primary"
        onPress={() => attempt(() => engine.shell('restartEngine', undefined))}
      >
        {en.keyQuestionAgain}
      </Button>
      <Button className="button" onPress={() => attempt(() => engine.shell('keepKeyPlain', undefined))}>
        {en.keyQuestionPlain}
      </Button>
    </Empty>
  );
}
