import type { DiskKind, Observed } from '../model/disk.ts';
import type { Content } from '../model/entry.ts';
import type { IncarnationId } from '../model/ids.ts';
import type { Dot, Past } from '../model/past.ts';
import { toBlob, toHash } from './hex.ts';

/** A {@link Content} as three columns. */
export interface ContentColumns {
  readonly kind: string | null;
  readonly content: Uint8Array | null;
  readonly size: number | null;
  readonly target: string | null;
}

/** The columns of `content`, in the order kind, content, size, target. */
export function contentToColumns(
  content: Content | undefined,
): [kind: string | null, content: Uint8Array | null, size: number | null, target: string | null] {
  switch (content?.kind) {
    case undefined:
      return [null, null, null, null];
    case 'file':
      return ['file', toBlob(content.content), content.sizeBytes, null];
    case 'symlink':
      return ['symlink', null, null, content.target];
    case 'directory':
      return ['directory', null, null, null];
  }
}

/** What {@link contentToColumns} stored. */
export function columnsToContent({ kind, content, size, target }: ContentColumns): Content | undefined {
  if (kind === 'file' && content !== null && size !== null) {
    return { kind: 'file', content: toHash(content), sizeBytes: size };
  }
  if (kind === 'symlink' && target !== null) return { kind: 'symlink', target };
  return kind === 'directory' ? { kind: 'directory' } : undefined;
}

/** An {@link Observed} as one line of text: its numbers do not fit a column, and nothing is ever searched by them. */
export function observedToText(observed: Observed): string {
  const { kind, sizeBytes, modifiedAtNs, changedAtNs, inode, device, mode, links } = observed;
  return [kind, sizeBytes, modifiedAtNs, changedAtNs, inode, device, mode, links].join(' ');
}

/** What {@link observedToText} wrote. */
export function textToObserved(text: string): Observed {
  const [kind = '', size, modified = '', changed = '', inode = '', device = '', mode, links] =
    text.split(' ');
  return {
    kind: kind as DiskKind,
    sizeBytes: Number(size),
    modifiedAtNs: BigInt(modified),
    changedAtNs: BigInt(changed),
    inode: BigInt(inode),
    device: BigInt(device),
    mode: Number(mode),
    links: Number(links),
  };
}

/** A {@link Past} as text: the vector, a bar, the exceptions. */
export function pastToText(past: Past): string {
  return `${dotsToText(past.vector)}|${dotsToText(past.except)}`;
}

/** What {@link pastToText} wrote. */
export function textToPast(text: string): Past {
  const bar = text.indexOf('|');
  return { vector: textToDots(text.slice(0, bar)), except: textToDots(text.slice(bar + 1)) };
}

/** Dots, or a vector, as one line of text. */
export const dotsToText = (dots: readonly Dot[]): string =>
  dots.map(({ incarnation, counter }) => `${incarnation}:${counter}`).join(' ');

/** What {@link dotsToText} wrote. */
export function textToDots(text: string): Dot[] {
  if (text === '') return [];
  return text.split(' ').map((dot) => {
    const colon = dot.indexOf(':');
    return { incarnation: dot.slice(0, colon) as IncarnationId, counter: Number(dot.slice(colon + 1)) };
  });
}
