import { Fragment, type ReactNode, useMemo } from 'react';
import type { Decoded } from '../state/decode-text.ts';
import { changesIn, type DiffRow, hunksOf, type Line, rowsOf } from '../state/diff-text.ts';
import { shownLine } from '../text/format.ts';
import { useWords } from './words-context.ts';

/** LIMIT: rows in the page; a longer comparison is for another program. */
const maxRows = 1_500;

/** A text with the letter of its version. */
export interface LetteredText {
  readonly letter: string;
  readonly decoded: Extract<Decoded, { kind: 'text' }>;
}

/** Two texts compared line by line and word by word. */
export function TextDiff(props: {
  readonly left: LetteredText;
  readonly right: LetteredText;
  readonly manner: 'beside' | 'inline';
  /** What chooses the texts, if any does; it stands before what is said of the comparison. */
  readonly pickers: ReactNode;
  /** What chooses the manner. */
  readonly manners: ReactNode;
}) {
  const t = useWords();
  const { left, right, manner, pickers, manners } = props;
  const hunks = useMemo(() => hunksOf(left.decoded.text, right.decoded.text), [left.decoded, right.decoded]);
  const rows = useMemo(() => (hunks === undefined ? [] : rowsOf(hunks)), [hunks]);
  if (hunks === undefined)
    return (
      <>
        <div className="compare-head">{pickers}</div>
        <p className="compare-none">
          <strong>{t.cannotCompare}</strong> {t.tooDifferent}
        </p>
      </>
    );
  const count = changesIn(hunks);
  const endsInBreak = [left, right].filter(({ decoded }) => decoded.text.endsWith('\n'));
  const facts = [
    count === 0 ? t.sameText : t.placesDiffer(count),
    ...(endsInBreak.length === 1 ? endsInBreak.map(({ letter }) => t.onlyOneEnds(letter)) : []),
    ...(left.decoded.lineEnd === right.decoded.lineEnd ? [] : [t.lineEndsDiffer]),
    ...[left, right].flatMap(({ letter, decoded: { encoding, isGuess } }) =>
      encoding === 'utf-8' ? [] : [t.encodedAs(letter, encoding, isGuess)],
    ),
  ];
  const caption = t.diffCaption(left.letter, right.letter);
  return (
    <>
      <div className="compare-head">
        {pickers}
        {manners}
        <p className="quiet">{facts.join(' · ')}</p>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keyboard */}
      <section className="diff-frame" aria-label={caption} tabIndex={0}>
        <table className="diff" data-manner={manner}>
          <caption className="unseen">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{left.letter}</th>
              {manner === 'beside' ? <th scope="col">{t.versionLetter(left.letter)}</th> : null}
              <th scope="col">{right.letter}</th>
              <th scope="col">
                {manner === 'beside'
                  ? t.versionLetter(right.letter)
                  : `${t.versionLetter(left.letter)}, ${t.versionLetter(right.letter)}`}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, maxRows).map((row, i) => (
              // Rows of one comparison never move.
              <Row key={i} row={row} letters={[left.letter, right.letter]} manner={manner} />
            ))}
          </tbody>
        </table>
        {rows.length > maxRows ? <p className="quiet">{t.moreRows(rows.length - maxRows)}</p> : null}
      </section>
    </>
  );
}

function Row(props: {
  readonly row: DiffRow;
  readonly letters: readonly [string, string];
  readonly manner: 'beside' | 'inline';
}) {
  const t = useWords();
  const { row, letters, manner } = props;
  const isBeside = manner === 'beside';
  if (row.kind === 'gap')
    return (
      <tr className="diff-gap">
        <td colSpan={isBeside ? 4 : 3}>{t.sameLines(row.lines)}</td>
      </tr>
    );
  if (row.kind === 'same')
    return (
      <tr>
        <td className="diff-number">{row.left}</td>
        {isBeside ? <td className="diff-text">{shownLine(row.text)}</td> : null}
        <td className="diff-number">{row.right}</td>
        <td className="diff-text">{shownLine(row.text)}</td>
      </tr>
    );
  const sides = [
    { line: row.left, side: 'a', letter: letters[0] },
    { line: row.right, side: 'b', letter: letters[1] },
  ] as const;
  if (isBeside)
    return (
      <tr>
        {sides.map(({ line, side }) => (
          <Fragment key={side}>
            <td className="diff-number" data-side={line && side}>
              {line?.number}
            </td>
            <Text line={line} side={side} />
          </Fragment>
        ))}
      </tr>
    );
  return sides.map(({ line, side, letter }) =>
    line === undefined ? null : (
      <tr key={side}>
        <td className="diff-number" data-side={side}>
          {side === 'a' ? line.number : ''}
        </td>
        <td className="diff-number" data-side={side}>
          {side === 'b' ? line.number : ''}
        </td>
        <Text line={line} side={side} letter={letter} />
      </tr>
    ),
  );
}

function Text(props: {
  readonly line: Line | undefined;
  readonly side: 'a' | 'b';
  readonly letter?: string;
}) {
  const t = useWords();
  const { line, side, letter } = props;
  if (line === undefined) return <td className="diff-text" data-side="none" aria-label={t.mergeNothing} />;
  return (
    <td className="diff-text" data-side={side}>
      {letter === undefined ? null : (
        <span className="letter" data-side={side}>
          {letter}
        </span>
      )}
      {line.pieces.map(({ text, isChanged }, i) =>
        // Pieces of one line never move.
        isChanged ? <mark key={i}>{shownLine(text)}</mark> : <Fragment key={i}>{shownLine(text)}</Fragment>,
      )}
    </td>
  );
}
