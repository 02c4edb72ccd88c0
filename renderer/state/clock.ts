/** Wall time, milliseconds since 1970 UTC. */
export function wallNow(): number {
  return Date.now();
}
