/** The first place in `[start, end)` that is not before what is looked for, or `end`; all that `isBefore` says yes of stand in front. */
export function firstPlace(start: number, end: number, isBefore: (place: number) => boolean): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
