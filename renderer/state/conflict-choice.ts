import type { ConflictListing, ConflictVersion } from '../../app/ipc/contract.ts';

/** What is wished for many conflicts at once. */
export type ManyChoice =
  | { readonly kind: 'both' }
  | { readonly kind: 'newest' }
  | { readonly kind: 'shown' }
  | { readonly kind: 'device'; readonly device: string };

/** What a wish means for one conflict: one version stays, all do, or it is left open. */
export type Outcome =
  | { readonly kind: 'keep'; readonly version: ConflictVersion }
  | { readonly kind: 'both' }
  | { readonly kind: 'left' };

/** What comes of a wish for one conflict. */
export function outcomeOf({ versions }: ConflictListing, choice: ManyChoice): Outcome {
  const [shown] = versions;
  switch (choice.kind) {
    case 'both':
      return { kind: 'both' };
    case 'shown':
      return shown === undefined ? { kind: 'left' } : { kind: 'keep', version: shown };
    case 'newest': {
      const newest = versions.toSorted((a, b) => (a.changedAt < b.changedAt ? 1 : -1))[0];
      return newest === undefined ? { kind: 'left' } : { kind: 'keep', version: newest };
    }
    case 'device': {
      const theirs = versions.find(({ device }) => device === choice.device);
      return theirs === undefined ? { kind: 'left' } : { kind: 'keep', version: theirs };
    }
  }
}

/** Every device that wrote a version in one of these conflicts, by how many it wrote, most first. */
export function devicesIn(conflicts: readonly ConflictListing[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { versions } of conflicts)
    for (const { device } of versions) if (device !== '') counts.set(device, (counts.get(device) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([device]) => device);
}
