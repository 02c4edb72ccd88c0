import type { Hunk } from './diff-text.ts';

/** Whose lines stand where two texts differ. */
export type Taken = 'left' | 'right' | 'both';

/** The text that takes what `choices` says at each place where the two differ, in order; the left where nothing is said. `end` stands after its last line. */
export function mergeText(hunks: readonly Hunk[], choices: readonly Taken[], end: '' | '\n'): string {
  let place = 0;
  const lines = hunks.flatMap((hunk) => {
    if (hunk.kind === 'same') return hunk.lines;
    const choice = choices[place] ?? 'left';
    place += 1;
    if (choice === 'both') return [...hunk.left, ...hunk.right];
    return choice === 'left' ? hunk.left : hunk.right;
  });
  return lines.length === 0 ? '' : lines.join('\n') + end;
}
