import { describe, expect, test } from 'vitest';
import { antichainDigest, contentDigest, stateDigest } from './digests.ts';
import { path, sampleFolder, sampleHash, sampleIncarnation } from './testing/samples.ts';
import { createMerkleTrie } from './trie.ts';
import { createTrieKeys } from './trie-key.ts';

const rootOf = (count: number): string => {
  const trie = createMerkleTrie();
  const keyOf = createTrieKeys(sampleFolder);
  for (let i = 0; i < count; i++) {
    trie.set(keyOf(path(`top${i % 3}/file ${i}`)), { digest: sampleHash(String(i)), row: i });
  }
  return trie.root();
};

describe('what devices compare', () => {
  test('[FI1] roots', () => {
    expect([0, 1, 64, 65, 1000].map(rootOf)).toMatchInlineSnapshot(`
      [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "0fe3fa082550064957c288c670604e8ed3eb59f500740dfbc5b894f3ee076c5e",
        "6f4e0a78202a70ccb5244b116bc6dd3d19d167c286d2dea8e668e1f7fd73e9ef",
        "6b679a6b6a043d68c90aed0baf9aea3a475b88c4899dd0b2dcadc31993d7cf3d",
        "b2ce3e6099d6f4621d4f0db002b386d7f10f51642dc4a0a6e7a8357d6ec548ed",
      ]
    `);
  });

  test('[FI6] the digest of an antichain', () => {
    expect(antichainDigest([sampleHash('a'), sampleHash('b')])).toMatchInlineSnapshot(
      `"37da81eb0c9b53503bb62a7dd35adc755232191bca2b22c8e1ce88956121eda3"`,
    );
  });

  test('[FI30] the root of a state with a floor', () => {
    const floor = [
      { incarnation: sampleIncarnation('a'), counter: 7 },
      { incarnation: sampleIncarnation('b'), counter: 1_700_000_000_000 },
    ];
    expect(stateDigest(sampleHash('root'), [])).toBe(sampleHash('root'));
    expect(stateDigest(sampleHash('root'), floor)).toMatchInlineSnapshot(
      `"af142f564858514bbdc623b4e9b07b2b21dfcac7d40c99e451e22e2586822e95"`,
    );
  });

  test('[FI7] keys', () => {
    const keyOf = createTrieKeys(sampleFolder);
    expect([keyOf(path('docs')), keyOf(path('docs/é.txt'))]).toMatchInlineSnapshot(`
      [
        "46b42b42bb727186d497f53965bef71cda014b6e",
        "46b42b42ea6a13071e815bf0ea51ad2685c2fd98",
      ]
    `);
  });

  test('[FI15] the digests of contents', () => {
    const digests = [
      contentDigest({ kind: 'file', content: sampleHash('bytes'), sizeBytes: 5 }),
      contentDigest({ kind: 'symlink', target: '../elsewhere' }),
      contentDigest({ kind: 'directory' }),
    ];
    expect(digests).toMatchInlineSnapshot(`
      [
        "1ae4fe26d6102e8e2eef132a47e1ab133722ff9c3207a90e720ba425d9d2ebbc",
        "de9fb134ec59d0426abf8f2a4dadc7df1008fd0a9c58f1bc60c22c2a184eeb38",
        "a7397bd8c6c6d0b1d0c66698928797cbfc31082bb98ec6436a7928a7cae7bddf",
      ]
    `);
  });
});
