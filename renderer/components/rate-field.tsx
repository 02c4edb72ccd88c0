import { FieldError, Input, Label, TextField } from 'react-aria-components';
import { bpsOfText, leastKbps } from '../state/limits.ts';
import { useWords } from './words-context.ts';

/** A rate as a person types it; empty is none. */
export function RateField(props: {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}) {
  const t = useWords();
  const { label, text, onChange } = props;
  return (
    <TextField
      className="field number-field"
      inputMode="numeric"
      isInvalid={bpsOfText(text) === undefined}
      value={text}
      onChange={onChange}
    >
      <Label>{label}</Label>
      <Input className="input" placeholder={t.limitNone} />
      <FieldError className="error">{t.limitWrong(leastKbps)}</FieldError>
    </TextField>
  );
}
