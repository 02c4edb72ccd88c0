import type { Measured } from './record.ts';
import { type Summary, summaryOf } from './summary.ts';
import { tools } from './tools.ts';

/** LIMIT: with other programs on more than this share of one processor a figure proves nothing. */
export const quietOthers = 0.15;
const yardstick = 'rsync';

/** One program's figures in a row. */
export interface Line {
  readonly measured: Measured;
  readonly title: string;
  readonly summary: Summary;
  /** Its time beside rsync's, if both were measured at the same scale. */
  readonly ratio: number | undefined;
}

/** What each program did in a row, in the order of the report. */
export function linesOf(row: string, records: readonly Measured[]): readonly Line[] {
  const found = tools.flatMap(({ id, title }) => {
    const measured = records.find((record) => record.row === row && record.tool === id);
    return measured === undefined ? [] : [{ measured, title, summary: summaryOf(measured) }];
  });
  const beside = found.find(({ measured }) => measured.tool === yardstick);
  return found.map((line) => ({
    ...line,
    ratio:
      beside === undefined || beside.measured.scale !== line.measured.scale
        ? undefined
        : line.summary.seconds.median / beside.summary.seconds.median,
  }));
}

/** A table whose lines begin with a name. */
export function tableOf(columns: readonly string[], lines: readonly (readonly string[])[]): string {
  const head = ['', ...columns];
  return [head, head.map((_, at) => (at === 0 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** The median, with the least and the most. */
export function spread({ median, least, most }: Summary['seconds'], say: (figure: number) => string): string {
  return least === most ? say(median) : `${say(median)} (${say(least)}–${say(most)})`;
}

/** When and how some lines were measured. */
export function circumstances(lines: readonly Line[]): string {
  const sayAll = (of: (line: Line) => string | number): string => [...new Set(lines.map(of))].join(', ');
  const isQuiet = lines.every(({ summary }) => summary.othersUsed <= quietOthers);
  const runs = sayAll(({ measured }) => measured.runs.length);
  const scale = sayAll(({ measured }) => measured.scale);
  const day = sayAll(({ measured }) => measured.at.slice(0, 10));
  return [
    `${day}, runs of each: ${runs}${scale === '1' ? '' : `, **at ${scale} of the full size**`}.`,
    ...(isQuiet ? [] : ['**Measured while other programs ran: the times show an order, not a speed.**']),
  ].join(' ');
}
