import { SyncError } from '../../core/model/errors.ts';

/** LIMIT: directories chosen and not used yet; nobody has more dialogs open. */
const maxPlaces = 16;

/** Directories that a person chose, by the tokens that stand for them in the window. */
export interface Places {
  keep(place: string, path: string): void;
  /** The path behind a token, which is spent by this. Throws SyncError `not-found` if there is none. */
  take(place: string): string;
}

/** No places yet; when there are too many, the oldest is forgotten. */
export function createPlaces(): Places {
  const paths = new Map<string, string>();
  return {
    keep(place, path) {
      paths.set(place, path);
      const [oldest] = paths.keys();
      if (paths.size > maxPlaces && oldest !== undefined) paths.delete(oldest);
    },
    take(place) {
      const path = paths.get(place);
      if (path === undefined) throw new SyncError('not-found', { what: 'place' });
      paths.delete(place);
      return path;
    },
  };
}
