import { diffArrays, diffWordsWithSpace } from 'diff';

/** A part of a line; whether the other side does not have it. */
export interface Piece {
  readonly text: string;
  readonly isChanged: boolean;
}

/** A line of one side, counted from 1. */
export interface Line {
  readonly number: number;
  readonly pieces: readonly Piece[];
}

/** Lines both sides have, or what each has in their place. */
export type Hunk =
  | { readonly kind: 'same'; readonly lines: readonly string[] }
  | { readonly kind: 'changed'; readonly left: readonly string[]; readonly right: readonly string[] };

/** A row of the comparison, the two sides beside each other. */
export type DiffRow =
  | { readonly kind: 'same'; readonly left: number; readonly right: number; readonly text: string }
  | { readonly kind: 'changed'; readonly left: Line | undefined; readonly right: Line | undefined }
  /** Lines that are the same and left out. */
  | { readonly kind: 'gap'; readonly lines: number };

/** LIMIT: how long two texts are compared; what takes longer has little in common. */
const maxMs = 3_000;
/** LIMIT: of a line compared word by word. */
const maxLineLength = 4_000;
/** Lines shown around a change. */
const context = 3;

/** The lines of a text. A line break ends a line: after the last one there is none. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** What two texts have in common and where they differ, line by line; undefined when that would take too long to find. */
export function hunksOf(left: string, right: string): readonly Hunk[] | undefined {
  const changes = diffArrays([...linesOf(left)], [...linesOf(right)], { timeout: maxMs });
  if (changes === undefined) return undefined;
  const hunks: Hunk[] = [];
  for (const { value, added, removed } of changes) {
    const last = hunks.at(-1);
    if (!added && !removed) hunks.push({ kind: 'same', lines: value });
    else if (last?.kind === 'changed')
      hunks[hunks.length - 1] = added
        ? { ...last, right: [...last.right, ...value] }
        : { ...last, left: [...last.left, ...value] };
    else hunks.push({ kind: 'changed', left: removed ? value : [], right: added ? value : [] });
  }
  return hunks;
}

/** The rows of a comparison, changed lines word by word, long stretches of the same left out. */
export function rowsOf(hunks: readonly Hunk[]): readonly DiffRow[] {
  let [left, right] = [1, 1];
  const rows: DiffRow[] = [];
  hunks.forEach((hunk, i) => {
    if (hunk.kind === 'same') {
      const head = i === 0 ? 0 : context;
      const tail = i === hunks.length - 1 ? 0 : context;
      const hidden = hunk.lines.length - head - tail;
      hunk.lines.forEach((text, n) => {
        if (hidden <= 1 || n < head || n >= hunk.lines.length - tail)
          rows.push({ kind: 'same', left: left + n, right: right + n, text });
        else if (n === head) rows.push({ kind: 'gap', lines: hidden });
      });
      left += hunk.lines.length;
      right += hunk.lines.length;
      return;
    }
    for (let n = 0; n < Math.max(hunk.left.length, hunk.right.length); n += 1) {
      const { a, b } = compareLines(hunk.left[n], hunk.right[n]);
      rows.push({
        kind: 'changed',
        left: a && { number: left + n, pieces: a },
        right: b && { number: right + n, pieces: b },
      });
    }
    left += hunk.left.length;
    right += hunk.right.length;
  });
  return rows;
}

/** How many places differ. */
export function changesIn(hunks: readonly Hunk[]): number {
  return hunks.filter(({ kind }) => kind === 'changed').length;
}

function compareLines(
  left: string | undefined,
  right: string | undefined,
): { readonly a: readonly Piece[] | undefined; readonly b: readonly Piece[] | undefined } {
  const whole = (text: string | undefined): readonly Piece[] | undefined =>
    text === undefined ? undefined : [{ text, isChanged: true }];
  if (left === undefined || right === undefined || left.length + right.length > maxLineLength)
    return { a: whole(left), b: whole(right) };
  const changes = diffWordsWithSpace(left, right);
  const side = (other: 'added' | 'removed'): readonly Piece[] =>
    changes.flatMap((change) =>
      change[other] ? [] : [{ text: change.value, isChanged: change.added || change.removed }],
    );
  return { a: side('added'), b: side('removed') };
}
