import { expect, it } from 'vitest';
import type { BaseRow } from '../model/base-row.ts';
import type { RelativePath } from '../model/path.ts';
import { seenOnDisk } from '../reconcile/testing/members.ts';
import { inWriteOrder } from './write-order.ts';

const directories = new Set(['d', 'd/e', 'was']);
const index = {
  base: (path: RelativePath) =>
    ({ observed: seenOnDisk(directories.has(path) ? 'directory' : 'file') }) as BaseRow,
};

it('writes what came, then what went from the depth up, then what took a directory’s place', () => {
  const gone = ['d', 'd/e', 'd/e/f', 'was/x'].map((path) => ({ path, observed: undefined }));
  const here = [
    { path: 'was', observed: seenOnDisk('file') },
    { path: 'new/file', observed: seenOnDisk('file') },
    { path: 'new', observed: seenOnDisk('directory') },
  ];
  const changes = [...gone, ...here] as unknown as Parameters<typeof inWriteOrder>[0];
  expect(inWriteOrder(changes, index)).toEqual(['new', 'new/file', 'was/x', 'd/e/f', 'd/e', 'd', 'was']);
});
