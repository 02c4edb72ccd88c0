import type { DiskPath } from '../../filesystem/filesystem.ts';
import type { ApplyWorld } from './apply-world.ts';
import { hold, learn, metadataPath, remoteTimeNs, type Wanted } from './small-engine.ts';

/** What stands in the folder before: every kind of thing, each with a text of its own. */
const before: Readonly<Record<string, string>> = {
  'doc.txt': 'old doc',
  'gone.txt': 'old gone',
  'move-from.txt': 'old moved',
  'swap-a.txt': 'old a',
  'swap-b.txt': 'old b',
  'chain-1.txt': 'old one',
  'chain-2.txt': 'old two',
  'file-to-dir': 'old file that becomes a directory',
  'dir-to-file': 'dir',
  sub: 'dir',
  'sub/deep.txt': 'old deep',
  link: '-> old-target',
  'link-to-file': '-> old-other-target',
  [metadataPath]: 'same bytes',
};

const after: Readonly<Record<string, string | undefined>> = {
  'doc.txt': 'new doc, longer than before',
  'gone.txt': undefined,
  'move-from.txt': undefined,
  'move-to.txt': 'old moved',
  'swap-a.txt': 'old b',
  'swap-b.txt': 'old a',
  'chain-1.txt': undefined,
  'chain-2.txt': 'old one',
  'chain-3.txt': 'old two',
  'file-to-dir': 'dir',
  'file-to-dir/child.txt': 'new child',
  'dir-to-file': 'new file where a directory was',
  sub: 'dir',
  'sub/deep.txt': 'new deep',
  'sub/fresh.txt': 'new fresh',
  link: '-> new-target',
  'link-to-file': 'new file where a link was',
  [metadataPath]: 'same bytes',
};

/**
 * What a path may show at any moment: what stood there or what is wanted; and nothing, under an intent, between two of different kinds, and
 * where the disk can neither exchange nor link.
 */
export function mayShow(
  path: string,
  { canReplace }: { readonly canReplace: boolean },
): readonly (string | undefined)[] {
  const [old, wanted] = [before[path], after[path]];
  const isSwap = old !== undefined && wanted !== undefined && (old === 'dir') !== (wanted === 'dir');
  return isSwap || !canReplace ? [old, wanted, undefined] : [old, wanted];
}

/** Every path that stands before or after. */
export const storyPaths: readonly string[] = [...new Set([...Object.keys(before), ...Object.keys(after)])];

/** The texts that were there before and are a user's: none may vanish. */
export const oldTexts: readonly string[] = Object.values(before).filter((text) => text !== 'dir');

/** The tree when all is done. */
export const storyEnd: ReadonlyMap<string, string> = new Map(
  Object.entries(after).flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const])),
);

/** Puts what stands before into the folder, flushed, as held rows; gives what is wanted. */
export async function beginStory(world: ApplyWorld): Promise<Wanted> {
  const { inner, root, user } = world;
  const at = (path: string): DiskPath => root.at(path);
  for (const [path, text] of Object.entries(before)) {
    if (text === 'dir') user.makeDirectory(path);
    else if (text.startsWith('-> ')) inner.makeSymlink(text.slice(3), at(path));
    else {
      user.write(path, text);
      await inner.flushFiles([at(path)]);
      if (path.startsWith('move') || path.startsWith('swap') || path.startsWith('chain'))
        inner.setModifiedAt(at(path), remoteTimeNs);
    }
  }
  await inner.flushDirectories([root.root, at('sub')]);
  for (const path of Object.keys(before)) hold(world, path);
  const wanted = new Map(Object.entries(after));
  learn(world, wanted);
  return wanted;
}
