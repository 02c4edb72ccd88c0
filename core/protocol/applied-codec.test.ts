import { describe, expect, test } from 'vitest';
import { bytesToHex } from '../base/pure.ts';
import { deviceKey, folderId, hash, incarnationId } from '../model/ids.ts';
import { appliedDigest, appliedSigningBytes } from './applied-codec.ts';

const group = hash('11'.repeat(32));
const folder = folderId('22'.repeat(16));
const word = {
  device: deviceKey('33'.repeat(32)),
  serial: 1_700_000_000_000,
  applied: [{ incarnation: incarnationId('44'.repeat(8)), counter: 5 }],
};

describe('words on what disks have shown', () => {
  test('[PR19] are signed in one form for each group, folder, device, serial and content', () => {
    const signed = (change: object, inGroup = group, of = folder): string =>
      bytesToHex(appliedSigningBytes(inGroup, of, { ...word, ...change }));
    const all = [
      signed({}),
      signed({ device: deviceKey('55'.repeat(32)) }),
      signed({ serial: 1 }),
      signed({ applied: [] }),
      signed({ applied: undefined }),
      signed({}, hash('66'.repeat(32))),
      signed({}, group, folderId('77'.repeat(16))),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(all[0]).toMatchInlineSnapshot(
      `"6c6f636b73746570206170706c69656420310a86582011111111111111111111111111111111111111111111111111111111111111115022222222222222222222222222222222582033333333333333333333333333333333333333333333333333333333333333331b0000018bcfe5680001818248444444444444444405"`,
    );
  });

  test('[PR19] have a digest that tells sets apart, whatever their order', () => {
    const other = { device: deviceKey('55'.repeat(32)), serial: 1 };
    expect(appliedDigest([])).toBeUndefined();
    expect(appliedDigest([word, other])).toBe(appliedDigest([other, word]));
    expect(appliedDigest([word, { ...other, serial: 2 }])).not.toBe(appliedDigest([word, other]));
    expect(appliedDigest([word])).toMatchInlineSnapshot(
      `"079c19b335b20b9df43853b9f211fc32ae5c67ee37670e4e769f301977edb139"`,
    );
  });
});
