import path from 'node:path';
import { expect, test } from 'vitest';
import { readAppOptions } from './app-options.ts';

test('without arguments everything is as a person expects', () => {
  expect(readAppOptions(['electron', '.'])).toEqual({
    dataFolder: undefined,
    listen: [],
    discovery: true,
    hidden: false,
    keyPlain: false,
  });
});

test('arguments are read wherever they stand, and others are left to Electron', () => {
  const args = [
    'electron',
    '--no-sandbox',
    '.',
    '--data=here',
    '--listen=/a',
    '--hidden',
    '--key=plain',
    '--listen=/b',
    '--no-discovery',
  ];
  expect(readAppOptions(args)).toEqual({
    dataFolder: path.resolve('here'),
    listen: ['/a', '/b'],
    discovery: false,
    hidden: true,
    keyPlain: true,
  });
});
