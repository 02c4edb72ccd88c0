import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import {
  Button,
  Disclosure,
  DisclosurePanel,
  FieldError,
  Form,
  Heading,
  Input,
  Label,
  TextField,
} from 'react-aria-components';
import { useAttempt, useEngine } from './engine-context.ts';
import { useAnswer } from './use-answer.ts';
import { useWords } from './words-context.ts';

/** A number that the engine keeps under `key`; people see it times `scale`. */
interface Advanced {
  readonly key: string;
  readonly label: 'keepDays' | 'maxShare' | 'massShare' | 'massCount';
  readonly scale: number;
  readonly least: number;
  readonly most: number;
}

const numbers: readonly Advanced[] = [
  { key: 'versions.keepDays', label: 'keepDays', scale: 1, least: 1, most: 36_500 },
  { key: 'versions.maxShare', label: 'maxShare', scale: 100, least: 1, most: 90 },
  { key: 'massChange.share', label: 'massShare', scale: 100, least: 1, most: 100 },
  { key: 'massChange.count', label: 'massCount', scale: 1, least: 0, most: 1_000_000 },
];

/** Numbers that few people change: how long former versions are kept, and from which changes on a person is asked. */
export function AdvancedSettings() {
  const t = useWords();
  const engine = useEngine();
  const attempt = useAttempt();
  const [saved, setSaved] = useState(0);
  const { value: known } = useAnswer(String(saved), () => engine.ask('settingsList', undefined));
  // The typed text, where there is one: the library's own field for numbers writes HTML, which the page's policy refuses.
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const isRight = ({ key, least, most }: Advanced): boolean => {
    const text = typed[key];
    return text === undefined || (/^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most);
  };
  const save = (): void =>
    attempt(async () => {
      for (const { key, scale } of numbers) {
        const text = typed[key];
        if (text !== undefined) await engine.ask('settingsSet', { key, value: String(Number(text) / scale) });
      }
      setTyped({});
      setSaved((before) => before + 1);
    });
  return (
    <Disclosure className="card setting-group advanced">
      <Heading level={2}>
        <Button slot="trigger" className="advanced-trigger">
          <ChevronRight className="problems-chevron" size={16} aria-hidden="true" />
          {t.advanced}
        </Button>
      </Heading>
      <DisclosurePanel>
        {known === undefined ? null : (
          <Form
            className="advanced-form"
            onSubmit={(event) => {
              event.preventDefault();
              save();
            }}
          >
            {numbers.map((number) => {
              const { key, label, scale, least, most } = number;
              return (
                <TextField
                  key={key}
                  className="field number-field"
                  inputMode="numeric"
                  isInvalid={!isRight(number)}
                  value={typed[key] ?? String(Math.round(Number(known[key]) * scale))}
                  onChange={(text) => setTyped((before) => ({ ...before, [key]: text }))}
                >
                  <Label>{t[label]}</Label>
                  <Input className="input" />
                  <FieldError className="error">{t.numberWrong(least, most)}</FieldError>
                </TextField>
              );
            })}
            <Button
              type="submit"
              className="button"
              isDisabled={Object.keys(typed).length === 0 || !numbers.every(isRight)}
            >
              {t.saveSettings}
            </Button>
          </Form>
        )}
      </DisclosurePanel>
    </Disclosure>
  );
}
