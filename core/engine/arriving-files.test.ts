import { expect, test } from 'vitest';
import type { PartFile } from '../apply/apply.ts';
import { DiskError, diskPath } from '../filesystem/filesystem.ts';
import { testBlock } from '../testing/index-device.ts';
import { createArrivingFiles } from './arriving-files.ts';

const { item, bytes } = testBlock('block', 100, 'film');
const spans = [{ start: 0, end: 100 }];
const part = (read: PartFile['read']): PartFile =>
  ({ read, spans: () => spans }) as Partial<PartFile> as PartFile;
const arrivingWith = (read: PartFile['read']) => {
  const files = createArrivingFiles();
  files.add(item.content, part(read));
  return files;
};

test('[TF27] a block that has come is given, and of another what has come of its file', () => {
  const files = arrivingWith((offset) => (offset === 0 ? bytes : undefined));
  expect(files.read(item)).toBe(bytes);
  expect(files.read({ ...item, offset: 100 })).toEqual({ spans });
  expect(files.read(testBlock('block', 100, 'another').item)).toBeUndefined();
  files.remove(item.content);
  expect(files.read(item)).toBeUndefined();
});

test('[TF27] nothing is told of a file on the way to its place, and a fault of the program is no such thing', () => {
  const moved = arrivingWith(() => {
    throw new DiskError('ENOENT', 'open', diskPath('/folder/.lockstep/staging/x.part'));
  });
  expect(moved.read(item)).toEqual({ spans: [] });
  const broken = arrivingWith(() => {
    throw new TypeError('a bug');
  });
  expect(() => broken.read(item)).toThrow('a bug');
});
