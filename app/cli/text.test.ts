import { expect, test } from 'vitest';
import { type ErrorCode, SyncError } from '../../core/model/errors.ts';
import { failureText } from './text.ts';

/** Every code, by type. */
const codes: Readonly<Record<ErrorCode, true>> = {
  'bad-argument': true,
  'not-found': true,
  ambiguous: true,
  'already-exists': true,
  'directory-missing': true,
  'not-a-directory': true,
  'folder-inside-folder': true,
  'folder-elsewhere': true,
  'home-in-use': true,
  'home-unusable': true,
  'home-inside-folder': true,
  'not-running': true,
  'timed-out': true,
  'person-needed': true,
  'invitation-unreadable': true,
  'invitation-used': true,
  'invitation-refused': true,
  'pairing-refused': true,
  'already-in-group': true,
  'no-group': true,
  'not-member': true,
  unreachable: true,
  'key-unreadable': true,
  'key-exposed': true,
  'key-locked': true,
  'index-unreadable': true,
  'disk-failed': true,
  'no-space': true,
  'peer-misbehaved': true,
  'version-unsupported': true,
  'not-allowed': true,
  interrupted: true,
  internal: true,
};

/** Facts as they come, and none at all. */
const allFacts = [
  {},
  { what: 'device', text: 'abc', path: '/a', file: '/f', code: 'EIO', folder: 'Work', other: '/b' },
  { what: 'check' },
  { field: 'until', reason: 'no time' },
  { method: 'fly' },
  { address: 'x' },
];

test.each(Object.keys(codes) as ErrorCode[])('%s is told in whole sentences, whatever is known', (code) => {
  for (const facts of allFacts) {
    const { message, action } = failureText(new SyncError(code, facts));
    expect(message).toMatch(/^[A-Z].*[.]$/);
    expect(action).toMatch(/^([A-Z].*[.])?$/);
    expect(`${message} ${action}`).not.toMatch(/undefined|null|NaN| {2}\S|: ?\.|\n/);
  }
});

test('a sentence names what it is about', () => {
  const words = (code: ErrorCode, facts: Record<string, string>): string =>
    failureText(new SyncError(code, facts)).message;
  expect(words('not-found', { what: 'folder', text: 'Work' })).toBe('There is no folder Work here.');
  expect(words('directory-missing', { path: '/a/b' })).toBe('There is no directory /a/b.');
  expect(words('folder-inside-folder', { path: '/a/b', other: '/a' })).toContain('(/a)');
  expect(words('bad-argument', { what: 'device-key-check' })).toBe(
    'This is not a device key: a character is wrong, or two are swapped.',
  );
});
