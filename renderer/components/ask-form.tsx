import { type ReactNode, useEffect, useState } from 'react';
import { Button, Form, Input, Label, TextArea, TextField } from 'react-aria-components';
import type { Asking, WireError } from '../../app/ipc/contract.ts';
import { useFit } from './use-fit.ts';
import { useWords } from './words-context.ts';

/** A question with its one field, if any, and its two answers; Esc is the safe one. */
export function AskForm(props: {
  readonly asking: Asking;
  readonly title: string;
  readonly field?: { readonly label: string; readonly isLong?: boolean };
  readonly confirm: string;
  readonly isDangerous?: boolean;
  /** In place of the way out. */
  readonly otherAction?: ReactNode;
  readonly children: ReactNode;
}) {
  const t = useWords();
  const { asking, title, field, confirm, isDangerous = false, otherAction, children } = props;
  const [text, setText] = useState('');
  const [error, setError] = useState<WireError>();
  const [isWaiting, setWaiting] = useState(false);
  const form = useFit<HTMLFormElement>(asking);

  const answer = async (): Promise<void> => {
    setWaiting(true);
    const came = await asking.ask('answer', { text });
    setWaiting(false);
    setError(came.error);
  };
  const cancel = (): void => void asking.ask('cancel', undefined);
  const canCancel = otherAction === undefined;
  useEffect(() => {
    const press = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape' && canCancel) void asking.ask('cancel', undefined);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [asking, canCancel]);
  return (
    <main className="ask">
      <Form
        ref={form}
        className="ask-form"
        onSubmit={(event) => {
          event.preventDefault();
          void answer();
        }}
      >
        <h1>
          <bdi>{title}</bdi>
        </h1>
        <div className="ask-body">{children}</div>
        {field === undefined ? null : (
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the window is there for this field
          <TextField className="field" value={text} onChange={setText} autoFocus>
            <Label>{field.label}</Label>
            {field.isLong === true ? (
              <TextArea className="input" rows={3} spellCheck={false} autoComplete="off" />
            ) : (
              <Input className="input" spellCheck={false} autoComplete="off" />
            )}
          </TextField>
        )}
        {error === undefined ? null : (
          <p role="alert" className="error" ref={(shown) => shown?.scrollIntoView({ block: 'end' })}>
            {t.explainError(error)}
          </p>
        )}
        <div className="ask-actions">
          {otherAction ?? (
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the safe answer has the focus
            <Button className="button" autoFocus={field === undefined} onPress={cancel}>
              {t.asks.cancel}
            </Button>
          )}
          <Button
            type="submit"
            className="button"
            data-kind={isDangerous ? 'danger' : 'primary'}
            isDisabled={isWaiting || (field !== undefined && text.trim() === '')}
          >
            {confirm}
          </Button>
        </div>
      </Form>
    </main>
  );
}
