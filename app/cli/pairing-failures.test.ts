import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { SyncError } from '../../core/model/errors.ts';
import { pairingFailures } from '../testing/pairing-failures.ts';
import { failureText } from './text.ts';

const codeOfPairing = ['protocol/pair-messages.ts', 'trust/pair-channel.ts']
  .map((file) => fs.readFileSync(path.join(import.meta.dirname, '../../core', file), 'utf8'))
  .join('\n');

/** The quoted words of a list in the source of `core`, which tells them to nobody outside of it. */
function listed(list: RegExp): readonly string[] {
  const [, source = ''] = list.exec(codeOfPairing) ?? [];
  return [...source.matchAll(/'([\w-]+)'/g)].map(([, word = '']) => word);
}

test('no refusal of another device, and no end of a pairing, is missing among the failures', () => {
  const refusals = listed(/const refusals = \[(.*?)\]/s);
  const ends = listed(/type PairingEnd =(.*?);/s);
  expect(refusals).toContain('closed');
  expect(ends).toContain('declined-here');
  const told = (code: string): readonly (string | undefined)[] =>
    pairingFailures.filter((failure) => failure.code === code).map(({ what }) => what);
  // These two have a code of their own, whatever was tried.
  const ofTheirOwn = ['invitation-used', 'version'];
  const reasons = refusals.filter((reason) => !ofTheirOwn.includes(reason));
  expect(told('invitation-refused')).toEqual(expect.arrayContaining([...reasons]));
  const byDigits = reasons.filter((reason) => reason !== 'wrong-proof');
  expect(told('pairing-refused')).toEqual(expect.arrayContaining([...byDigits, ...ends]));
});

test.each(pairingFailures)('the command says what is so and what to do: $code $what', ({ code, what }) => {
  const { message, action } = failureText(new SyncError(code, what === undefined ? {} : { what }));
  expect(message).toMatch(/^[A-Z].*\.$/);
  expect(message).not.toContain(`(${what})`);
  expect(action).toMatch(/^[A-Z].*\.$/);
});
