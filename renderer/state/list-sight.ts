/** Rows that are in the page: from `first` on, before `last`. */
export interface Sight {
  readonly first: number;
  readonly last: number;
}

/** Rows in the page beyond each edge of what is seen, so that scrolling a little shows no gap. */
const margin = 4;

/** The rows in sight of a list scrolled down by `top` pixels and `height` pixels high. */
export function sightOf(list: {
  readonly top: number;
  readonly height: number;
  readonly rowHeight: number;
  readonly rows: number;
}): Sight {
  const { top, height, rowHeight, rows } = list;
  const first = Math.max(0, Math.floor(top / rowHeight) - margin);
  const last = Math.min(rows, Math.ceil((top + height) / rowHeight) + margin);
  return { first: Math.min(first, last), last };
}

/** The row that a key leads to; undefined for a key that leads to none. */
export function nextRow(
  key: string,
  { current, last, perPage }: { readonly current: number; readonly last: number; readonly perPage: number },
): number | undefined {
  const within = (index: number): number => Math.min(last, Math.max(0, index));
  switch (key) {
    case 'ArrowDown':
      return within(current + 1);
    case 'ArrowUp':
      return within(current - 1);
    case 'PageDown':
      return within(current + perPage);
    case 'PageUp':
      return within(current - perPage);
    case 'Home':
      return 0;
    case 'End':
      return within(last);
    default:
      return undefined;
  }
}

/** The next row whose name begins with what was typed, whatever isolates the name; a single letter again goes on from the row it led to. */
export function rowStartingWith(
  text: string,
  list: { readonly from: number; readonly rows: number; nameAt(index: number): string },
): number | undefined {
  const wanted = text.toLowerCase();
  const skip = text.length === 1 ? 1 : 0;
  for (let step = 0; step < list.rows; step += 1) {
    const index = (list.from + skip + step) % list.rows;
    const name = list
      .nameAt(index)
      .replace(/^\u2068/, '')
      .toLowerCase();
    if (name.startsWith(wanted)) return index;
  }
  return undefined;
}
