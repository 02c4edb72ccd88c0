import { DiskError, type DiskPath } from './file-system.ts';
import type { MemoryDisk } from './memory-disk.ts';
import { isWithin, type MemoryNode } from './memory-tree.ts';

/** Renames, over what is at `to` or only where nothing is. */
export function moveName(disk: MemoryDisk, from: DiskPath, to: DiskPath, how: 'replace' | 'new'): void {
  const call = how === 'replace' ? 'rename' : 'renameNew';
  const source = disk.find(from, call);
  const { node } = source.found;
  const target = disk.place(to, call);
  disk.checkNewName(target, to, call);
  const present = target.found?.node;
  if (source.name === '' || disk.isMounted(node) || (present !== undefined && disk.isMounted(present))) {
    throw new DiskError('EBUSY', call, from);
  }
  if (node.device !== target.directory.device) throw new DiskError('EXDEV', call, from);
  if (node.kind === 'directory' && isWithin(target.directory, node))
    throw new DiskError('EINVAL', call, from);
  if (present !== undefined) {
    if (how === 'new') throw new DiskError('EEXIST', call, to);
    if (source.directory === target.directory && source.slot === target.slot) {
      // One slot: only the spelling changes.
      if (source.found.name !== target.name) disk.apply([disk.change(target, disk.named(target, node))]);
      return;
    }
    if (present === node) return;
    checkReplaceable(node, present, to);
  }
  disk.apply([disk.change(source, undefined), disk.change(target, disk.named(target, node))]);
}

/** Swaps what two names mean; false where the disk plays one that cannot. */
export function swapNames(disk: MemoryDisk, a: DiskPath, b: DiskPath): boolean {
  const first = disk.find(a, 'exchange');
  const second = disk.find(b, 'exchange');
  if (disk.options.exchange === false) return false;
  const [one, two] = [first.found.node, second.found.node];
  if (disk.isMounted(one) || disk.isMounted(two) || first.name === '' || second.name === '') {
    throw new DiskError('EBUSY', 'exchange', a);
  }
  if (one.device !== two.device) throw new DiskError('EXDEV', 'exchange', a);
  if (one === two) return true;
  const leadsIntoItself =
    (one.kind === 'directory' && isWithin(second.directory, one)) ||
    (two.kind === 'directory' && isWithin(first.directory, two));
  if (leadsIntoItself) throw new DiskError('EINVAL', 'exchange', a);
  disk.apply([
    disk.change(first, { name: first.found.name, node: two }),
    disk.change(second, { name: second.found.name, node: one }),
  ]);
  return true;
}

function checkReplaceable(node: MemoryNode, present: MemoryNode, to: DiskPath): void {
  if (node.kind !== 'directory') {
    if (present.kind === 'directory') throw new DiskError('EISDIR', 'rename', to);
    return;
  }
  if (present.kind !== 'directory') throw new DiskError('ENOTDIR', 'rename', to);
  if (present.names.size + present.unreadable.length > 0) throw new DiskError('ENOTEMPTY', 'rename', to);
}
