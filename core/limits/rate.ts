/** Bytes a second; null is as fast as it goes. */
export type Rate = number | null;

/** LIMIT: slower than this, and devices would take one another for stuck. */
export const leastRateBps = 10_000;
/** LIMIT: beyond what any wire carries. */
export const mostRateBps = 1e12;

const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  k: 1024,
  K: 1024,
  KiB: 1024,
  kB: 1000,
  KB: 1000,
  M: 1024 ** 2,
  MiB: 1024 ** 2,
  MB: 1000 ** 2,
  G: 1024 ** 3,
  GiB: 1024 ** 3,
  GB: 1000 ** 3,
};

/** A rate as a person writes it: bytes a second such as `500000`, `500k`, `1.5MiB`, `2MB/s`; `none` and `0` are null. Undefined for what is none, or out of bounds. */
export function parseRate(text: string): Rate | undefined {
  if (text === 'none') return null;
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)(?:\/s)?$/.exec(text.trim()) ?? [];
  if (count === '' || !Object.hasOwn(unitBytes, unit)) return undefined;
  const rateBps = Math.round(Number(count) * (unitBytes[unit] ?? 0));
  if (rateBps === 0) return null;
  return rateBps >= leastRateBps && rateBps <= mostRateBps ? rateBps : undefined;
}

/** A rate that {@link parseRate} reads as the same. */
export function formatRate(rate: Rate): string {
  if (rate === null) return 'none';
  for (const unit of ['GiB', 'MiB', 'KiB'] as const) {
    const size = unitBytes[unit] as number;
    if (rate >= size && rate % size === 0) return `${rate / size}${unit}`;
  }
  return String(rate);
}
