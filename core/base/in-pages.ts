/**
 * All rows of what is read page by page. `page` gives the rows after `last`, and none once there are no more. What is added behind the last row
 * given while this runs may be missed.
 */
export function* inPages<T>(page: (last: T | undefined) => readonly T[]): Generator<T> {
  for (let rows = page(undefined); rows.length > 0; rows = page(rows.at(-1))) yield* rows;
}
