import { type Content } from '../model/entry.ts';
import { SyncError } from '../model/errors.ts';
import { prefixOfContent } from '../reconcile/reconcile.ts';

/** LIMIT: a shorter beginning is too easily somebody else's. */
const shortestBeginning = 7;

/** How a version is called everywhere: by what it is, so that every device calls it the same. */
export function versionNameOf(content: Content): string {
  return prefixOfContent(content);
}

/** The one of `versions` that `text` names, by its name or hash or a beginning of either; throws SyncError `not-found` or `ambiguous`. */
export function findVersion<V extends { readonly content: Content }>(
  versions: readonly V[],
  text: string,
): V {
  const fits = ({ content }: V): boolean =>
    [versionNameOf(content), content.kind === 'file' ? content.content : ''].some(
      (name) => name === text || (text.length >= shortestBeginning && name.startsWith(text)),
    );
  const matches = versions.filter(fits);
  const names = new Set(matches.map(({ content }) => versionNameOf(content)));
  if (names.size > 1) throw new SyncError('ambiguous', { what: 'version', text });
  const [match] = matches;
  if (match === undefined) throw new SyncError('not-found', { what: 'version', text });
  return match;
}
