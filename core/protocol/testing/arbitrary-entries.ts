/** Any entry that a device could write. */
import fc from 'fast-check';
import { bytesToHex } from '../../base/pure.ts';
import type { Entry } from '../../model/entry.ts';
import { hash, hashPrefix, incarnationId } from '../../model/ids.ts';
import { extendPast, joinVectors } from '../../model/past.ts';
import { relativePath } from '../../model/path.ts';

const hexId = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(bytesToHex);
const counter = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const dot = fc.record({ incarnation: hexId(8).map(incarnationId), counter });
const name = fc
  .string({ minLength: 1, maxLength: 20, unit: 'binary' })
  .map((text) => text.normalize('NFC').replaceAll(/[/\0]/g, '_'))
  .filter((text) => text !== '.' && text !== '..' && text.isWellFormed() && text.length > 0);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => relativePath(names.join('/')));
const common = fc
  .record({
    path,
    dot,
    vector: fc.array(dot, { maxLength: 5 }),
    unseen: fc.array(dot, { maxLength: 5 }),
    changedAt: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    from: fc.array(hexId(8).map(hashPrefix), { maxLength: 16 }),
    found: fc.boolean(),
  })
  .map(({ vector, unseen, ...rest }) => {
    const past = extendPast({ vector: joinVectors(vector, []), except: [] }, rest.dot, unseen);
    return { ...rest, past };
  });
const modifiedAtNs = fc.bigInt({ min: -9_223_372_035_000_000_000n, max: 9_223_372_035_999_999_999n });
export const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc
    .tuple(
      common,
      fc.record({
        sizeBytes: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
        executable: fc.boolean(),
        modifiedAtNs,
        content: hexId(32).map(hash),
      }),
    )
    .map(([rest, file]) => ({ ...rest, kind: 'file' as const, file })),
  common.map((rest) => ({ ...rest, kind: 'directory' as const })),
  fc
    .tuple(common, name)
    .map(([rest, target]) => ({ ...rest, kind: 'symlink' as const, symlink: { target: `../${target}` } })),
  common.map((rest) => ({ ...rest, kind: 'tombstone' as const })),
  fc.tuple(common, path).map(([rest, movedTo]) => ({ ...rest, kind: 'tombstone' as const, movedTo })),
);
