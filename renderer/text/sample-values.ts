/** For every function of words the values it is tried with: a function without them does not compile. */
export type Samples<W> = {
  readonly [K in keyof W as W[K] extends (...args: never[]) => string ? K : never]: readonly (W[K] extends (
    ...args: infer A
  ) => string
    ? A
    : never)[];
};

/** Names that are told from every word. */
export const A = 'Ωmega';
export const B = 'Ψsi';
export const earlier = '2025-03-05T12:00:00.000Z';
export const now = Date.parse('2026-03-05T13:00:00.000Z');
export const counts: readonly [number][] = [[0], [1], [2], [7], [41]];
export const name: readonly [string][] = [[A]];
export const names: readonly [readonly string[]][] = [[[A]], [[A, B]]];
export const flow: readonly [string, number][] = [[A, 7_000_000]];
