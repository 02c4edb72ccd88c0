import path from 'node:path';
import { expect, test } from 'vitest';
import { readAppOptions } from './app-options.ts';

test('without arguments everything is as a person expects', () => {
  expect(readAppOptions(['electron', '.'])).toEqual({
    dataFolder: undefined,
    listen: [],
    discovery: true,
    hidden: false,
    key: 'ask',
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
    key: 'plain',
  });
});

test('where the key is to be is one of two places, or left alone', () => {
  const keys = ['--key=keyring', '--key=plain', '--key=passphrase', '--key=', '--keyring'];
  expect(keys.map((arg) => readAppOptions([arg]).key)).toEqual(['keyring', 'plain', 'ask', 'ask', 'ask']);
});
