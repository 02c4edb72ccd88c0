import { X } from 'lucide-react';
import { useState } from 'react';
import {
  Button,
  Checkbox,
  CheckboxGroup,
  Form,
  Input,
  Label,
  Radio,
  RadioGroup,
  TextField,
} from 'react-aria-components';
import type { IgnoreRule, PictureFolder, WireError } from '../../app/ipc/contract.ts';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { Sheet } from '../components/sheet.tsx';
import { useAnswer } from '../components/use-answer.ts';
import { errorOf } from '../state/engine-client.ts';
import { placeOf } from '../state/select.ts';
import { visibleText } from '../text/format.ts';
import { useWords } from '../components/words-context.ts';

/** LIMIT: top directories that can be chosen from. */
const maxDirectories = 10_000;

/** What of a folder is kept on this device, and what is left out on all. */
export function FolderChoicesDialog(props: { readonly folder: PictureFolder; readonly onClose: () => void }) {
  const t = useWords();
  const { folder, onClose } = props;
  return (
    <Sheet
      isOpen
      isFull
      title={t.chooseTitle(visibleText(folder.name))}
      onClose={onClose}
      actions={
        <Button className="button" data-kind="primary" onPress={onClose}>
          {t.close}
        </Button>
      }
    >
      <div className="folder-choices">
        <Selection folder={folder} />
        <Ignored folder={folder} />
      </div>
    </Sheet>
  );
}

/** Counts as soon as it is chosen, and as long as nothing else is. */
function Selection({ folder }: { readonly folder: PictureFolder }) {
  const t = useWords();
  const engine = useEngine();
  const { value: tops, error: unread } = useAnswer(folder.id, async () => {
    const items = await engine.ask('browse', { path: placeOf(folder.id, ''), limit: maxDirectories });
    return items
      .filter(({ kind, state }) => kind === 'directory' && state !== 'gone')
      .map(({ name }) => name);
  });
  const [chosen, setChosen] = useState<readonly string[] | null>(folder.selection);
  /** What to go back to from everything. */
  const [some, setSome] = useState(folder.selection);
  const all = [...new Set([...(tops ?? []), ...(some ?? [])])];
  const [refused, setRefused] = useState<WireError>();
  const error = refused ?? unread;
  const choose = async (next: readonly string[] | null): Promise<void> => {
    setChosen(next);
    if (next !== null) setSome(next);
    try {
      await engine.ask('folderSet', { folder: folder.id, select: next });
      setRefused(undefined);
    } catch (failure) {
      setChosen(folder.selection);
      setRefused(errorOf(failure));
    }
  };
  return (
    <section>
      <h3 className="section-title">{t.chooseHere}</h3>
      <RadioGroup
        className="checks"
        aria-label={t.chooseHere}
        value={chosen === null ? 'all' : 'some'}
        onChange={(kind) => void choose(kind === 'all' ? null : (some ?? all))}
      >
        <Radio value="all" className="radio">
          <span className="radio-dot" aria-hidden="true" />
          {t.chooseAll}
        </Radio>
        <Radio value="some" className="radio" isDisabled={tops === undefined && chosen === null}>
          <span className="radio-dot" aria-hidden="true" />
          {t.chooseSome}
        </Radio>
      </RadioGroup>
      {chosen === null ? null : (
        <CheckboxGroup
          className="checks choose-list"
          aria-label={t.chooseSome}
          value={[...chosen]}
          onChange={(names) => void choose(names)}
        >
          {all.length === 0 ? <p className="quiet">{t.chooseNone}</p> : null}
          {all.map((name) => (
            <Checkbox key={name} value={name} className="checkbox">
              <span className="checkbox-box" aria-hidden="true" />
              <bdi>{visibleText(name)}</bdi>
            </Checkbox>
          ))}
        </CheckboxGroup>
      )}
      <p className="quiet">{t.chooseSomeHelp}</p>
      {error === undefined ? null : (
        <p role="alert" className="error">
          {t.explainError(error)}
        </p>
      )}
    </section>
  );
}

function Ignored({ folder }: { readonly folder: PictureFolder }) {
  const t = useWords();
  const engine = useEngine();
  const { value: first } = useAnswer(folder.id, () => engine.ask('ignoreList', { folder: folder.id }));
  const [changed, setChanged] = useState<readonly IgnoreRule[]>();
  const [pattern, setPattern] = useState('');
  const [error, setError] = useState<WireError>();
  const rules = changed ?? first ?? [];
  const change = async (method: 'ignoreAdd' | 'ignoreRemove', which: string): Promise<void> => {
    try {
      setChanged(await engine.ask(method, { folder: folder.id, pattern: which }));
      setError(undefined);
      if (method === 'ignoreAdd') setPattern('');
    } catch (failure) {
      setError(errorOf(failure));
    }
  };
  return (
    <section>
      <h3 className="section-title">{t.ignoreTitle}</h3>
      <p className="quiet">{t.ignoreHelp}</p>
      {rules.length === 0 ? (
        <p>{t.ignoreNone}</p>
      ) : (
        <ul className="patterns" aria-label={t.ignoreList}>
          {rules.map(({ pattern: each, line }) => (
            <li key={line}>
              <code>
                <bdi>{visibleText(each)}</bdi>
              </code>
              <Button
                className="icon-button"
                aria-label={t.ignoreRemove(visibleText(each))}
                onPress={() => void change('ignoreRemove', each)}
              >
                <X size={16} aria-hidden="true" />
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Form
        className="rename"
        onSubmit={(event) => {
          event.preventDefault();
          if (pattern.trim() !== '') void change('ignoreAdd', pattern.trim());
        }}
      >
        <TextField className="field" value={pattern} onChange={setPattern}>
          <Label>{t.ignoreField}</Label>
          <Input className="input" spellCheck={false} autoComplete="off" />
        </TextField>
        <Button type="submit" className="button" isDisabled={pattern.trim() === ''}>
          {t.ignoreAdd}
        </Button>
      </Form>
      {error === undefined ? null : (
        <p role="alert" className="error">
          {t.explainError(error)}
        </p>
      )}
      <TryPath folder={folder} rules={rules} />
    </section>
  );
}

function TryPath({
  folder,
  rules,
}: {
  readonly folder: PictureFolder;
  readonly rules: readonly IgnoreRule[];
}) {
  const t = useWords();
  const engine = useEngine();
  const attempt = useAttempt();
  const [path, setPath] = useState('');
  /** True only of the patterns it was said of. */
  const [said, setSaid] = useState<{ readonly text: string; readonly of: readonly IgnoreRule[] }>();
  return (
    <Form
      className="rename"
      onSubmit={(event) => {
        event.preventDefault();
        attempt(async () => {
          const { ignored, rule } = await engine.ask('ignoreTest', { path: placeOf(folder.id, path) });
          const text = t.ignoreSays(visibleText(path), ignored, rule === null ? null : visibleText(rule));
          setSaid({ text, of: rules });
        });
      }}
    >
      <TextField className="field" value={path} onChange={setPath}>
        <Label>{t.ignoreTestField}</Label>
        <Input className="input" spellCheck={false} autoComplete="off" />
      </TextField>
      <Button type="submit" className="button" isDisabled={path.trim() === ''}>
        {t.ignoreTest}
      </Button>
      <output className="try-says">{said?.of === rules ? said.text : ''}</output>
    </Form>
  );
}
