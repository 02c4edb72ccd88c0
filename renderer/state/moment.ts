import { wallNow } from './clock.ts';

/** The moment a directory is looked at. */
export type Moment =
  | { readonly kind: 'now' }
  | { readonly kind: 'hour' | 'day' | 'week' | 'field'; readonly iso: string };

const hourMs = 3_600_000;
const spans = { hour: hourMs, day: 24 * hourMs, week: 7 * 24 * hourMs } as const;

/** The moment so long ago. */
export function isoAgo(span: keyof typeof spans): string {
  return new Date(wallNow() - spans[span]).toISOString();
}

/** What a field for date and time says, in the machine's time zone; undefined while it says nothing whole. */
export function isoOfField(value: string): string | undefined {
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
