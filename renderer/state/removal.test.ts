import { expect, test } from 'vitest';
import { deviceOf } from '../../app/testing/picture-of.ts';
import type { GroupEvent } from '../../app/ipc/contract.ts';
import { eventsOf, exclusionOf, hearersOf, unheardBy } from './removal.ts';

const removal = (facts: Partial<GroupEvent>): GroupEvent => ({
  id: 'r',
  at: null,
  kind: 'removed',
  by: 'NAS',
  devices: ['SELF'],
  how: 'stolen',
  counts: true,
  ...facts,
});
const self = (active: boolean) => deviceOf({ key: 'SELF', name: 'Laptop', state: 'self', active });
const nas = deviceOf({ key: 'NAS', name: 'NAS', state: 'offline' });

test('a device in its group is not out, whatever was tried', () => {
  expect(exclusionOf([self(true)], [removal({ counts: false })])).toBeUndefined();
});

test('a removed one is told by whom, when and why; of what does not count it is not', () => {
  const events = [removal({ at: '2026-03-05T12:00:00.000Z' }), removal({ by: 'Phone', counts: false })];
  expect(exclusionOf([self(false), nas], events)).toEqual({
    kind: 'removed',
    by: ['NAS'],
    isMutual: false,
    at: '2026-03-05T12:00:00.000Z',
    how: 'stolen',
  });
});

test('two that removed each other are both out', () => {
  const out = deviceOf({ key: 'NAS', name: 'NAS', state: 'revoked' });
  const events = [removal({ by: 'SELF', devices: ['NAS'] }), removal({})];
  expect(exclusionOf([self(false), out], events)).toMatchObject({ kind: 'removed', isMutual: true });
});

test('one that nobody removed and nobody vouches for is suspended', () => {
  expect(exclusionOf([self(false), nas], [])).toEqual({ kind: 'suspended' });
});

test('what concerns a device, who is to hear of its removal, and whom another has not heard of', () => {
  const old = deviceOf({ key: 'OLD', name: 'Old', state: 'revoked', notHeard: ['NAS'] });
  const events = [removal({}), removal({ by: 'OLD', devices: ['X'] }), removal({ devices: ['OLD'] })];
  expect(eventsOf(events, 'OLD').map(({ by }) => by)).toEqual(['OLD', 'NAS']);
  expect(hearersOf([self(true), nas, old], old)).toEqual([nas]);
  expect(unheardBy([self(true), nas, old], 'NAS')).toEqual([old]);
});
