import { useEffect, useRef, useState } from 'react';
import { Button, Label, TextArea, TextField } from 'react-aria-components';
import type { DeviceListing, WireError } from '../../app/ipc/contract.ts';
import { useEngine } from '../components/engine-context.ts';
import { KeyWords } from '../components/key-words.tsx';
import { Sheet } from '../components/sheet.tsx';
import { errorOf } from '../state/engine-client.ts';
import { useWords } from '../components/words-context.ts';

/** LIMIT: as long as an invitation lives. */
const patienceS = 600;

type Step =
  | { readonly kind: 'typing'; readonly error?: WireError }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'joined' };

/** Takes an invitation and waits until the device that made it has said yes. */
export function JoinDialog({
  self,
  onClose,
}: {
  readonly self: DeviceListing;
  readonly onClose: () => void;
}) {
  const t = useWords();
  const engine = useEngine();
  const [text, setText] = useState('');
  const [step, setStep] = useState<Step>({ kind: 'typing' });
  const leaving = useRef<AbortController>(undefined);
  useEffect(() => () => leaving.current?.abort(), []);

  const join = (): void => {
    const controller = new AbortController();
    leaving.current = controller;
    setStep({ kind: 'waiting' });
    engine.ask('deviceJoin', { invitation: text.trim(), timeoutS: patienceS }, controller.signal).then(
      () => setStep({ kind: 'joined' }),
      (failure: unknown) => {
        if (controller.signal.aborted) return;
        setStep({
          kind: 'typing',
          error: errorOf(failure),
        });
      },
    );
  };
  const showFolders = (): void => {
    onClose();
    engine.store.happened({ kind: 'go-to', screen: 'folders' });
  };

  return (
    <Sheet
      isOpen
      title={t.joinTitle}
      onClose={onClose}
      actions={
        step.kind === 'joined' ? (
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the button that had the focus is gone
          <Button className="button" data-kind="primary" autoFocus onPress={showFolders}>
            {t.showFolders}
          </Button>
        ) : (
          <>
            <Button className="button" onPress={onClose}>
              {t.cancel}
            </Button>
            <Button
              className="button"
              data-kind="primary"
              isDisabled={text.trim() === '' || step.kind === 'waiting'}
              onPress={join}
            >
              {t.joinButton}
            </Button>
          </>
        )
      }
    >
      {step.kind === 'joined' ? (
        <output>{t.joinDone}</output>
      ) : step.kind === 'waiting' ? (
        <>
          <output>{t.joinWaiting}</output>
          <KeyWords words={self.words} label={t.keyWords} />
        </>
      ) : (
        <>
          <p>{t.joinBody}</p>
          {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog takes the focus anyway; this says where to */}
          <TextField className="field" value={text} onChange={setText} autoFocus>
            <Label>{t.joinField}</Label>
            <TextArea className="input key" rows={5} spellCheck={false} autoComplete="off" />
          </TextField>
          {step.error === undefined ? null : (
            <p role="alert" className="error">
              {t.explainError(step.error)}
            </p>
          )}
        </>
      )}
    </Sheet>
  );
}
