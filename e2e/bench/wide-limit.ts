import type { WideRow } from './row.ts';
import { wideLink } from './wide-rows.ts';

/** What a row asks of the links at the least, without headers, repeats or anything sent twice. */
export interface WideLimit {
  /** All that hosts have to be given. */
  readonly bytes: number;
  /** Below this it cannot be done: what a host alone has must leave it once, what it lacks must reach it, and all together can send only so much. */
  readonly swarmS: number;
  /** The same if each host is sent everything by those that had it when the work began, and passes nothing on. */
  readonly directS: number;
}

export function wideLimit({ hosts, news }: WideRow, scale: number): WideLimit {
  const places = Array.from({ length: hosts }, (_, at) => at);
  const sum = (share: (piece: WideRow['news'][number]) => number): number =>
    news.reduce((all, piece) => all + share(piece) * piece.sizeBytes * scale, 0);
  const most = (ofHost: (at: number) => number): number => Math.max(...places.map(ofHost));
  const bytes = sum(({ to }) => to.length);
  const taken = most((at) => sum(({ to }) => (to.includes(at) ? 1 : 0)));
  const givenOnce = most((at) => sum(({ from }) => (from.length === 1 && from[0] === at ? 1 : 0)));
  const givenToAll = most((at) => sum(({ from, to }) => (from.includes(at) ? to.length / from.length : 0)));
  const seconds = (most: number): number => (most * 8) / (wideLink.mbit * 1e6);
  return {
    bytes,
    swarmS: seconds(Math.max(taken, givenOnce, bytes / hosts)),
    directS: seconds(Math.max(taken, givenToAll)),
  };
}
