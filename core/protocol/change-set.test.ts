import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, hexToBytes } from '../base/pure.ts';
import { deviceKey, folderId, type Hash } from '../model/ids.ts';
import {
  changeSetId,
  changeSetTree,
  checkProof,
  proofLength,
  signChangeSet,
  type VerifySignature,
  verifyChangeSet,
} from './change-set.ts';

const folder = folderId('0f'.repeat(16));
const otherFolder = folderId('f0'.repeat(16));
const author = deviceKey('a1'.repeat(32));
const sha = (...parts: (Uint8Array | string)[]): Buffer => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
};
const seal = (key: string, bytes: Uint8Array): Uint8Array => concatBytes([sha(key, bytes), sha(bytes, key)]);
const verify: VerifySignature = (signature, bytes, key) => Buffer.compare(signature, seal(key, bytes)) === 0;
const hashesOf = (count: number): Hash[] =>
  Array.from({ length: count }, (_, i) => sha(`entry ${i}`).toString('hex') as Hash);
const sign = (count: number) =>
  signChangeSet({ folderId: folder, author, hashes: hashesOf(count), sign: (bytes) => seal(author, bytes) });

/** The definition in RFC 6962, section 2.1, word for word. */
function rfcRoot(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 1) return sha(Uint8Array.of(0), leaves[0] as Uint8Array);
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return sha(Uint8Array.of(1), rfcRoot(leaves.slice(0, half)), rfcRoot(leaves.slice(half)));
}

describe('change sets', () => {
  test('[PR13] the tree is that of RFC 6962', () => {
    for (const count of [1, 2, 3, 5, 8, 11, 64, 65, 1023, 1024]) {
      const leaves = hashesOf(count).map(hexToBytes);
      expect(changeSetTree(concatBytes(leaves)).root).toBe(rfcRoot(leaves).toString('hex'));
    }
  });

  test('[PR13] every entry has a proof, which fits no other place, entry or set', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), fc.nat(), (count, at, elsewhere) => {
        const hashes = hashesOf(count);
        const set = sign(count);
        const position = at % count;
        const proof = changeSetTree(set.hashes).proofFor(position);
        expect(proof.length).toBe(proofLength(count, position));
        expect(checkProof(set, position, hashes[position] as Hash, proof)).toBe(true);
        const wrong = elsewhere % count;
        expect(checkProof(set, wrong, hashes[position] as Hash, proof)).toBe(wrong === position);
        expect(checkProof(set, position, hashes[wrong] as Hash, proof)).toBe(wrong === position);
        expect(checkProof(set, count, hashes[position] as Hash, proof)).toBe(false);
        expect(
          checkProof(
            set,
            position,
            hashes[position] as Hash,
            concatBytes([proof, proof, new Uint8Array(32)]),
          ),
        ).toBe(false);
        const damaged = proof.map((byte, i) => (i === elsewhere % proof.length ? byte ^ 1 : byte));
        expect(checkProof(set, position, hashes[position] as Hash, damaged)).toBe(count === 1);
      }),
    );
  });

  test('[PR14] the signature binds folder, author, count and root', async () => {
    const set = sign(5);
    await expect(verifyChangeSet(set, folder, verify)).resolves.toBe(set.id);
    expect(changeSetId(set, folder)).toBe(set.id);
    await expect(verifyChangeSet({ ...set, hashes: undefined }, folder, verify)).resolves.toBe(set.id);
    const lies = [
      verifyChangeSet(set, otherFolder, verify),
      verifyChangeSet({ ...set, author: deviceKey('b2'.repeat(32)) }, folder, verify),
      verifyChangeSet({ ...set, count: 4, hashes: undefined }, folder, verify),
      verifyChangeSet({ ...set, root: sign(6).root, hashes: undefined }, folder, verify),
      verifyChangeSet({ ...set, hashes: sign(6).hashes.subarray(0, 160) }, folder, verify).then(() =>
        verifyChangeSet({ ...set, hashes: sign(5).hashes.toReversed() }, folder, verify),
      ),
      verifyChangeSet({ ...set, hashes: set.hashes.subarray(32) }, folder, verify),
    ];
    for (const lie of lies) await expect(lie).rejects.toMatchObject({ code: 'peer-misbehaved' });
  });
});
