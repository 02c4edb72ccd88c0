import { useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import type { NearbyDevice } from '../../app/ipc/contract.ts';
import { groupedDigits, typedDigits } from '../state/digits.ts';
import { visibleText } from '../text/format.ts';
import type { Pairing, PairingActs } from './use-pairing.ts';
import { useWords } from './words-context.ts';

type Step = Extract<Pairing, { kind: 'step' }>['step'];

/** LIMIT: tries before the devices count as not verified. */
const tries = 3;

/** One step of a pairing: what this side shows or asks. */
export function PairStepView(props: {
  readonly step: Step;
  readonly device: NearbyDevice;
  readonly onAnswer: PairingActs['answer'];
}) {
  const t = useWords();
  const { step, device, onAnswer } = props;
  const name = 'name' in step ? visibleText(step.name) : visibleText(device.claimedName ?? '');
  switch (step.step) {
    case 'code':
      return (
        <>
          <p>{t.pairCodeTitle(name === '' ? t.pairCodeUnnamed : name)}</p>
          <output className="digits" aria-label={t.pairCodeLabel}>
            {groupedDigits(step.code)}
          </output>
          <p className="quiet">{t.pairCodeBody}</p>
        </>
      );
    case 'confirm':
      return (
        <section className="asking" aria-label={t.pairConfirm(name)}>
          <h3>
            <bdi>{t.pairConfirm(name)}</bdi>
          </h3>
          <p>{t.pairConfirmBody}</p>
          <div className="asking-actions">
            {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the step before had no button; this is the safe answer */}
            <Button className="button" autoFocus onPress={() => onAnswer({ agrees: false })}>
              {t.pairConfirmNo}
            </Button>
            <Button className="button" data-kind="primary" onPress={() => onAnswer({ agrees: true })}>
              {t.pairConfirmYes}
            </Button>
          </div>
        </section>
      );
    case 'digits':
      return (
        <Digits
          key={step.triesLeft}
          name={name}
          triesLeft={step.triesLeft}
          onTyped={(digits) => onAnswer({ digits })}
        />
      );
    case 'matched':
      return (
        <>
          <output className="paired">{t.pairMatched}</output>
          <p>{t.pairMatchedBody(name)}</p>
        </>
      );
    case 'paired':
      return <output>{t.pairDone}</output>;
  }
}

function Digits(props: {
  readonly name: string;
  readonly triesLeft: number;
  readonly onTyped: (digits: string) => void;
}) {
  const t = useWords();
  const { name, triesLeft, onTyped } = props;
  const [text, setText] = useState('');
  const digits = typedDigits(text);
  return (
    <Form
      className="digits-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (digits !== undefined) onTyped(digits);
      }}
    >
      <p>
        <bdi>{t.pairDigitsTitle(name)}</bdi>
      </p>
      <div className="digits-line">
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- what is shown elsewhere is to be typed here */}
        <TextField className="field" value={text} onChange={setText} autoFocus inputMode="numeric">
          <Label>{t.pairDigitsField}</Label>
          <Input className="input digits-input" autoComplete="off" maxLength={9} />
        </TextField>
        <Button type="submit" className="button" data-kind="primary" isDisabled={digits === undefined}>
          {t.pairDigitsCheck}
        </Button>
      </div>
      {triesLeft >= tries ? null : (
        <p role="alert" className="error">
          {t.pairDigitsWrong(triesLeft)}
        </p>
      )}
    </Form>
  );
}
