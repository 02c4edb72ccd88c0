/** Messages that honest devices send, the fullest ones among them. */
import { type DeviceKey, deviceKey, folderId, type Hash, hash, incarnationId } from '../../model/ids.ts';
import { encodeCutList, maxCutPositions } from '../cut-list.ts';
import type { PairMessage } from '../pair-messages.ts';
import type { Profile } from '../profile-messages.ts';
import { type Statement, trustLimits, type TrustMessage } from '../trust-messages.ts';

const key: DeviceKey = deviceKey('0a'.repeat(32));
export const ids = (count: number): Hash[] =>
  Array.from({ length: count }, (_, i) => hash(i.toString(16).padStart(64, '0')));
export const filled = (length: number): Uint8Array => new Uint8Array(length).fill(5);
const statement = (heads: number): Statement => ({
  device: key,
  counter: Number.MAX_SAFE_INTEGER,
  heads: ids(heads),
  signature: filled(64),
});

export const fullestCutList = encodeCutList(
  Array.from({ length: maxCutPositions }, (_, i) => ({
    folderId: folderId(i.toString(16).padStart(32, '0')),
    incarnation: incarnationId('ab'.repeat(8)),
    counter: Number.MAX_SAFE_INTEGER,
  })),
);
export const trustMessages: readonly TrustMessage[] = [
  {
    kind: 'hello',
    group: undefined,
    heads: [],
    nonce: filled(32),
    instance: filled(16),
    features: [],
    statement: undefined,
  },
  {
    kind: 'hello',
    group: ids(1)[0] as Hash,
    heads: ids(trustLimits.maxHeads),
    nonce: filled(32),
    instance: filled(16),
    features: Array.from({ length: trustLimits.maxFeatures }, (_, i) => i),
    statement: statement(trustLimits.maxHeads),
  },
  { kind: 'have', ids: ids(trustLimits.maxIdsInFrame), last: true },
  { kind: 'have', ids: [], last: false },
  { kind: 'ops', envelopes: Array.from({ length: trustLimits.maxOpsInFrame }, () => filled(4096)) },
  { kind: 'done', heads: ids(trustLimits.maxHeads) },
  {
    kind: 'statements',
    statements: Array.from({ length: trustLimits.maxStatementsInFrame }, () =>
      statement(trustLimits.maxHeads),
    ),
  },
  { kind: 'want-consent', transcript: ids(1)[0] as Hash },
  { kind: 'consent', transcript: ids(1)[0] as Hash, consent: filled(64) },
  { kind: 'want-cuts', hashes: ids(trustLimits.maxIdsInFrame) },
  { kind: 'cut', list: fullestCutList },
];

export const pairMessages: readonly PairMessage[] = [
  { kind: 'hello', method: 'invite', claimedName: '\u{1F600}'.repeat(64), ticket: filled(16) },
  { kind: 'hello', method: 'sas', claimedName: 'Anna-PC', ticket: undefined },
  { kind: 'hello', method: 'typed', claimedName: '', ticket: undefined },
  { kind: 'commitment', commitment: filled(32) },
  { kind: 'nonce', nonce: filled(32) },
  { kind: 'proof', proof: filled(32) },
  { kind: 'pending' },
  { kind: 'offer', group: ids(1)[0] as Hash, claimedName: 'Studio-Mac' },
  { kind: 'consent', consent: filled(64) },
  { kind: 'admitted', ops: 2 },
  { kind: 'refuse', reason: 'invitation-used' },
];

export const fullProfile: Profile = {
  deviceName: '\u{1F600}'.repeat(64),
  keyStorage: 'keyring',
  folders: Array.from({ length: 256 }, (_, i) => ({
    folderId: folderId(i.toString(16).padStart(32, '0')),
    name: 'x'.repeat(255),
    sends: i % 2 === 0,
    receives: i % 3 === 0,
    paused: i % 5 === 0,
  })),
};
