/** Wall time, milliseconds since 1970 UTC, for what a person gave as a span from now. */
export function wallNow(): number {
  return Date.now();
}
