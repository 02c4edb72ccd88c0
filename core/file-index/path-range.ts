import { compareText } from '../base/base.ts';
import { parentOf, type RelativePath } from '../model/path.ts';

/** The column `parent` of a path: '' at the top. */
export const parentColumn = (path: RelativePath): string => parentOf(path) ?? '';

/** What lies below `directory` are the paths from `first` on and before `end`: `0` is the character after `/`. */
export const rangeBelow = (directory: RelativePath): { readonly first: string; readonly end: string } => ({
  first: `${directory}/`,
  end: `${directory}0`,
});

/** Sorts rows the way all of core orders paths. SQLite orders by UTF-8, which differs beyond U+FFFF. */
export function sortedByPath<Row extends { readonly path: RelativePath }>(rows: Row[]): Row[] {
  return rows.sort((a, b) => compareText(a.path, b.path));
}
