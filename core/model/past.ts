import { compareText } from '../base/pure.ts';
import type { IncarnationId } from './ids.ts';

/** Names one write: a counter that rises strictly over all paths of one incarnation. */
export interface Dot {
  readonly incarnation: IncarnationId;
  /** A whole number from 1 to 2^53 - 1. */
  readonly counter: number;
}

/**
 * The writes at one path that an author had before their eyes: a version vector minus exceptions.
 * A dot is in it iff its counter is at most the vector's for its incarnation and it is not among the exceptions.
 * Canonical: `vector` by incarnation, `except` by incarnation and counter, no exception outside the vector, none twice.
 */
export interface Past {
  readonly vector: readonly VectorItem[];
  readonly except: readonly Dot[];
}

/** One incarnation's highest counter in a {@link Past}, a context or a floor; lists of them go by incarnation. */
export interface VectorItem {
  readonly incarnation: IncarnationId;
  readonly counter: number;
}

/** How one past stands to another. */
export type PastOrder = 'equal' | 'before' | 'after' | 'concurrent';

/** LIMIT: more exceptions or incarnations than this at one path come only from a broken or hostile device. */
export const maxPastExceptions = 64;
/** LIMIT: see {@link maxPastExceptions}. */
export const maxPastIncarnations = 256;

/** LIMIT: incarnations in a context or floor; a folder gets one per index file ever made for it. */
export const maxVectorIncarnations = 4096;

/** The past of someone who has seen nothing. */
export const emptyPast: Past = { vector: [], except: [] };

/** Order of two dots: by incarnation, then counter. */
export function compareDots(a: Dot, b: Dot): number {
  return compareText(a.incarnation, b.incarnation) || a.counter - b.counter;
}

/** Whether two dots name the same write. */
export function sameDot(a: Dot, b: Dot): boolean {
  return a.counter === b.counter && a.incarnation === b.incarnation;
}

/** The highest counter `vector` has for `incarnation`, 0 if none. */
export function counterOf(vector: readonly VectorItem[], incarnation: IncarnationId): number {
  for (const item of vector) if (item.incarnation === incarnation) return item.counter;
  return 0;
}

/** Whether `dot` is in `past`. */
export function pastHas(past: Past, dot: Dot): boolean {
  return (
    counterOf(past.vector, dot.incarnation) >= dot.counter && !past.except.some((hole) => sameDot(hole, dot))
  );
}

/** Everything in `a` or in `b`: vectors joined; an exception stays unless the other past has that dot. */
export function unionPasts(a: Past, b: Past): Past {
  const except = [
    ...a.except.filter((hole) => !pastHas(b, hole)),
    ...b.except.filter((hole) => !pastHas(a, hole) && !a.except.some((other) => sameDot(other, hole))),
  ];
  return { vector: joinVectors(a.vector, b.vector), except: except.sort(compareDots) };
}

/** Componentwise maximum of two vectors, sorted by incarnation. */
export function joinVectors(a: readonly VectorItem[], b: readonly VectorItem[]): VectorItem[] {
  const highest = new Map<IncarnationId, number>();
  for (const item of [...a, ...b])
    highest.set(item.incarnation, Math.max(item.counter, highest.get(item.incarnation) ?? 0));
  return [...highest]
    .map(([incarnation, counter]) => ({ incarnation, counter }))
    .sort((x, y) => compareText(x.incarnation, y.incarnation));
}

/**
 * `past` and `dot` in it, with an exception for each of `unseen` that the vector would cover only because it now reaches `dot`.
 * What `past` already has stays in it.
 */
export function extendPast(past: Past, dot: Dot, unseen: readonly Dot[]): Past {
  const vector = joinVectors(past.vector, [dot]);
  const holes = new Map<string, Dot>();
  const consider = (hole: Dot): void => {
    if (sameDot(hole, dot) || counterOf(vector, hole.incarnation) < hole.counter) return;
    holes.set(`${hole.incarnation} ${hole.counter}`, hole);
  };
  for (const hole of past.except) consider(hole);
  for (const hole of unseen) if (!pastHas(past, hole)) consider(hole);
  return { vector, except: [...holes.values()].sort(compareDots) };
}

/** How the dots in `a` stand to the dots in `b`; `before` means every dot of `a` is in `b` and not the other way round. */
export function comparePasts(a: Past, b: Past): PastOrder {
  const within = isWithin(a, b);
  const contains = isWithin(b, a);
  if (within && contains) return 'equal';
  if (within) return 'before';
  return contains ? 'after' : 'concurrent';
}

/** Whether two canonical pasts are the same, item by item. */
export function samePast(a: Past, b: Past): boolean {
  return (
    a.vector.length === b.vector.length &&
    a.except.length === b.except.length &&
    a.vector.every((item, i) => sameDot(item, b.vector[i] as VectorItem)) &&
    a.except.every((hole, i) => sameDot(hole, b.except[i] as Dot))
  );
}

/** Whether every dot of `past` has a counter of at most `vector`'s for its incarnation. */
export function isUnderVector(past: Past, vector: readonly VectorItem[]): boolean {
  return past.vector.every((item) => item.counter <= counterOf(vector, item.incarnation));
}

/** Whether the write is at most where `vector` stands for its incarnation. */
export function vectorHas(vector: readonly VectorItem[], { incarnation, counter }: Dot): boolean {
  return counter <= counterOf(vector, incarnation);
}

/** Whether `a` is nowhere higher than `b`. */
export function isVectorWithin(a: readonly VectorItem[], b: readonly VectorItem[]): boolean {
  return a.every((item) => vectorHas(b, item));
}

/** Componentwise minimum, sorted by incarnation; what one of them lacks is left out, and the minimum of none is empty. */
export function meetVectors(vectors: readonly (readonly VectorItem[])[]): VectorItem[] {
  const [first = [], ...others] = vectors;
  return first.flatMap(({ incarnation, counter }) => {
    const least = Math.min(counter, ...others.map((other) => counterOf(other, incarnation)));
    return least === 0 ? [] : [{ incarnation, counter: least }];
  });
}

function isWithin(a: Past, b: Past): boolean {
  return a.vector.every((item) => coversUpTo(item, a, b)) && b.except.every((hole) => !pastHas(a, hole));
}

/** Counters above b's vector are in `a` unless excepted there one by one; exceptions are few, so a gap of that size is counted, not walked. */
function coversUpTo(item: VectorItem, a: Past, b: Past): boolean {
  const reach = counterOf(b.vector, item.incarnation);
  if (item.counter <= reach) return true;
  const holes = a.except.filter(
    (hole) => hole.incarnation === item.incarnation && hole.counter > reach,
  ).length;
  return item.counter - reach <= holes;
}
