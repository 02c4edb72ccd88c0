import { type Clock, compareText, inPages } from '../base/base.ts';
import type { FolderIndex, Loss, LossCount, PendingRow } from '../file-index/file-index.ts';
import type { Hash, DeviceKey } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import { isMassChange, type MassChangeLimits, massChangeSpanMs, mostWithin } from '../plan/plan.ts';

/** LIMIT: losses remembered after they were carried out; they are only counted. */
const maxRemembered = 100_000;
/** How long a loss that was carried out counts: what an author did in a minute may take this long to arrive. */
const rememberMs = 60 * 60 * 1000;
/** LIMIT: pending rows read at a time. */
const rowsAtATime = 1_000;
const fact = 'mass-change';

/** Changes of one author that wait for a person: they would remove or replace a large part of the folder. */
export interface MassChange extends LossCount {
  /** When the first of them was learnt here, wall milliseconds. */
  readonly since: number;
}

/** What holds back the changes of an author who takes too much at once [PL13]. */
export interface MassChangeStop {
  /** Looks at what is pending and returns the authors whose losses have to wait; to be asked before anything is planned. */
  check(): ReadonlySet<DeviceKey>;
  /** Whether the losses of this author wait, as of the last check. */
  isStopped(author: DeviceKey): boolean;
  /** A loss was carried out at a path whose content is not elsewhere in the folder. */
  carriedOut(path: RelativePath, loss: Loss): void;
  /** What waits, by author. */
  waiting(): readonly MassChange[];
}

interface Stop {
  readonly author: DeviceKey;
  readonly since: number;
}

interface Remembered extends Loss {
  readonly learntAt: number;
  readonly doneAt: number;
}

/** Makes the stop of one folder; it remembers in the index for whom it stands. */
export function createMassChangeStop(dependencies: {
  readonly index: FolderIndex;
  readonly clock: Clock;
  limits(): MassChangeLimits;
  /** Something waits now, or nothing does any more. */
  changed(): void;
}): MassChangeStop {
  const { index, clock, limits } = dependencies;
  let stops = JSON.parse(index.fact(fact) ?? '[]') as readonly Stop[];
  let remembered: Remembered[] = [];

  const setStops = (next: readonly Stop[]): void => {
    stops = next;
    index.transaction(() => index.setFact(fact, next.length === 0 ? undefined : JSON.stringify(next)));
    dependencies.changed();
  };

  const isStopped = (author: DeviceKey): boolean => stops.some((stop) => stop.author === author);

  const learntAt = (path: RelativePath): number => index.changesOf(path, 1)[0]?.at ?? clock.now();

  /** The losses of `author` whose content neither stands elsewhere nor is about to come somewhere. */
  const realLosses = (author: DeviceKey, arriving: () => ReadonlySet<Hash>) =>
    index.pendingLosses(author, Number.MAX_SAFE_INTEGER).filter(({ path }) => {
      const content = index.base(path)?.content;
      if (content?.kind !== 'file') return true;
      const stands = index
        .pathsHolding(content.content, 2)
        .some((row) => row.path !== path && index.pendingAt(row.path)?.loss === undefined);
      return !stands && !arriving().has(content.content);
    });

  const arrivingContents = (): ReadonlySet<Hash> => {
    const contents = new Set<Hash>();
    for (const { path } of inPages<PendingRow>((last) => index.pending(last?.path, rowsAtATime))) {
      const content = index.view(path)?.content;
      if (content?.kind === 'file') contents.add(content.content);
    }
    return contents;
  };

  const judge = (count: LossCount, files: number, arriving: () => ReadonlySet<Hash>): Stop | undefined => {
    const { author } = count;
    const done = remembered.filter((loss) => loss.author === author);
    if (!isMassChange(count.removed + count.replaced + done.length, files, limits())) return undefined;
    const losses = realLosses(author, arriving);
    const moments = [...losses.map(({ loss }) => loss.at), ...done.map(({ at }) => at)];
    if (losses.length === 0 || !isMassChange(mostWithin(moments, massChangeSpanMs), files, limits()))
      return undefined;
    const since = [...losses.map(({ path }) => learntAt(path)), ...done.map((loss) => loss.learntAt)];
    return { author, since: since.reduce((least, at) => Math.min(least, at)) };
  };

  return {
    check() {
      const counts = index.lossCounts();
      const still = stops.filter(({ author }) => counts.some((count) => count.author === author));
      const oldest = clock.monotonic() - rememberMs;
      remembered = remembered.filter(({ doneAt }) => doneAt >= oldest);
      const removed = remembered.filter(({ kind }) => kind === 'removed').length;
      const files = counts.reduce((sum, count) => sum + count.removed, index.totals().files + removed);
      let contents: ReadonlySet<Hash> | undefined;
      const arriving = (): ReadonlySet<Hash> => {
        contents ??= arrivingContents();
        return contents;
      };
      const fresh = counts
        .filter(({ author }) => !isStopped(author))
        .flatMap((count) => judge(count, files, arriving) ?? []);
      if (fresh.length > 0 || still.length < stops.length) setStops([...still, ...fresh]);
      return new Set(stops.map(({ author }) => author));
    },
    isStopped,
    carriedOut(path, loss) {
      if (remembered.length < maxRemembered)
        remembered.push({ ...loss, learntAt: learntAt(path), doneAt: clock.monotonic() });
    },
    waiting() {
      const counts = index.lossCounts();
      return stops
        .flatMap(({ author, since }) => {
          const count = counts.find((other) => other.author === author);
          return count === undefined ? [] : [{ ...count, since }];
        })
        .sort((a, b) => compareText(a.author, b.author));
    },
  };
}
