import { joinDisk, type Watcher, type WatchHint } from '../filesystem/filesystem.ts';
import type { SeededRandom } from './seeded-random.ts';

/** A watcher that can be made to tell what is not so. */
export interface LyingWatcher extends Watcher {
  /** Tells every watch open now of something that did not happen. */
  lie(): void;
}

/** Adds lies to a watcher; without {@link LyingWatcher.lie} it is the same. */
export function createLyingWatcher(watcher: Watcher, random: SeededRandom): LyingWatcher {
  const lies = new Set<() => void>();
  return {
    open(root, hint) {
      const watch = watcher.open(root, hint);
      let watches = 0;
      const lie = (): void => {
        // One that watches nothing yet has nothing to tell.
        if (watches === 0) return;
        hint(
          random.pick<WatchHint>([
            { kind: 'lost' },
            { kind: 'incomplete', cause: 'ENOSPC' },
            ...[
              root,
              joinDisk(root, 'a'),
              joinDisk(root, 'never there'),
              joinDisk(joinDisk(root, 'b'), 'é'),
            ].map((directory) => ({ kind: 'dirty', directory }) as const),
          ]),
        );
      };
      lies.add(lie);
      return {
        ...watch,
        add(directory) {
          watches += 1;
          watch.add(directory);
        },
        close() {
          lies.delete(lie);
          watch.close();
        },
      };
    },
    lie() {
      for (const lie of lies) lie();
    },
  };
}
