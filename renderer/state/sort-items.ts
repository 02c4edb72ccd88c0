import type { DirectoryItem } from '../../app/ipc/contract.ts';

const collator = new Intl.Collator(undefined, { numeric: true });

/** As file managers have it: directories first, then by name, numbers by their value. */
export function sortItems(items: readonly DirectoryItem[]): readonly DirectoryItem[] {
  const rank = ({ kind }: DirectoryItem): number => (kind === 'directory' ? 0 : 1);
  return items.toSorted((a, b) => rank(a) - rank(b) || collator.compare(a.name, b.name));
}
