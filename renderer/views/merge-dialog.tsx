import { useMemo, useState } from 'react';
import { Button, Label, Radio, RadioGroup, TextArea, TextField } from 'react-aria-components';
import type { ConflictListing } from '../../app/ipc/contract.ts';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { Sheet } from '../components/sheet.tsx';
import { encodeText } from '../state/decode-text.ts';
import { type Hunk, hunksOf, linesOf } from '../state/diff-text.ts';
import { letterOf, sideOf } from '../state/letters.ts';
import { mergeText, type Taken } from '../state/merge-text.ts';
import type { Preview } from '../state/preview.ts';
import { toBase64 } from '../state/to-base64.ts';
import { shownLine } from '../text/format.ts';
import { useWords } from '../components/words-context.ts';

/** LIMIT: what the engine takes for a merged text, bytes. */
const maxBytes = 512 * 1024;

/** Two texts put together by hand: whose lines at each place, and then as a person likes. */
export function MergeDialog(props: {
  readonly conflict: ConflictListing;
  readonly name: string;
  readonly texts: readonly Extract<Preview, { kind: 'text' }>[];
  readonly onBack: () => void;
  readonly onClose: () => void;
}) {
  const t = useWords();
  const { conflict, name, texts, onBack, onClose } = props;
  const engine = useEngine();
  const attempt = useAttempt();
  const [left, right] = texts.map(({ decoded }) => decoded);
  const hunks = useMemo(
    () =>
      hunksOf(left?.text ?? '', right?.text ?? '') ?? [
        { kind: 'changed', left: linesOf(left?.text ?? ''), right: linesOf(right?.text ?? '') } as const,
      ],
    [left, right],
  );
  const end = [left, right].some((each) => each?.text.endsWith('\n')) ? '\n' : '';
  const places = hunks.filter((hunk) => hunk.kind === 'changed');
  const [choices, setChoices] = useState<readonly Taken[]>(() => places.map(() => 'both'));
  const [edited, setEdited] = useState<string>();
  const text = edited ?? mergeText(hunks, choices, end);
  const bytes = useMemo(
    () =>
      encodeText(text, {
        hasMark: left?.encoding === 'utf-8' && left.hasMark,
        lineEnd: left?.lineEnd ?? '\n',
      }),
    [text, left],
  );
  const isTooLong = bytes.length > maxBytes;
  const isUtf8 = left?.encoding === 'utf-8' && right?.encoding === 'utf-8';

  const save = (): void => {
    onClose();
    attempt(async () => {
      const { undoId } = await engine.ask('conflictMerge', { id: conflict.id, bytes: toBase64(bytes) });
      engine.store.happened({
        kind: 'done',
        done: { what: 'resolved', count: 1, added: [], undo: [undoId] },
      });
    });
  };
  return (
    <Sheet
      isOpen
      isFull
      isFirm
      title={t.mergeByHandTitle(name)}
      onClose={onClose}
      actions={
        <>
          {edited === undefined ? null : (
            <Button className="button actions-first" onPress={() => setEdited(undefined)}>
              {t.mergeStartOver}
            </Button>
          )}
          <Button className="button" onPress={onBack}>
            {t.back}
          </Button>
          <Button className="button" data-kind="primary" isDisabled={isTooLong} onPress={save}>
            {t.mergeSave}
          </Button>
        </>
      }
    >
      <p>{t.mergeByHandBody}</p>
      <div className="merge">
        <ol className="merge-places" aria-label={t.mergePlaces}>
          {places.map((place, i) => (
            // The places of one comparison never move.
            <MergePlace
              key={i}
              label={t.mergePlace(i + 1, places.length)}
              place={place}
              value={choices[i] ?? 'both'}
              isDisabled={edited !== undefined}
              onChange={(value) => setChoices(choices.with(i, value))}
            />
          ))}
        </ol>
        <TextField className="field merge-result" value={text} onChange={setEdited}>
          <Label>{t.mergeResult}</Label>
          <TextArea className="input merge-text" spellCheck="false" />
        </TextField>
      </div>
      <output className="quiet">
        {[
          ...(edited === undefined ? [] : [t.mergeEdited]),
          ...(isUtf8 ? [] : [t.mergeSavedAs]),
          ...(isTooLong ? [t.mergeTooLong] : []),
        ].join(' ')}
      </output>
    </Sheet>
  );
}

function MergePlace(props: {
  readonly label: string;
  readonly place: Extract<Hunk, { kind: 'changed' }>;
  readonly value: Taken;
  readonly isDisabled: boolean;
  readonly onChange: (value: Taken) => void;
}) {
  const t = useWords();
  const { label, place, value, isDisabled, onChange } = props;
  const sides = [place.left, place.right];
  return (
    <li className="merge-place">
      {sides.map((lines, i) => (
        <div key={letterOf(i)} className="merge-lines" data-side={sideOf(i)}>
          <span className="letter" data-side={sideOf(i)}>
            {letterOf(i)}
          </span>
          {lines.length === 0 ? (
            <span className="quiet">{t.mergeNothing}</span>
          ) : (
            <pre>{lines.map(shownLine).join('\n')}</pre>
          )}
        </div>
      ))}
      <RadioGroup
        className="merge-choice"
        aria-label={label}
        orientation="horizontal"
        value={value}
        isDisabled={isDisabled}
        onChange={(taken) => onChange(taken as Taken)}
      >
        {(['left', 'right', 'both'] as const).map((taken, i) => (
          <Radio key={taken} value={taken} className="radio">
            <span className="radio-dot" aria-hidden="true" />
            {taken === 'both' ? t.takeBoth : t.takeOf(letterOf(i))}
          </Radio>
        ))}
      </RadioGroup>
    </li>
  );
}
