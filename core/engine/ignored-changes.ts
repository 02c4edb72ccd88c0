import type { Member } from '../model/entry.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';

/** LIMIT: paths remembered of one device. */
const maxPaths = 1_000;

/** Changes that devices made and sent though they may only read the folder: they are not taken, and a person should know. */
export interface IgnoredChanges {
  note(members: readonly Member[]): void;
  /** A device has nothing any more that this one has not. */
  inStepWith(device: DeviceKey): void;
  /** Forgets what devices did that may change the folder now. */
  forgetAllBut(isReader: (device: DeviceKey) => boolean): void;
  problems(): readonly Problem[];
}

/** Such changes of one folder since the start; as long as a device has them it sends them again. */
export function createIgnoredChanges(): IgnoredChanges {
  const byDevice = new Map<DeviceKey, Set<RelativePath>>();
  return {
    note(members) {
      for (const { author, entry } of members) {
        const paths = byDevice.get(author) ?? new Set();
        byDevice.set(author, paths);
        if (paths.size < maxPaths) paths.add(entry.path);
      }
    },
    inStepWith: (device) => void byDevice.delete(device),
    forgetAllBut(isReader) {
      for (const device of byDevice.keys()) if (!isReader(device)) byDevice.delete(device);
    },
    problems: () =>
      [...new Set([...byDevice.values()].flatMap((paths) => [...paths]))]
        .sort()
        .map((path): Problem => ({ kind: 'ignored-change', path, where: path })),
  };
}
