import { useEffect, useState } from 'react';
import type { ConflictListing, ConflictVersion } from '../../app/ipc/contract.ts';
import { letterOf } from '../state/letters.ts';
import { loadPreview, type Preview } from '../state/preview.ts';
import { placeOf } from '../state/select.ts';
import { Choice } from './choice.tsx';
import { useEngine } from './engine-context.ts';
import { PictureCompare } from './picture-compare.tsx';
import { Segments } from './segments.tsx';
import { TextDiff } from './text-diff.tsx';
import { type Answer, useAnswer } from './use-answer.ts';
import { useWords } from './words-context.ts';

type TextPreview = Extract<Preview, { kind: 'text' }>;

/** How the versions of a conflict differ, two at a time. `onTexts` hears of those two when both are text. */
export function VersionCompare(props: {
  readonly conflict: ConflictListing;
  readonly who: (key: string) => string;
  readonly onTexts: (texts: readonly TextPreview[] | undefined) => void;
}) {
  const t = useWords();
  const { conflict, who, onTexts } = props;
  const { versions } = conflict;
  const [chosen, setChosen] = useState<readonly [number, number]>([0, 1]);
  const [manner, setManner] = useState<'beside' | 'inline' | 'swipe'>('beside');
  const [left, right] = chosen;
  const a = usePreview(conflict, versions[left]);
  const b = usePreview(conflict, versions[right]);
  const [first, second] = [a.value, b.value];

  useEffect(() => {
    onTexts(first?.kind === 'text' && second?.kind === 'text' ? [first, second] : undefined);
  }, [first, second, onTexts]);

  const options = versions.map(({ device }, i) => ({
    id: String(i),
    name: `${letterOf(i)}: ${who(device)}`,
  }));
  const isText = first?.kind === 'text' && second?.kind === 'text';
  const isPicture = first?.kind === 'picture' && second?.kind === 'picture';
  const pickers =
    versions.length === 2 ? null : (
      <>
        <Choice
          label={t.compareWith}
          options={options}
          value={String(left)}
          onChange={(id) => setChosen([Number(id), right])}
        />
        <Choice
          label={t.compareTo}
          options={options}
          value={String(right)}
          onChange={(id) => setChosen([left, Number(id)])}
        />
      </>
    );
  const other = isText ? 'inline' : 'swipe';
  const manners = (
    <Segments
      label={t.compareLabel}
      value={manner === other ? other : 'beside'}
      options={[
        { id: 'beside', name: t.sideBySide },
        { id: other, name: isText ? t.inline : t.swipe },
      ]}
      onChange={setManner}
    />
  );
  return (
    <section className="compare" aria-label={t.compareLabel}>
      {isText ? (
        <TextDiff
          left={{ letter: letterOf(left), decoded: first.decoded }}
          right={{ letter: letterOf(right), decoded: second.decoded }}
          manner={manner === 'inline' ? 'inline' : 'beside'}
          pickers={pickers}
          manners={manners}
        />
      ) : isPicture ? (
        <>
          <div className="compare-head">
            {pickers}
            {manners}
          </div>
          <PictureCompare
            left={{ letter: letterOf(left), source: first.source }}
            right={{ letter: letterOf(right), source: second.source }}
            manner={manner === 'swipe' ? 'swipe' : 'beside'}
          />
        </>
      ) : (
        <>
          <div className="compare-head">{pickers}</div>
          <WhyNot answers={[a, b]} letters={[letterOf(left), letterOf(right)]} />
        </>
      )}
    </section>
  );
}

function usePreview(
  { folderId, path }: ConflictListing,
  version: ConflictVersion | undefined,
): Answer<Preview> {
  const engine = useEngine();
  return useAnswer(`${folderId}:${path} ${version?.version ?? ''}`, (signal) =>
    version?.kind === 'file'
      ? loadPreview(
          engine,
          { path: placeOf(folderId, path), version: version.version, sizeBytes: version.size },
          signal,
        )
      : Promise.resolve<Preview>({ kind: 'facts', why: 'other' }),
  );
}

function WhyNot(props: {
  readonly answers: readonly [Answer<Preview>, Answer<Preview>];
  readonly letters: readonly [string, string];
}) {
  const t = useWords();
  const { answers, letters } = props;
  if (answers.some(({ value, error }) => value === undefined && error === undefined))
    return <output className="quiet">{t.comparing}</output>;
  const refused = answers.flatMap(({ error }, i) =>
    error === undefined ? [] : [`${letters[i]}: ${t.cannotRead} ${t.explainError(error)}`],
  );
  const facts = answers.flatMap(({ value }) => (value?.kind === 'facts' ? [value.why] : []));
  const why =
    refused.length > 0
      ? refused.join(' ')
      : facts.includes('too-large')
        ? t.tooLarge
        : facts.length === 2
          ? t.noText
          : t.differentKinds;
  return (
    <p className="compare-none">
      <strong>{t.cannotCompare}</strong> {why}
    </p>
  );
}
