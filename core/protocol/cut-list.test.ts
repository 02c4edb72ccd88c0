import { expect, test } from 'vitest';
import { bytesToHex } from '../base/pure.ts';
import { SyncError } from '../model/errors.ts';
import { folderId, incarnationId } from '../model/ids.ts';
import { encodeCanonical } from './cbor.ts';
import { type CutPosition, cutListHash, decodeCutList, encodeCutList, maxCutPositions } from './cut-list.ts';

const position = (folder: number, incarnation: number, counter: number): CutPosition => ({
  folderId: folderId(folder.toString(16).padStart(32, '0')),
  incarnation: incarnationId(incarnation.toString(16).padStart(16, '0')),
  counter,
});
const filled = (length: number, byte = 5): Uint8Array => new Uint8Array(length).fill(byte);

function faultOf(bytes: Uint8Array): unknown {
  try {
    return decodeCutList(bytes).length;
  } catch (error) {
    return error instanceof SyncError && error.code === 'peer-misbehaved' ? error.facts.what : error;
  }
}

test('[PR18] a list has one form, whatever order it is given in, and its name never changes', () => {
  const list = [position(1, 2, 7), position(1, 1, 9), position(0, 3, 1)];
  const bytes = encodeCutList(list);
  expect(encodeCutList(list.toReversed())).toEqual(bytes);
  expect(decodeCutList(bytes)).toEqual([list[2], list[1], list[0]]);
  const at = (folder: string, incarnation: string, counter: string): string =>
    `8350${folder.padStart(32, '0')}48${incarnation.padStart(16, '0')}${counter}`;
  expect(bytesToHex(bytes)).toBe(`83${at('0', '3', '01')}${at('1', '1', '09')}${at('1', '2', '07')}`);
  expect(cutListHash(bytes)).toBe('f407b0cafdba12f4876383be9fd43498f536aaafbc78f78f538772c6820a82b5');
});

test.each([
  [
    'another order',
    [
      [filled(16), filled(8, 2), 1],
      [filled(16), filled(8, 1), 1],
    ],
    'cut-list',
  ],
  [
    'an incarnation twice',
    [
      [filled(16), filled(8), 1],
      [filled(16), filled(8), 2],
    ],
    'cut-list',
  ],
  ['a counter of nothing', [[filled(16), filled(8), 0]], 'cut-counter'],
  ['a short folder', [[filled(15), filled(8), 1]], 'cut-folder'],
  ['a short incarnation', [[filled(16), filled(7), 1]], 'cut-incarnation'],
  ['a field too many', [[filled(16), filled(8), 1, 1]], 'cut-position'],
  ['no list', 3, 'cut-list'],
] as const)('[PR18] refuses %s', (_says, value, fault) => {
  expect(faultOf(encodeCanonical(value))).toBe(fault);
});

test('[PR18] refuses a list over its limit', () => {
  const list = Array.from({ length: maxCutPositions + 1 }, (_, i) => position(i, 1, 1));
  expect(faultOf(encodeCutList(list.slice(1)))).toBe(maxCutPositions);
  expect(faultOf(encodeCutList(list))).toBe('cbor-too-many-items');
  expect(faultOf(filled(49 * 1024))).toBe('cbor-too-long');
});
