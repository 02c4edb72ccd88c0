import assert from 'node:assert/strict';
import { blockHash } from '../../chunker/chunker.ts';
import { joinDisk } from '../../filesystem/filesystem.ts';
import { type ApplyWorld, textAt } from './apply-world.ts';
import { mayShow, storyPaths } from './story.ts';

/** Each path shows what stood there or what is wanted, never a mixture, never nothing where something is on both sides. */
export function checkOldOrNew(
  world: ApplyWorld,
  kind: { readonly canReplace: boolean },
  moment: string,
): void {
  const tree = world.user.tree();
  for (const path of storyPaths) {
    if (!mayShow(path, kind).includes(tree.get(path))) {
      throw new Error(`${moment}: ${path} shows ${JSON.stringify(tree.get(path))}`);
    }
  }
}

/** Whether a text is somewhere a user can get it back from: in the folder, or in the version store. */
export function isSomewhere({ user }: ApplyWorld, text: string): boolean {
  return [...user.tree().values(), ...user.store().values()].includes(text);
}

/** Every row of a kept version names a file that is there, holds what the row says, and shares its inode with nothing. */
export function checkVersions({ index, inner, root, user }: ApplyWorld, moment: string): void {
  const named = new Set<string>();
  for (const { storedName, content, path } of index.versions(0, 10_000)) {
    if (storedName === undefined) throw new Error(`${moment}: a version of ${path} without a name`);
    named.add(storedName);
    const at = root.versionAt(storedName);
    const text = textAt(inner, at);
    if (text === undefined) throw new Error(`${moment}: the version of ${path} is not there`);
    const isRight =
      content.kind === 'file'
        ? content.content === blockHash(Buffer.from(text))
        : content.kind === 'symlink' && text === `-> ${content.target}`;
    if (!isRight) throw new Error(`${moment}: the version of ${path} is ${JSON.stringify(text)}`);
    if ((inner.look(at)?.links ?? 0) > 1)
      throw new Error(`${moment}: the version of ${path} shares its inode`);
  }
  for (const name of user.store().keys()) {
    if (
      !named.has(name) &&
      !name.includes('/') &&
      inner.look(joinDisk(root.versions, name))?.kind !== 'directory'
    ) {
      throw new Error(`${moment}: ${name} in the version store has no row`);
    }
  }
}

/** Nothing is left in the staging directory, and no commit is under way. */
export function checkTidy({ index, inner, root }: ApplyWorld, moment: string): void {
  assert.deepEqual(inner.list(root.staging), [], moment);
  assert.deepEqual(index.intents(), [], moment);
}
