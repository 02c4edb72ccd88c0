import type { Manifest } from '../model/manifest.ts';
import type { Span } from '../model/span.ts';
import { keyAt, offsetsOf } from './part-sources.ts';

/** Chunks beside each other that are missing, and where in an earlier version of the file they were probably edited from. */
export interface EditedStretch {
  /** Chunk numbers, ascending. */
  readonly chunks: readonly number[];
  /** Bytes of the earlier version. */
  readonly from: Span;
}

/** LIMIT: bytes of one stretch, unless one chunk alone has more. */
const stretchBytes = 1024 * 1024;
/** LIMIT: how far bytes may have moved within what was edited and still be found. */
const slackBytes = 512 * 1024;
/** Of a stretch, what the earlier version has to have in its place to be worth looking through. */
const heldShare = 0.5;

/**
 * Where the `missing` chunks of `wanted` lie in `held`, as far as the chunks that both have in the same order tell: what lies between two of those here was edited from what lies between them there.
 * Stretches for which there is too little are left out.
 */
export function editedStretches(
  wanted: Manifest,
  missing: readonly number[],
  held: Manifest,
): readonly EditedStretch[] {
  const places = placesOf(held);
  const heldOffsets = [...offsetsOf(held), held.sizeBytes];
  const wantedOffsets = [...offsetsOf(wanted), wanted.sizeBytes];
  const isMissing = new Set(missing);
  const stretches: EditedStretch[] = [];
  /** Chunks missing since the last one that both have, and what follows that one in each. */
  let run: number[] = [];
  let wantedFrom = 0;
  let heldFrom = 0;
  const closeRun = (heldTo: number): void => {
    const region = { start: heldOffsets[heldFrom] as number, end: heldOffsets[heldTo] as number };
    for (const chunks of groupsOf(run, wanted)) {
      const start = wantedOffsets[chunks[0] as number] as number;
      const end = wantedOffsets[(chunks.at(-1) as number) + 1] as number;
      const shift = region.start - (wantedOffsets[wantedFrom] as number);
      const from = {
        start: Math.max(region.start, start + shift - slackBytes),
        end: Math.min(region.end, end + shift + slackBytes),
      };
      if (from.end - from.start >= (end - start) * heldShare) stretches.push({ chunks, from });
    }
    run = [];
  };
  for (let index = 0; index < wanted.sizes.length; index += 1) {
    if (isMissing.has(index)) {
      run.push(index);
      continue;
    }
    const place = places.get(keyAt(wanted, index))?.find((each) => each >= heldFrom);
    if (place === undefined) continue;
    closeRun(place);
    wantedFrom = index + 1;
    heldFrom = place + 1;
  }
  closeRun(held.sizes.length);
  return stretches;
}

/** Where each chunk stands, ascending. */
function placesOf(manifest: Manifest): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (let index = 0; index < manifest.sizes.length; index += 1) {
    const key = keyAt(manifest, index);
    const known = places.get(key);
    if (known === undefined) places.set(key, [index]);
    else known.push(index);
  }
  return places;
}

/** The chunks of a run in groups of neighbours. */
function groupsOf(run: readonly number[], { sizes }: Manifest): readonly (readonly number[])[] {
  const groups: number[][] = [];
  let bytes = 0;
  for (const index of run) {
    const size = sizes[index] as number;
    const last = groups.at(-1);
    if (last?.at(-1) === index - 1 && bytes + size <= stretchBytes) {
      last.push(index);
      bytes += size;
    } else {
      groups.push([index]);
      bytes = size;
    }
  }
  return groups;
}
